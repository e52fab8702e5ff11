using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Api;

namespace OrderClosr.Workspaces;

/// <summary>What of the log is looked at.</summary>
/// <param name="Who">An account's id, <c>system</c> or <c>programs</c>; anything else: everybody.</param>
/// <param name="Day">A day of Algiers.</param>
/// <param name="Before">Only what is older than this line.</param>
public sealed record AuditLook(AuditKind? Kind, string? Who, DateOnly? Day, Guid? Before)
{
    public const string System = "system", Programs = "programs";

    /// <summary>From an address; what cannot be read asks for nothing.</summary>
    public static AuditLook Read(string? kind, string? who, string? day, string? before) => new(
        Enum.TryParse<AuditKind>(kind, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null,
        who is System or Programs || Guid.TryParse(who, out _) ? who : null,
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) ? on : null,
        Guid.TryParse(before, out var last) ? last : null);
}

/// <summary>One line as the page shows it.</summary>
/// <param name="Who">Name of the member or the program; empty: nobody known.</param>
/// <param name="Changes">What was before (null: nothing) and afterwards, by the field's word.</param>
public sealed record AuditLine(Guid Id, DateTimeOffset At, AuditActor Actor, string Who, AuditAction Action, string Subject, string SubjectName, IReadOnlyList<AuditChange> Changes);

/// <summary>One value that changed.</summary>
public sealed record AuditChange(string Field, JsonElement? Old, JsonElement? New);

/// <summary>A part of the log, newest first, with what it can be filtered by.</summary>
/// <param name="Next">The line the next part begins after; null at the end.</param>
public sealed record AuditView(AuditLook Look, IReadOnlyList<AuditLine> Lines, Guid? Next, IReadOnlyList<(Guid Account, string Name)> Members);

/// <summary>Reads the log of a workspace: its own lines, and what happened to its members' accounts since they are members.</summary>
public sealed class AuditReader(OrderClosrDb db)
{
    /// <summary>Lines of one page.</summary>
    public const int PerPage = 50;

    public async Task<AuditView> ReadAsync(AuditLook look, CancellationToken stop)
    {
        var here = db.WorkspaceId;
        var members = await (from member in db.Members where member.WorkspaceId == here join account in db.Accounts on member.AccountId equals account.Id orderby account.Name
                             select new { account.Id, account.Name, member.CreatedAt }).ToListAsync(stop);
        var lines = (await OwnAsync(look, stop)).Concat(await OfAccountsAsync(look, members.ToDictionary(m => m.Id, m => m.CreatedAt), stop)).OrderByDescending(l => l.Id).Take(PerPage + 1).ToList();
        var names = members.ToDictionary(m => m.Id, m => m.Name);
        var strangers = lines.Where(l => l.Actor == AuditActor.Member && l.Who is { } who && !names.ContainsKey(who)).Select(l => l.Who!.Value).Distinct().ToList();
        if (strangers.Count > 0)
            foreach (var former in await db.Accounts.Where(a => strangers.Contains(a.Id)).Select(a => new { a.Id, a.Name }).ToListAsync(stop)) names[former.Id] = former.Name;
        var programs = lines.Where(l => l.Actor == AuditActor.ApiKey && l.Who is not null).Select(l => new Id<ApiKey>(l.Who!.Value)).Distinct().ToList();
        if (programs.Count > 0)
            foreach (var program in await db.ApiKeys.Where(k => programs.Contains(k.Id)).Select(k => new { k.Id, k.Name }).ToListAsync(stop)) names[program.Id.Value] = program.Name;
        return new(look, [.. lines.Take(PerPage).Select(l => new AuditLine(l.Id, l.At, l.Actor, l.Who is { } who ? names.GetValueOrDefault(who, "") : "", l.Action, l.Subject, l.Name, Changes(l.Old, l.New)))],
            lines.Count > PerPage ? lines[PerPage - 1].Id : null, [.. members.Select(m => (m.Id, m.Name))]);
    }

    private sealed record Row(Guid Id, DateTimeOffset At, AuditActor Actor, Guid? Who, AuditAction Action, string Subject, string Name, string? Old, string? New);

    private async Task<List<Row>> OwnAsync(AuditLook look, CancellationToken stop)
    {
        if (look.Kind == AuditKind.Access) return [];
        var entries = db.AuditEntries;
        if (look.Kind is { } kind)
        {
            var actions = AuditActions.Of(kind);
            entries = entries.Where(e => actions.Contains(e.Action));
        }
        if (look.Who == AuditLook.System) entries = entries.Where(e => e.Actor == AuditActor.System);
        else if (look.Who == AuditLook.Programs) entries = entries.Where(e => e.Actor == AuditActor.ApiKey);
        else if (Guid.TryParse(look.Who, out var who)) entries = entries.Where(e => e.Actor == AuditActor.Member && e.ActorId == who);
        if (look.Day is { } day)
        {
            var (from, to) = (AlgiersTime.StartOf(day), AlgiersTime.StartOf(day.AddDays(1)));
            entries = entries.Where(e => e.At >= from && e.At < to);
        }
        if (look.Before is { } before)
        {
            var last = new Id<AuditEntry>(before);
            entries = entries.Where(e => e.Id < last);
        }
        return (await entries.OrderByDescending(e => e.Id).Take(PerPage + 1).ToListAsync(stop)).ConvertAll(e => new Row(e.Id.Value, e.At, e.Actor, e.ActorId, e.Action, e.Subject, e.SubjectName, e.Old, e.New));
    }

    /// <summary>What happened to members' accounts while they were members: before that it is no business of this workspace.</summary>
    private async Task<List<Row>> OfAccountsAsync(AuditLook look, Dictionary<Guid, DateTimeOffset> since, CancellationToken stop)
    {
        if (look.Kind is not (null or AuditKind.Access) || look.Who is AuditLook.System or AuditLook.Programs) return [];
        var rows = new List<Row>();
        foreach (var (account, joined) in since)
        {
            if (Guid.TryParse(look.Who, out var who) && who != account) continue;
            var from = look.Day is { } day && AlgiersTime.StartOf(day) > joined ? AlgiersTime.StartOf(day) : joined;
            var entries = db.AccountEntries.Where(e => e.AccountId == account && e.At >= from);
            if (look.Day is { } only)
            {
                var to = AlgiersTime.StartOf(only.AddDays(1));
                entries = entries.Where(e => e.At < to);
            }
            if (look.Before is { } before)
            {
                var last = new Id<AccountEntry>(before);
                entries = entries.Where(e => e.Id < last);
            }
            rows.AddRange((await entries.OrderByDescending(e => e.Id).Take(PerPage + 1).ToListAsync(stop)).Select(e => new Row(e.Id.Value, e.At, AuditActor.Member, account, e.Action, "", "", null, e.New)));
        }
        return rows;
    }

    private static List<AuditChange> Changes(string? old, string? now)
    {
        var (before, after) = (Values(old), Values(now));
        return [.. before.Keys.Union(after.Keys).Select(k => new AuditChange(k, before.TryGetValue(k, out var b) ? b : null, after.TryGetValue(k, out var a) ? a : null))];
    }

    private static Dictionary<string, JsonElement> Values(string? json) => json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
