using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Dashboard;

/// <summary>What the shop says its work is worth, as somebody typed it; an empty field says nothing.</summary>
/// <param name="Share">Per cent of the goods.</param>
/// <param name="Members">Whose commission is another; null: nothing is said of that.</param>
public sealed record NumberWishes(string? Margin, string? ReturnCost, string? HourlyRate, string? Minutes, string? Commission, string? Share = null, IReadOnlyList<CommissionWish>? Members = null)
{
    public static NumberWishes Of(NumberSettings settings, IReadOnlyList<CommissionWish> members) =>
        new(Text(settings.MarginPerOrder), Text(settings.ReturnCost), Text(settings.HourlyRate), settings.MinutesPerReply.ToString(System.Globalization.CultureInfo.InvariantCulture), Text(settings.Commission), CommissionRule.Of(settings).Percent, members);

    internal static string Text(Dinars? amount) => amount?.Digits ?? "";
}

/// <summary>What one member gets, as somebody typed it; two empty fields: the shop's usual commission.</summary>
public sealed record CommissionWish(Guid Account, string Name, string? PerOrder, string? Share)
{
    /// <summary>The fields' names.</summary>
    public string PerOrderField => $"commission_{Account:N}";

    /// <inheritdoc cref="PerOrderField"/>
    public string ShareField => $"share_{Account:N}";
}

/// <summary>Saves what the shop says its work is worth. Every number of every time is shown with it from then on: it is said of today, not of then.</summary>
public sealed class SaveNumberSettings(OrderClosrDb db, TimeProvider time)
{
    /// <summary>The most minutes of one answer.</summary>
    public const int MostMinutes = 60;

    /// <summary>Everybody who can confirm, with what was said of them.</summary>
    public async Task<IReadOnlyList<CommissionWish>> MembersAsync(CancellationToken stop)
    {
        var here = db.WorkspaceId;
        var rules = (await db.MemberCommissions.AsNoTracking().ToListAsync(stop)).ToDictionary(c => c.AccountId);
        var members = await db.Members.AsNoTracking().Where(m => m.WorkspaceId == here).Join(db.Accounts, m => m.AccountId, a => a.Id, (m, a) => new { a.Id, a.Name }).OrderBy(a => a.Name).ThenBy(a => a.Id).ToListAsync(stop);
        return [.. members.Select(m => new CommissionWish(m.Id, m.Name, NumberWishes.Text(rules.GetValueOrDefault(m.Id)?.PerOrder), new CommissionRule(null, rules.GetValueOrDefault(m.Id)?.Share).Percent))];
    }

    public async Task<Refusal?> RunAsync(NumberWishes wishes, CancellationToken stop)
    {
        var (margin, back, hour, commission) = (TypedAmount.Read(wishes.Margin, "margin"), TypedAmount.Read(wishes.ReturnCost, "return_cost"), TypedAmount.Read(wishes.HourlyRate, "hourly_rate"), TypedAmount.Read(wishes.Commission, "commission"));
        foreach (var amount in new[] { margin, back, hour, commission })
            if (!amount.Ok) return amount.Refusal;
        if (!int.TryParse(Folding.AsciiDigits(wishes.Minutes?.Trim() ?? ""), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var minutes) || minutes is < 1 or > MostMinutes)
            return new Refusal("minutes_out_of_range", $"1 to {MostMinutes} minutes.", "minutes", [$"{MostMinutes}"]);
        var share = ReadShare(wishes.Share, "share");
        if (!share.Ok) return share.Refusal;
        var rules = new List<(Guid Account, Dinars? PerOrder, int? Share)>();
        foreach (var member in wishes.Members ?? [])
        {
            var (amount, part) = (TypedAmount.Read(member.PerOrder, member.PerOrderField), ReadShare(member.Share, member.ShareField));
            if ((amount.Refusal ?? part.Refusal) is { } refusal) return refusal;
            rules.Add((member.Account, amount.Value, part.Value));
        }
        await db.InTransactionAsync(async () =>
        {
            // The workspace's row stands for settings that may not be there yet: of two who save at once the second waits.
            await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
            var settings = await db.NumberSettings.SingleOrDefaultAsync(stop);
            if (settings is null) db.Add(settings = new NumberSettings { Id = Id<NumberSettings>.New(time.GetUtcNow()) });
            (settings.MarginPerOrder, settings.ReturnCost, settings.HourlyRate, settings.MinutesPerReply, settings.Commission, settings.CommissionShare) = (margin.Value, back.Value, hour.Value, minutes, commission.Value, share.Value);
            var kept = await db.MemberCommissions.ToListAsync(stop);
            foreach (var (account, perOrder, part) in rules)
            {
                var rule = kept.Find(c => c.AccountId == account);
                if (perOrder is null && part is null)
                {
                    if (rule is not null) db.Remove(rule);
                    continue;
                }
                if (rule is null) db.Add(rule = new MemberCommission { Id = Id<MemberCommission>.New(time.GetUtcNow()), AccountId = account });
                (rule.PerOrder, rule.Share) = (perOrder, part);
            }
            await db.SaveChangesAsync(stop);
        }, stop);
        return null;
    }

    /// <summary>Per cent with one place, as thousandths; null for an empty field.</summary>
    /// <example><c>"2"</c> → 20, <c>"2,5 %"</c> → 25; <c>"101"</c> and <c>"2,55"</c> are refused.</example>
    internal static Result<int?> ReadShare(string? text, string field)
    {
        var plain = Folding.AsciiDigits(text ?? "").Replace("%", "", StringComparison.Ordinal).Replace("٪", "", StringComparison.Ordinal).Replace('٫', '.').Replace(',', '.').Trim();
        if (plain.Length == 0) return (int?)null;
        return plain.Length <= 6 && decimal.TryParse(plain, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100 && percent * 10 == decimal.Truncate(percent * 10)
            ? (int?)(int)(percent * 10) : new Refusal("share_out_of_range", "0 to 100 per cent, with one place at most.", field);
    }
}
