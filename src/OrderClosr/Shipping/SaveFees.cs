using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Shipping;

/// <summary>One row of the fee table as somebody wants it. Both fees null: not served.</summary>
/// <param name="CommuneCode">0 for the whole wilaya.</param>
/// <param name="Was">What the row was when somebody looked; null where nobody looked.</param>
public sealed record FeeRow(int WilayaCode, int CommuneCode, FeeValues Values, FeeValues? Was = null);

/// <summary>What a row says.</summary>
public sealed record FeeValues(Dinars? Home, Dinars? Desk, int? DaysFrom, int? DaysTo)
{
    /// <summary>A row of the table as values; a missing row serves nothing.</summary>
    public static FeeValues Of(DeliveryFee? row) => row is null ? Nothing : new(row.Home, row.Desk, row.DaysFrom, row.DaysTo);

    public static readonly FeeValues Nothing = new(null, null, null, null);
}

/// <summary>Writes the fee table and the rules beside it.</summary>
public sealed class SaveFees(OrderClosrDb db, Places places, Audit audit, TimeProvider time)
{
    /// <summary>The most a delivery may cost.</summary>
    public static readonly Dinars Most = new(100_000);

    private const int MostDays = 60, NotesLength = 4_000;

    /// <summary>Writes the rows that differ; all or, with everything that is wrong, none.</summary>
    /// <returns>What is wrong, each with the field <c>fees[WILAYA]</c> or <c>fees[WILAYA-COMMUNE]</c> and the column, <c>free_from</c> or <c>notes</c>; empty when saved.</returns>
    public Task<IReadOnlyList<Refusal>> RunAsync(IReadOnlyList<FeeRow> rows, FeePolicy? policy, CancellationToken stop) => db.InTransactionAsync<IReadOnlyList<Refusal>>(async () =>
    {
        var wrong = rows.SelectMany(Check).ToList();
        if (policy is not null) wrong.AddRange(Check(policy));
        if (wrong.Count > 0) return wrong;

        await LockAsync(db, stop);
        var (old, changed) = (new Dictionary<string, object?>(), new Dictionary<string, object?>());
        var there = await db.DeliveryFees.ToDictionaryAsync(f => (f.WilayaCode, f.CommuneCode), stop);
        foreach (var row in rows)
        {
            var now = there.GetValueOrDefault((row.WilayaCode, row.CommuneCode));
            if (row.Was is { } was && was == row.Values) continue;
            if (row.Was is not null && row.Was != FeeValues.Of(now)) wrong.Add(Changed(Field(row)));
            else
            {
                if (FeeValues.Of(now) != row.Values) (old[KeyOf(row)], changed[KeyOf(row)]) = (TextOf(FeeValues.Of(now)), TextOf(row.Values));
                Write(row, now);
            }
        }
        if (policy is not null)
        {
            var kept = await db.DeliveryPolicies.SingleOrDefaultAsync(stop);
            if (kept is null) db.Add(kept = new DeliveryPolicy { Id = Id<DeliveryPolicy>.New(time.GetUtcNow()) });
            var (freeFrom, notes) = (policy.Was?.FreeFrom, policy.Was?.Notes is { } seen ? PlainText.Lines(seen) : null);
            if (policy.Was is null || freeFrom != policy.FreeFrom)
            {
                if (policy.Was is not null && freeFrom != kept.FreeFrom) wrong.Add(Changed("free_from"));
                (old["free_from"], changed["free_from"]) = (kept.FreeFrom, policy.FreeFrom);
                kept.FreeFrom = policy.FreeFrom;
            }
            if (policy.Notes is not null && PlainText.Lines(policy.Notes) is var wanted && wanted != notes)
            {
                if (notes is not null && notes != kept.Notes) wrong.Add(Changed("notes"));
                kept.Notes = wanted;
            }
        }
        if (wrong.Count > 0)
        {
            db.ChangeTracker.Clear();
            return wrong;
        }
        Note(old, changed);
        db.Tell("shipping", "fees");
        await db.SaveChangesAsync(stop);
        return [];
    }, stop);

    /// <summary>Gives every wilaya the same fees; with <paramref name="onlyEmpty"/> only those that have none.</summary>
    public Task<IReadOnlyList<Refusal>> FillAsync(FeeValues values, bool onlyEmpty, CancellationToken stop) => db.InTransactionAsync<IReadOnlyList<Refusal>>(async () =>
    {
        // Before it is looked which are empty: one that somebody fills in this moment stays as they filled it.
        await LockAsync(db, stop);
        var served = onlyEmpty ? (await db.DeliveryFees.Where(f => f.CommuneCode == 0 && (f.Home != null || f.Desk != null)).Select(f => f.WilayaCode).ToListAsync(stop)).ToHashSet() : [];
        var wrong = await RunAsync([.. places.Wilayas.Where(w => !served.Contains(w.Code)).Select(w => new FeeRow(w.Code, 0, values))], null, stop);
        return [.. wrong.Take(1).Select(w => w with { Field = w.Field?[(w.Field.LastIndexOf('.') + 1)..] })];
    }, stop);

