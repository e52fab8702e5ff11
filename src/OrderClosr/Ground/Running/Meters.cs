using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrderClosr.Ground.Running;

/// <summary>What the engine counts: kinds and states only, never an id, a word or an amount.</summary>
internal static class Meters
{
    internal const string Name = "OrderClosr";

    private static readonly Meter Meter = new(Name);

    /// <summary>Spans of the engine's own work.</summary>
    internal static readonly ActivitySource Work = new(Name);

    internal static readonly Counter<long> EventsStored = Meter.CreateCounter<long>("orderclosr.events.stored", description: "Webhook deliveries stored");
    internal static readonly Counter<long> EventsRefused = Meter.CreateCounter<long>("orderclosr.events.refused", description: "Deliveries answered 503 because the queue was full or the database away");
    internal static readonly Counter<long> EventsRead = Meter.CreateCounter<long>("orderclosr.events.read", description: "Deliveries read into rows, by end state");
    internal static readonly Counter<long> JobsEnded = Meter.CreateCounter<long>("orderclosr.jobs.ended", description: "Runs of jobs, by kind and state");
    internal static readonly Histogram<double> JobSeconds = Meter.CreateHistogram<double>("orderclosr.jobs.duration", "s", "How long one run of a job took, by kind");
    internal static readonly Counter<long> ReportsDropped = Meter.CreateCounter<long>("orderclosr.reports.dropped", description: "Reports of errors that were not sent because something in them looked like a person's data or a secret, by what was found");
    internal static readonly Gauge<double> BackupAge = Meter.CreateGauge<double>("orderclosr.backups.age", "s", "How old the last good backup is; looked at every hour");
    internal static readonly Histogram<double> CallSeconds = Meter.CreateHistogram<double>("orderclosr.outbound.duration", "s", "How long a call to a vendor took, by vendor and outcome");
}
