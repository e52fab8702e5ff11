using System.Text.RegularExpressions;
using OrderClosr.Ground.Outbound;
using Sentry;
using Sentry.Protocol;

namespace OrderClosr.Vendors.Sentry;

/// <summary>Makes a new event out of what is allowed to leave; what nobody allowed is not there to be forgotten.</summary>
/// <remarks>Allowed: kinds of exceptions and the places in our code where they rose, the level, the logger's name, the words of our own log templates
/// without their values, the route's template, the kind of a job. An exception's message is not: it repeats what a parser or a database choked on.</remarks>
internal sealed partial class SentryScrubber(SentryScanner scanner, IEnumerable<EndpointDataSource> endpoints)
{
    internal const string Redacted = "[redacted]";

    /// <summary>Exceptions whose words are written by us for a person and name nobody; patterns are looked for in them all the same.</summary>
    private static readonly string[] Spoken = [typeof(VendorFailure).FullName!];

    // Where our own words begin: other libraries put values into theirs.
    private const string Ours = "OrderClosr.";

    internal SentryEvent Clean(SentryEvent told)
    {
        var isOurs = told.Logger?.StartsWith(Ours, StringComparison.Ordinal) == true;
        var clean = new SentryEvent
        {
            Level = told.Level, Platform = told.Platform, Environment = told.Environment, Release = told.Release, ServerName = told.ServerName,
            Logger = told.Logger is { } logger ? scanner.Redact(logger) : null,
            Message = isOurs && told.Message?.Message is { } template ? new() { Message = scanner.Redact(template) } : null,
            TransactionName = told.TransactionName is { } name && IsRoute(name) ? name : null,
            SentryExceptions = told.SentryExceptions?.Select(Clean).ToList(),
        };
        if (told.Tags.GetValueOrDefault("Kind") is { } kind && Kind().IsMatch(kind)) clean.SetTag("kind", kind);
        // Types and places, as our own logs have them.
        if (isOurs && told.Tags.GetValueOrDefault("Fault") is { } fault) clean.SetExtra("fault", scanner.Redact(fault));
        foreach (var crumb in told.Breadcrumbs.Select(Clean).OfType<Breadcrumb>()) clean.AddBreadcrumb(crumb);
        return clean;
    }

    /// <summary>What happened before, as names alone: which logger, how loud, which method.</summary>
    internal static Breadcrumb? Clean(Breadcrumb told)
    {
        var data = (told.Data ?? new Dictionary<string, string>()).Where(d => d.Key is "method" or "status_code" && Short().IsMatch(d.Value)).ToDictionary(d => d.Key, d => d.Value);
        var category = told.Category is { } name && Name().IsMatch(name) ? name : null;
        return new("", told.Type is "http" or "navigation" or "default" ? told.Type : "default", data, category, told.Level);
    }

    private SentryException Clean(SentryException told) => new()
    {
        Type = told.Type, Module = told.Module, ThreadId = told.ThreadId,
        Value = told.Type is { } type && Spoken.Contains(type) && told.Value is { } words ? scanner.Redact(words) : Redacted,
        Mechanism = told.Mechanism is { } how ? new() { Type = Name().IsMatch(how.Type) ? how.Type : "generic", Handled = how.Handled, ExceptionId = how.ExceptionId, ParentId = how.ParentId } : null,
        Stacktrace = told.Stacktrace is { } stack ? new SentryStackTrace { Frames = [.. stack.Frames.Select(Clean)] } : null,
    };

    private static SentryStackFrame Clean(SentryStackFrame told) => new()
    {
        Function = told.Function, Module = told.Module, Package = told.Package, LineNumber = told.LineNumber, InApp = told.InApp,
        FileName = told.FileName is { } file ? file[(file.LastIndexOfAny(['/', '\\']) + 1)..] : null,
    };

    /// <summary>True for <c>GET /w/{workspace}/orders/{id}</c>: an address with its values would name an order, a customer, a phone.</summary>
    private bool IsRoute(string name)
    {
        var pattern = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim('/');
        return endpoints.SelectMany(e => e.Endpoints).OfType<RouteEndpoint>().Any(e => e.RoutePattern.RawText?.Trim('/') == pattern);
    }

    [GeneratedRegex("^[a-z_]{1,60}$")]
    private static partial Regex Kind();

    [GeneratedRegex("^[A-Za-z0-9]{1,7}$")]
    private static partial Regex Short();

    [GeneratedRegex("^[A-Za-z_.`+<>]{1,160}$")]
    private static partial Regex Name();
}
