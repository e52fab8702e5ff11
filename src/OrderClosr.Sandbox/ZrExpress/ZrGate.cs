using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Stands before every call: tenant and key, the limit when one is switched on, and refusals in ZR's shape (facts: zr-express.md section A1).</summary>
public sealed class ZrGate(ZrCourier courier) : IEndpointFilter
{
    private static readonly RateWindow[] Counted = [new("minute", TimeSpan.FromMinutes(1), int.MaxValue), new("hour", TimeSpan.FromHours(1), int.MaxValue)];

    /// <summary>The account of a call that has passed.</summary>
    public static CourierAccount AccountOf(HttpContext http) => (CourierAccount)http.Items[typeof(ZrGate)]!;

    /// <summary>The body as an object; anything else is a 400.</summary>
    private static async Task<JsonObject> BodyAsync(HttpContext http) =>
        await CourierJson.BodyAsync(http.Request) as JsonObject ?? throw ZrProblem.Fields(("$", "The request body is not a valid JSON object."));

    /// <summary>Maps a call with a JSON body. The answer is written here: of a lambda that takes the context alone the result would be dropped.</summary>
    public static void Map(RouteGroupBuilder api, string method, string path, Func<HttpContext, JsonObject, IResult> answer)
    {
        RequestDelegate written = async http => await answer(http, await BodyAsync(http)).ExecuteAsync(http);
        api.MapMethods(path, [method], written);
    }

    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            var bearer = http.Request.Headers.Authorization.ToString();
            var key = http.Request.Headers["X-Api-Key"].ToString() is { Length: > 0 } own ? own : bearer.StartsWith("Bearer ", StringComparison.Ordinal) ? bearer[7..] : "";
            CourierAccount? account;
            lock (courier.Gate) account = courier.AccountOf(key);
            if (account is null || !string.Equals(account.Id, http.Request.Headers["X-Tenant"], StringComparison.OrdinalIgnoreCase) || courier.IsDead(account))
                throw new ZrProblem(401, "Authentication.Unauthorized", "The tenant or the API key is not valid.");
            http.Items[typeof(ZrGate)] = account;

            // No limit is published; 45 a minute is what one client keeps to.
            var limit = courier.Vendor.Faults.Value("rate-limit") is { } value ? int.TryParse(value, CultureInfo.InvariantCulture, out var n) ? n : 45 : int.MaxValue;
            var count = courier.Rates.Count(account.Id, [Counted[0] with { Limit = limit }, Counted[1]]);
            if (count.IsRefused)
            {
                http.Response.Headers.RetryAfter = ((int)Math.Ceiling(count.Wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                throw new ZrProblem(429, "RateLimit.Exceeded", "Too many requests.");
            }
            return await next(context);
        }
        catch (ZrProblem problem)
        {
            return problem.Answer(http, courier);
        }
    }
}
