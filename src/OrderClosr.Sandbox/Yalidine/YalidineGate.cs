using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>Stands before every call: who it is, and how many calls are left (facts: yalidine.md section 1).</summary>
public sealed class YalidineGate(YalidineCourier courier, TimeProvider time) : IEndpointFilter
{
    private static readonly RateWindow[] Windows =
        [new("second", TimeSpan.FromSeconds(1), 5), new("minute", TimeSpan.FromMinutes(1), 50), new("hour", TimeSpan.FromHours(1), 1_000), new("day", TimeSpan.FromDays(1), 10_000)];

    private static readonly RateWindow[] Unlimited = [.. Windows.Select(w => w with { Limit = int.MaxValue })];

    // The vendor disables a key that keeps overrunning, for growing periods; ten refusals within an hour are invented as the measure.
    private const int MostOverruns = 10;
    private readonly Dictionary<string, (List<DateTimeOffset> Overruns, DateTimeOffset Until, int Times)> _overruns = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Forgets who overran.</summary>
    public void Forget() { lock (_lock) _overruns.Clear(); }

    /// <summary>The account of a call that has passed.</summary>
    public static CourierAccount AccountOf(HttpContext http) => (CourierAccount)http.Items[typeof(YalidineGate)]!;

    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var faults = courier.Vendor.Faults;
        CourierAccount? account;
        lock (courier.Gate) account = courier.AccountOf(http.Request.Headers["X-API-TOKEN"]);
        if (account is null || account.Id != http.Request.Headers["X-API-ID"] || courier.IsDead(account))
        {
            var status = int.TryParse(faults.Value("bad-credentials"), CultureInfo.InvariantCulture, out var other) ? other : 401;
            return Refuse(status, status == 500 ? "Internal server error" : "Unauthorized: the API id or token is not valid");
        }
        http.Items[typeof(YalidineGate)] = account;

        var free = faults.IsOn("no-limits");
        var now = time.GetUtcNow();
        lock (_lock)
            if (!free && _overruns.TryGetValue(account.Id, out var known) && known.Until > now)
                return TooMany(http, known.Until - now, [0, 0, 0, 0], "This API key is disabled for a while: too many calls");
        var count = courier.Rates.Count(account.Id, free ? Unlimited : Windows);
        if (count.IsRefused)
        {
            Overrun(account.Id, now);
            return TooMany(http, count.Wait, count.Left, "Too many requests");
        }
        Headers(http, count.Left);
        return await next(context);
    }

    /// <summary>A refusal that is not about one parcel.</summary>
    public static IResult Refuse(int status, string words) => Results.Text(new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = words } }.ToJsonString(CourierJson.Relaxed), "application/json", statusCode: status);

    private IResult TooMany(HttpContext http, TimeSpan wait, IReadOnlyList<int> left, string words)
    {
        Headers(http, left);
        if (courier.Vendor.Faults.Value("retry-after") != "absent") http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Refuse(429, words);
    }

    // Documented with "x-", seen live without (facts: yalidine.md section 10 row 7).
    private void Headers(HttpContext http, IReadOnlyList<int> left)
    {
        var spelling = courier.Vendor.Faults.Value("quota-headers");
        for (var i = 0; i < Windows.Length; i++)
        {
            var (name, value) = (Windows[i].Name + "-quota-left", left[i].ToString(CultureInfo.InvariantCulture));
            if (spelling is not "x") http.Response.Headers[name] = value;
            if (spelling is "x" or "both") http.Response.Headers["x-" + name] = value;
        }
    }

    private void Overrun(string account, DateTimeOffset now)
    {
        lock (_lock)
        {
            var (overruns, until, times) = _overruns.TryGetValue(account, out var known) ? known : ([], default, 0);
            overruns.RemoveAll(at => now - at > TimeSpan.FromHours(1));
            overruns.Add(now);
            if (overruns.Count >= MostOverruns)
            {
                overruns.Clear();
                times++;
                until = now + TimeSpan.FromMinutes(5 * Math.Pow(2, times - 1));
            }
            _overruns[account] = (overruns, until, times);
        }
    }
}
