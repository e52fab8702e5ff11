using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations.Pages;

/// <summary>The controls: whether the agent may answer, everywhere, per channel, per conversation. Each takes effect before the next send.</summary>
public static class ControlsPages
{
    public static void MapControlsPages(this RouteGroupBuilder workspace)
    {
        var controls = workspace.MapGroup("/controls").Needs(Capability.SeeShop);
        var pause = controls.MapGroup("").Needs(Capability.PauseAgent);
        controls.MapGet("", async (ControlsReader reader, CancellationToken stop) => Results.Page<ControlsPage>(await reader.PageAsync(stop)));
        controls.MapGet("/state", async (ControlsReader reader, CancellationToken stop) => Results.Page<ControlsState>(new { Controls = await reader.ReadAsync(stop) }));
        pause.MapPost("/pause", ([FromForm] string? note, HttpContext http, Shop shop, Pausing pausing) => SetAsync(http, shop, pausing, true, note));
        pause.MapPost("/resume", (HttpContext http, Shop shop, Pausing pausing) => SetAsync(http, shop, pausing, false, null));
        pause.MapPost("/missed", ChooseAsync);
        pause.MapPost("/channels/{id}", async (ChannelId id, [FromForm] bool on, HttpContext http, Shop shop, Pausing pausing) =>
            await pausing.PauseChannelAsync(id, !on, shop.AccountId, http.RequestAborted) is { } refusal ? Results.StatusCode(Answers.StatusOf(refusal)) : Results.Back(http, shop.Link("controls"), on ? "conversations.channel_on" : "conversations.channel_off"));
        pause.MapPost("/conversations/{id}/resume", async (ConversationId id, HttpContext http, Shop shop, Pausing pausing) =>
            await pausing.PauseConversationAsync(id, false, shop.AccountId, http.RequestAborted) is { } refusal ? Results.StatusCode(Answers.StatusOf(refusal)) : Results.Back(http, shop.Link("controls"), "conversations.resumed_here"));
        pause.MapPost("/resume-after", async ([FromForm(Name = "resume_after_hours")] int hours, HttpContext http, Shop shop, Pausing pausing, ControlsReader reader, CancellationToken stop) =>
            await pausing.ResumeAfterAsync(hours, stop) is { } refusal ? Results.Refused<ControlsPage>(refusal, (await reader.PageAsync(stop)) with { Refusal = refusal }) : Results.Back(http, shop.Link("controls"), "ui.saved"));
        controls.MapPost("/spending", async ([FromForm(Name = "day_cap")] string? day, [FromForm(Name = "month_cap")] string? month, HttpContext http, Shop shop, Spending spending, ControlsReader reader, CancellationToken stop) =>
            await spending.CapAsync(day, month, stop) is { } refusal ? Results.Refused<ControlsPage>(refusal, (await reader.PageAsync(stop)).Typed(day, month, refusal)) : Results.Back(http, shop.Link("controls"), "ui.saved")).Needs(Capability.ChangeAgent);
        controls.MapPost("/proposals", ProposeAsync).Needs(Capability.ChangeAgent);
    }

    /// <summary>Of the conversations that were listed, those left unchecked go to a person; the agent answers the others when it goes on, at once when told so.</summary>
    private static async Task<IResult> ChooseAsync(HttpContext http, Shop shop, Holding holding, Pausing pausing)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answered = form["answer"].ToHashSet();
        foreach (var kept in form["listed"].Where(id => !answered.Contains(id)).Take(ControlsReader.Most))
            if (ConversationId.TryParse(kept, null, out var id)) await holding.KeepForPersonAsync(id, http.RequestAborted);
        if (form["then"] != "resume") return Results.Back(http, shop.Link("controls"), "conversations.missed_chosen");
        await pausing.PauseAsync(false, shop.AccountId, null, http.RequestAborted);
        return Results.Back(http, shop.Link("controls"), "conversations.all_resumed");
    }

    private static async Task<IResult> ProposeAsync([FromForm(Name = "propose_complaints")] bool? complaints, [FromForm(Name = "propose_wholesale")] bool? wholesale, [FromForm(Name = "propose_big")] bool? big, [FromForm(Name = "propose_over")] string? over,
        HttpContext http, Shop shop, SaveAgentSettings save, ControlsReader reader, CancellationToken stop) =>
        await save.ProposeAsync(complaints == true, wholesale == true, big == true ? over ?? "" : null, stop) is { } refusal
            ? Results.Refused<ControlsPage>(refusal, (await reader.PageAsync(stop)) with { Proposals = new(complaints == true, wholesale == true, big == true, over ?? ""), Refusal = refusal })
            : Results.Back(http, shop.Link("controls"), "ui.saved");

    private static async Task<IResult> SetAsync(HttpContext http, Shop shop, Pausing pausing, bool isPaused, string? note)
    {
        await pausing.PauseAsync(isPaused, shop.AccountId, note, http.RequestAborted);
        return Results.Back(http, shop.Link("controls"), isPaused ? "conversations.all_paused" : "conversations.all_resumed");
    }
}