    /// <summary>Removes the row of a commune: its wilaya's counts again.</summary>
    public Task<Refusal?> RemoveAsync(int communeCode, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        await LockAsync(db, stop);
        var row = communeCode == 0 ? null : await db.DeliveryFees.SingleOrDefaultAsync(f => f.CommuneCode == communeCode, stop);
        if (row is null) return Refusal.NotFound("fee");
        db.Remove(row);
        audit.Write(AuditAction.FeesChanged, old: new Dictionary<string, string> { [$"fee/{row.WilayaCode}-{row.CommuneCode}"] = TextOf(FeeValues.Of(row)) });
        db.Tell("shipping", "fees");
        await db.SaveChangesAsync(stop);
        return null;
    }, stop);

    /// <summary>The workspace's row stands for rows that may not be there yet: of two who save at once the second waits, and then sees what the first wrote. For whoever writes fees, before reading them.</summary>
    internal static Task LockAsync(OrderClosrDb db, CancellationToken stop) => db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);

    private static Refusal Changed(string field) => new("changed_meanwhile", "Somebody else changed this meanwhile: look again.", field, Kind: RefusalKind.Conflict);

    // A table filled at once is one line of the log: the first rows and how many there were.
    private void Note(Dictionary<string, object?> old, Dictionary<string, object?> changed)
    {
        const int Most = 12;
        var count = changed.Keys.Count(k => k != "free_from");
        if (count > Most)
        {
            foreach (var key in changed.Keys.Where(k => k != "free_from").Skip(Most).ToList())
            {
                old.Remove(key);
                changed.Remove(key);
            }
            changed["rows"] = count;
        }
        if (changed.Count > 0) audit.Write(AuditAction.FeesChanged, old, changed);
    }

    private static string KeyOf(FeeRow row) => row.CommuneCode == 0 ? $"fee/{row.WilayaCode}" : $"fee/{row.WilayaCode}-{row.CommuneCode}";

    /// <summary><c>600/400</c>: to the door, to a desk; a line where it is not served.</summary>
    private static string TextOf(FeeValues values) => $"{values.Home?.Digits ?? "–"}/{values.Desk?.Digits ?? "–"}";

    /// <summary>The field of a row's column in refusals.</summary>
    public static string Field(FeeRow row, string? column = null) =>
        $"fees[{row.WilayaCode}{(row.CommuneCode == 0 ? "" : $"-{row.CommuneCode}")}]{(column is null ? "" : $".{column}")}";

    private void Write(FeeRow row, DeliveryFee? now)
    {
        // A wilaya without fees needs no row; a commune without fees does: it says "not here".
        if (row.CommuneCode == 0 && row.Values == FeeValues.Nothing)
        {
            if (now is not null) db.Remove(now);
            return;
        }
        if (now is null) db.Add(now = new DeliveryFee { Id = Id<DeliveryFee>.New(time.GetUtcNow()), WilayaCode = row.WilayaCode, CommuneCode = row.CommuneCode });
        (now.Home, now.Desk, now.DaysFrom, now.DaysTo) = row.Values;
        now.FromCourier = null;
    }

    private IEnumerable<Refusal> Check(FeeRow row)
    {
        if (places.Of(row.WilayaCode, row.CommuneCode) is not { } place || place.WilayaCode != row.WilayaCode || place.CommuneCode != row.CommuneCode)
            yield return new("place_unknown", "There is no such place.", Field(row));
        foreach (var (fee, column) in ((Dinars?, string)[])[(row.Values.Home, "home"), (row.Values.Desk, "desk")])
        {
            if (fee < Dinars.Zero) yield return new("amount_below_zero", "A fee cannot be below zero.", Field(row, column));
            if (fee > Most) yield return new("amount_too_large", "This fee is too large.", Field(row, column));
        }
        var (from, to) = (row.Values.DaysFrom, row.Values.DaysTo);
        if (from is < 0 or > MostDays || to is < 0 or > MostDays || from > to) yield return new("days_unreadable", "Days are written like 2 or 1-3.", Field(row, "days"));
    }

    private static IEnumerable<Refusal> Check(FeePolicy policy)
    {
        if (policy.FreeFrom < Dinars.Zero) yield return new("amount_below_zero", "An amount cannot be below zero.", "free_from");
        if (policy.Notes?.Length > NotesLength) yield return new("too_long", $"At most {NotesLength} characters.", "notes", [$"{NotesLength}"]);
    }
}

/// <summary>The rules beside the table as somebody wants them; null notes leave them.</summary>
/// <param name="Was">What they were when somebody looked: what is as it was then is left, also when somebody else changed it since. Null where nobody looked.</param>
public sealed record FeePolicy(Dinars? FreeFrom, string? Notes, FeePolicy? Was = null);
