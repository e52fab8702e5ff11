namespace OrderClosr.Ground.Running;

/// <summary>Lets a test kill this process right after a commit, to prove that nothing is lost there and nothing doubled.</summary>
/// <remarks><c>ORDERCLOSR_CRASH_AT=event-read</c> kills at the first pass, <c>event-read:3</c> at the third. Points: event-stored, event-read,
/// turn-committed, job-running (claimed, the vendor not asked), sending (the message is marked as being sent, the channel not asked),
/// job-ran (the vendor answered, nothing written), job-done; those of jobs for one kind alone as <c>job-ran/send_message</c>; purging (a batch of a deleted
/// workspace is gone), purged (its last row is, the book does not know it yet); export-table (a table of an export is written, more follow), for one alone
/// as <c>export-table/messages</c>; sheet-written and hook-sent (the other side answered, nothing is written down).</remarks>
internal static class CrashPoint
{
    private static readonly string[] At = (Environment.GetEnvironmentVariable("ORDERCLOSR_CRASH_AT") ?? "").Split(':');
    private static readonly System.Diagnostics.Process? Self = At[0].Length > 0 ? System.Diagnostics.Process.GetCurrentProcess() : null;
    private static int _left = At.Length > 1 && int.TryParse(At[1], out var pass) ? pass : 1;

    /// <summary>Passes a point of the road.</summary>
    internal static void Pass(string point, string? kind = null)
    {
        if (At[0].Length == 0 || (At[0] != point && At[0] != $"{point}/{kind}") || Interlocked.Decrement(ref _left) != 0) return;
        Self!.Kill();
    }
}
