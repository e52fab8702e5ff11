using OrderClosr.Ground.Outbound;

namespace OrderClosr.Privacy;

/// <summary>Somebody the server sends data to. Words <c>policy.to_KEY</c> (who), <c>_data</c> (what), <c>_why</c> (what for) and <c>_where</c> (country).</summary>
/// <param name="Vendors">Whose calls they are in the outbound list (<see cref="OutboundRule.Vendor"/>).</param>
public sealed record Processor(string Key, IReadOnlyList<string> Vendors);

/// <summary>Everybody the server may talk to. The outbound list is what is enforced (promise P9); here it has names people know.</summary>
public static class Processors
{
    public static IReadOnlyList<Processor> All { get; } =
    [
        new("meta", ["meta"]),
        new("claude", ["claude"]),
        new("google", ["google"]),
        new("couriers", ["yalidine", "zr-express", "procolis", "ecotrack", "maystro", "noest"]),
        new("chargily", ["chargily"]),
        new("hooks", ["hooks"]),
        new("sentry", ["sentry"]),
        new("mail", ["smtp"]),
    ];

    /// <summary>Those this server is set up to talk to: without a setting for Sentry or letters it cannot.</summary>
    public static IReadOnlyList<Processor> Of(OutboundGate gate) => [.. All.Where(p => gate.Rules.Any(r => p.Vendors.Contains(r.Vendor)))];
}
