using System.Threading.RateLimiting;

namespace OrderClosr.Workspaces;

/// <summary>How often one address may try passwords: <c>SignIn:PerMinute</c>, 30 unless set; beyond it 429.</summary>
/// <remarks>Not the middleware of the framework: that one keeps a timer for each app of a process until the process ends.</remarks>
internal sealed class PasswordDoor(IConfiguration settings) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limits = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetSlidingWindowLimiter(http.Connection.RemoteIpAddress?.ToString() ?? "", _ =>
            new SlidingWindowRateLimiterOptions { PermitLimit = settings.GetValue("SignIn:PerMinute", 30), Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 }));

    internal static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        using var permit = http.RequestServices.GetRequiredService<PasswordDoor>()._limits.AttemptAcquire(http);
        return permit.IsAcquired ? await next(context) : Results.StatusCode(StatusCodes.Status429TooManyRequests);
    }

    public void Dispose() => _limits.Dispose();
}
