using System.Collections.Concurrent;
using System.Globalization;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Api;

/// <summary>How many requests a key may send a minute; each answer says what is left (<c>RateLimit-Limit, -Remaining, -Reset</c>).</summary>
/// <remarks>Per process: a fair-use limit, not an account.</remarks>
public sealed class ApiRates(IConfiguration settings, TimeProvider time)
{
    private readonly int _perMinute = settings.GetValue("Api:PerMinute", 600);
    private readonly ConcurrentDictionary<Id<ApiKey>, Window> _windows = new();

    internal async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var now = time.GetUtcNow();
        var window = _windows.GetOrAdd(http.ApiKeyId(), _ => new());
        var (left, reset) = window.Take(now, _perMinute);
        var headers = http.Response.Headers;
        headers["RateLimit-Limit"] = _perMinute.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = Math.Max(0, left).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
        if (left >= 0) return await next(context);
        headers.RetryAfter = reset.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(new Refusal("too_many_requests", $"At most {_perMinute} requests a minute."), StatusCodes.Status429TooManyRequests);
    }

    private sealed class Window
    {
        private readonly Lock _lock = new();
        private long _minute;
        private int _used;

        internal (int Left, int Reset) Take(DateTimeOffset now, int most)
        {
            lock (_lock)
            {
                var seconds = now.ToUnixTimeSeconds();
                if (seconds / 60 != _minute) (_minute, _used) = (seconds / 60, 0);
                if (_used <= most) _used++;
                return (most - _used, (int)(60 - seconds % 60));
            }
        }
    }
}