/// <summary>What the controls page shows.</summary>
/// <param name="Pause">The workspace's running pause; null when a program of ours set the switch alone.</param>
/// <param name="ChannelPauses">The running pause of each paused channel.</param>
/// <param name="Missed">Conversations whose customers wait although the agent would answer, were it not paused; the first ones.</param>
/// <param name="MissedCount">How many wait in all.</param>
/// <param name="Paused">Conversations paused one by one.</param>
/// <param name="LastPauses">The workspace's last pauses, newest first.</param>
public sealed record ControlsView(DateTimeOffset? PausedAt, PauseLine? Pause, int ResumeAfterHours, IReadOnlyList<Channel> Channels, IReadOnlyDictionary<ChannelId, PauseLine> ChannelPauses,
    IReadOnlyList<ControlsRow> Missed, int MissedCount, IReadOnlyList<ControlsRow> Paused, IReadOnlyList<PauseLine> LastPauses);

/// <summary>All that the page is drawn from, named as its parameters.</summary>
public sealed record ControlsParts(ControlsView Controls, SpendingView Spending, ProposalsView Proposals)
{
    /// <summary>Why what was typed is not saved.</summary>
    public Refusal? Refusal { get; init; }

    internal ControlsParts Typed(string? day, string? month, Refusal refusal) => this with { Spending = Spending with { Day = day ?? "", Month = month ?? "" }, Refusal = refusal };
}

/// <summary>Which answers are only proposed, as saved or typed.</summary>
/// <param name="Big">Those about an order of more than <paramref name="Over"/>.</param>
public sealed record ProposalsView(bool Complaints, bool Wholesale, bool Big, string Over)
{
    /// <summary>What the form offers while no limit is set.</summary>
    internal static readonly Dinars Usual = new(15_000);

    internal static ProposalsView Of(AgentSettings agent) => new(agent.ProposesComplaints, agent.ProposesWholesale, agent.ProposesOver is not null, (agent.ProposesOver ?? Usual).Digits);
}

/// <summary>A conversation on the controls page.</summary>
public sealed record ControlsRow(ConversationId Id, string Name, string Preview, DateTimeOffset? PausedAt, DateTimeOffset? LastCustomerActionAt)
{
    /// <summary>Its running pause.</summary>
    public PauseLine? Pause { get; init; }

    /// <summary>When the channel takes no more free text.</summary>
    public DateTimeOffset? ClosesAt => LastCustomerActionAt?.AddHours(24);
}

/// <summary>What Claude cost and may cost, as the card of the controls shows it.</summary>
/// <param name="Day">The cap of a day as typed or saved; empty: none.</param>
/// <param name="Month">The cap of a month as typed or saved.</param>
/// <param name="Reached">Which cap is reached.</param>
public sealed record SpendingView(Spent Spent, Dinars? DayCap, Dinars? MonthCap, string Day, string Month, string? Reached);

