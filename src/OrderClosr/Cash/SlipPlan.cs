using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>One line with the parcel it names and what was found.</summary>
/// <param name="EarlierLineId">The line of an earlier slip that paid the same.</param>
public sealed record PlannedLine(SlipRow Row, ParcelId? ParcelId, Verdict Verdict, Id<SlipLine>? EarlierLineId = null);

/// <summary>What a slip would do, worked out and not written.</summary>
public sealed record SlipPlan(IReadOnlyList<PlannedLine> Lines, SlipSums Sums, (Dinars? Collected, Dinars? Net) Totals, string? Announced, CourierAccountId? Elsewhere)
{
    /// <summary>The total the file writes, where it is one of what is added up here.</summary>
    public Dinars? FileTotal => Totals.Net ?? Totals.Collected;

    /// <summary>Whether the file's own total is what its lines come to.</summary>
    public bool TotalDiffers => (Totals.Net is { } net && net != Sums.Net) || (Totals.Collected is { } collected && collected != Sums.Collected);

    /// <summary>Lines that name a parcel of this account.</summary>
    public int Known => Lines.Count(l => l.ParcelId is not null && l.Verdict.Finding != Finding.OtherCourier);

    /// <summary>Changes when anything that a person was shown changes.</summary>
    public string Mark
    {
        get
        {
            var said = string.Join('\n', Lines.Select(l => $"{l.Row.Line} {l.ParcelId} {l.Verdict.Finding} {l.Verdict.Difference.Amount} {l.Verdict.Counted.Amount}").Append($"{Sums.Net.Amount}"));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said))[..12]);
        }
    }
}

/// <summary>Works out what a slip's lines are about.</summary>
public sealed class SlipPlanning(OrderClosrDb db, Terms terms, ReturnFees returnFees, CashBook book)
{
    /// <summary>Reads everything the lines name and compares; writes nothing.</summary>
    public async Task<SlipPlan> PlanAsync(CourierAccountId account, SlipContent content, CancellationToken stop)
    {
        var parcels = await FindAsync(account, content.Rows, stop);
        var all = parcels.Values.DistinctBy(p => p.Id).ToList();
        var ids = all.Select(p => p.Id).ToList();
        await book.LoadAsync(ids, stop);
        var back = await returnFees.OfAsync([.. all.Where(p => p.AccountId == account && p.State is ParcelState.Returning or ParcelState.Returned)], stop);
        var points = (await terms.AllAsync(stop)).GetValueOrDefault(account)?.CodBasisPoints ?? 0;
        var paid = await PaidAsync(ids, stop);
        var seen = new HashSet<ParcelId>();
        var lines = new List<PlannedLine>();
        foreach (var row in content.Rows)
        {
            var parcel = ParcelOf(parcels, row);
            var verdict = Matching.Of(row, parcel is null ? null : Known(parcel, account, points, back), parcel is not null && row.Wrong is null && !seen.Add(parcel.Id));
            lines.Add(new(row, parcel?.Id, verdict, parcel is not null && verdict.Finding == Finding.PaidBefore && paid.TryGetValue(parcel.Id, out var line) ? line : null));
        }
        var elsewhere = lines.Where(l => l.Verdict.Finding == Finding.OtherCourier).GroupBy(l => all.First(p => p.Id == l.ParcelId).AccountId).MaxBy(g => g.Count())?.Key;
        var announced = lines.Where(l => l.ParcelId is not null).Select(l => book.Peek(l.ParcelId!.Value)?.Announced).OfType<string>().GroupBy(a => a).MaxBy(g => g.Count())?.Key;
        return new(lines, Matching.Sum(content.Rows), content.Totals, announced, elsewhere);
    }

    private KnownParcel Known(Parcel parcel, CourierAccountId account, int points, IReadOnlyDictionary<ParcelId, Dinars> back)
    {
        var cash = book.Peek(parcel.Id);
        return new(parcel.AccountId == account, parcel.State, parcel.CashState, parcel.ToCollect, cash?.Received ?? Dinars.Zero, Matching.FeeOf(parcel.CourierFee, parcel.ToCollect, points),
            new(points > 0 ? 1 : 0), back.TryGetValue(parcel.Id, out var fee) ? fee : null, cash?.ReturnFee);
    }

    /// <summary>By tracking without case and spaces, else by our reference; of two with one number the living one of this account.</summary>
    private async Task<Dictionary<string, Parcel>> FindAsync(CourierAccountId account, IReadOnlyList<SlipRow> rows, CancellationToken stop)
    {
        // As written and as couriers print it: the database compares letter by letter.
        var names = rows.SelectMany(r => new[] { r.Tracking, r.Reference }).Where(n => n.Length > 0).Select(Plain).Distinct().ToList();
        var asked = names.SelectMany(n => new[] { n, n.ToUpperInvariant(), n.ToLowerInvariant() }).Distinct().ToList();
        var found = new List<Parcel>();
        foreach (var chunk in asked.Chunk(400))
            found.AddRange(await db.Parcels.Where(p => chunk.Contains(p.Tracking) || chunk.Contains(p.Reference)).ToListAsync(stop));
        var byName = new Dictionary<string, Parcel>();
        foreach (var parcel in found.DistinctBy(p => p.Id).OrderByDescending(p => p.AccountId == account).ThenBy(p => p.State == ParcelState.Cancelled).ThenByDescending(p => p.Id))
        {
            if (parcel.Tracking is { } tracking) byName.TryAdd($"t{Key(tracking)}", parcel);
            byName.TryAdd($"r{Key(parcel.Reference)}", parcel);
        }
        return byName;
    }

    private static Parcel? ParcelOf(Dictionary<string, Parcel> parcels, SlipRow row) =>
        row.Tracking.Length == 0 ? null
        : parcels.GetValueOrDefault($"t{Key(row.Tracking)}") ?? parcels.GetValueOrDefault($"r{Key(row.Tracking)}") ?? (row.Reference.Length > 0 ? parcels.GetValueOrDefault($"r{Key(row.Reference)}") : null);

    private async Task<Dictionary<ParcelId, Id<SlipLine>>> PaidAsync(List<ParcelId> ids, CancellationToken stop)
    {
        var paid = new Dictionary<ParcelId, Id<SlipLine>>();
        foreach (var chunk in ids.Chunk(500))
            foreach (var line in await db.SlipLines.AsNoTracking().Where(l => l.ParcelId != null && chunk.Contains(l.ParcelId.Value) && l.Before != null)
                .Join(db.PaymentSlips.Where(s => s.State == SlipState.Applied), l => l.SlipId, s => s.Id, (l, _) => new { l.Id, Parcel = l.ParcelId!.Value }).ToListAsync(stop))
                if (!paid.TryGetValue(line.Parcel, out var known) || known < line.Id) paid[line.Parcel] = line.Id;
        return paid;
    }

    /// <summary>Without the spaces and quotes that spreadsheets add.</summary>
    private static string Plain(string name) => new([.. name.Where(c => !char.IsWhiteSpace(c) && c is not ('\'' or '"' or '#'))]);

    private static string Key(string name) => Plain(name).ToUpperInvariant();
}