/// <summary>A pause with the name of who began it; no name: a program with the workspace's key.</summary>
public sealed record PauseLine(DateTimeOffset At, string? By, string Note, DateTimeOffset? EndedAt)
{
    /// <summary>Pauses with their members' names, in their order.</summary>
    internal static async Task<List<(Pause Pause, PauseLine Line)>> OfAsync(OrderClosrDb db, IQueryable<Pause> pauses, CancellationToken stop)
    {
        var some = await pauses.AsNoTracking().ToListAsync(stop);
        var who = some.Select(p => p.AccountId).OfType<Guid>().Distinct().ToList();
        var names = who.Count == 0 ? [] : await db.Accounts.Where(a => who.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        return some.ConvertAll(p => (p, new PauseLine(p.At, p.AccountId is { } by ? names.GetValueOrDefault(by) : null, p.Note, p.EndedAt)));
    }
}

/// <summary>Reads the controls.</summary>
public sealed class ControlsReader(OrderClosrDb db, Spending spending)
{
    /// <summary>Conversations listed at once.</summary>
    internal const int Most = 50;

    private const int LastPauses = 3;

    public async Task<ControlsView> ReadAsync(CancellationToken stop)
    {
        var controls = await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop);
        var missed = db.Conversations.Where(c => c.HeldBy == HeldBy.Agent && c.FirstUnansweredAt != null
            && (c.SilentBecause == Gate.Paused || c.SilentBecause == Gate.ChannelPaused || c.SilentBecause == Gate.ConversationPaused));
        var paused = await RowsAsync(db.Conversations.Where(c => c.PausedAt != null).OrderBy(c => c.PausedAt), stop);
        var ids = paused.ConvertAll(r => (ConversationId?)r.Id);
        var running = await PauseLine.OfAsync(db, db.Pauses.Where(p => p.EndedAt == null && (p.ConversationId == null || ids.Contains(p.ConversationId))), stop);
        var last = await PauseLine.OfAsync(db, db.Pauses.Where(p => p.ChannelId == null && p.ConversationId == null).OrderByDescending(p => p.At).Take(LastPauses), stop);
        return new(controls?.PausedAt, running.Find(r => r.Pause is { ChannelId: null, ConversationId: null }).Line, controls?.ResumeAfterHours ?? 12,
            await db.Channels.AsNoTracking().OrderBy(c => c.ConnectedAt).ToListAsync(stop), running.Where(r => r.Pause.ChannelId is not null).DistinctBy(r => r.Pause.ChannelId).ToDictionary(r => r.Pause.ChannelId!.Value, r => r.Line),
            await RowsAsync(missed.OrderBy(c => c.FirstUnansweredAt), stop), await missed.CountAsync(stop),
            paused.ConvertAll(row => row with { Pause = running.Find(r => r.Pause.ConversationId == row.Id).Line }), last.ConvertAll(r => r.Line));
    }

    /// <summary>The whole page.</summary>
    internal async Task<ControlsParts> PageAsync(CancellationToken stop)
    {
        var agent = await TurnGates.SettingsAsync(db, stop);
        return new(await ReadAsync(stop), await SpendingAsync(agent, stop), ProposalsView.Of(agent));
    }

    private async Task<SpendingView> SpendingAsync(AgentSettings agent, CancellationToken stop)
    {
        var spent = await spending.ReadAsync(stop);
        return new(spent, agent.DayCap, agent.MonthCap, agent.DayCap?.Digits ?? "", agent.MonthCap?.Digits ?? "", spent.Over(agent));
    }

    private Task<List<ControlsRow>> RowsAsync(IQueryable<Conversation> from, CancellationToken stop)
    {
        var customers = db.Customers;
        return from.Take(Most).Select(c => new ControlsRow(c.Id, customers.Where(p => p.Id == c.CustomerId).Select(p => p.Name).FirstOrDefault() ?? "", c.Preview, c.PausedAt, c.LastCustomerActionAt)).ToListAsync(stop);
    }
}

/// <summary>"Agent active" or "agent paused" at the foot of every page.</summary>
internal sealed class AgentLine(Words words, Spending spending) : IStatusLine
{
    public async Task<StatusLine?> ReadAsync(OrderClosrDb db, CancellationToken stop)
    {
        var isPaused = await db.Controls.AnyAsync(c => c.PausedAt != null, stop);
        if (!isPaused && await TurnGates.SettingsAsync(db, stop) is { } agent && (agent.DayCap ?? agent.MonthCap) is not null && (await spending.ReadAsync(stop)).Over(agent) is { } cap)
            return new(words[$"conversations.line_{cap}"], "controls", "off");
        return new(words[isPaused ? "conversations.line_paused" : "conversations.line_active"], "controls", isPaused ? "off" : "");
    }
}
