using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations.Pages;

/// <summary>The inbox: list, thread, and what a member does there.</summary>
public static class InboxPages
{
    public static void MapInboxPages(this RouteGroupBuilder workspace)
    {
        var see = workspace.MapGroup("/inbox").Needs(Capability.SeeInbox);
        see.MapGet("", async (string? view, string? q, string? after, InboxReader inbox, CancellationToken stop) =>
            Results.Page<InboxPage>(new { List = await inbox.ReadAsync(InboxQuery.Of(view, q, after), stop) }));
        see.MapGet("/list", async (string? view, string? q, string? after, ConversationId? open, InboxReader inbox, CancellationToken stop) =>
            Results.Page<InboxList>(new { List = await inbox.ReadAsync(InboxQuery.Of(view, q, after), stop), OpenId = open }));

        var one = see.MapGroup("/{id}");
        one.MapGet("", OpenAsync);
        one.MapGet("/head", (ConversationId id, ThreadReader threads, CancellationToken stop) => FragmentAsync<TalkHead>(id, threads, stop));
        one.MapGet("/side", (ConversationId id, ThreadReader threads, CancellationToken stop) => FragmentAsync<OrderSide>(id, threads, stop));
        one.MapGet("/thread", async (ConversationId id, ThreadReader threads, OrderClosrDb db, CancellationToken stop) =>
        {
            var thread = await FragmentAsync<ThreadMessages>(id, threads, stop);
            await SeenAsync(db, id, stop); // the reader has the thread open
            return thread;
        });
        one.MapGet("/proposal", (ConversationId id, ThreadReader threads, CancellationToken stop) => FragmentAsync<ProposalCard>(id, threads, stop));
        var answer = one.MapGroup("").Needs(Capability.AnswerCustomers);
        answer.MapPost("/proposals/{proposal}/send", SendProposalAsync);
        answer.MapPost("/proposals/{proposal}/drop", (ConversationId id, Id<Proposal> proposal, HttpContext http, Shop shop, Proposals proposals) =>
            MoveAsync(http, shop, id, proposals.DropAsync(id, proposal, shop.AccountId, http.RequestAborted), "conversations.proposal_dropped"));
        answer.MapPost("/say", SayAsync);
        answer.MapPost("/template", TemplateAsync);
        answer.MapPost("/note", NoteAsync);
        answer.MapPost("/pause", (ConversationId id, HttpContext http, Shop shop, Pausing pausing) => MoveAsync(http, shop, id, pausing.PauseConversationAsync(id, true, shop.AccountId, http.RequestAborted), "conversations.paused_here"));
        answer.MapPost("/resume", (ConversationId id, HttpContext http, Shop shop, Pausing pausing) => MoveAsync(http, shop, id, pausing.PauseConversationAsync(id, false, shop.AccountId, http.RequestAborted), "conversations.resumed_here"));
        answer.MapPost("/block", (ConversationId id, HttpContext http, Shop shop, Blocking blocking) => MoveAsync(http, shop, id, blocking.BlockAsync(id, true, http.RequestAborted), "conversations.blocked_done"));
        answer.MapPost("/unblock", (ConversationId id, HttpContext http, Shop shop, Blocking blocking) => MoveAsync(http, shop, id, blocking.BlockAsync(id, false, http.RequestAborted), "conversations.unblocked_done"));
        answer.MapPost("/lift-opt-out", LiftAsync);
        answer.MapPost("/take", (ConversationId id, HttpContext http, Shop shop, Holding holding) => MoveAsync(http, shop, id, holding.TakeAsync(id, shop.AccountId, http.RequestAborted), "conversations.taken"));
        answer.MapPost("/release", (ConversationId id, HttpContext http, Shop shop, Holding holding) => MoveAsync(http, shop, id, holding.ReleaseAsync(id, http.RequestAborted), "conversations.released"));
    }

    private static async Task<IResult> OpenAsync(ConversationId id, int? before, int? at, string? view, string? q, string? after, InboxReader inbox, ThreadReader threads, OrderClosrDb db, CancellationToken stop)
    {
        if (await threads.ReadAsync(id, before, at, stop) is not { } talk) return Results.NotFound();
        if (talk.NewerThan is null) await SeenAsync(db, id, stop);
        return Results.Page<InboxPage>(new { List = await inbox.ReadAsync(InboxQuery.Of(view, q, after), stop), Talk = talk });
    }

    private static async Task<IResult> FragmentAsync<T>(ConversationId id, ThreadReader threads, CancellationToken stop) where T : Microsoft.AspNetCore.Components.IComponent =>
        await threads.ReadAsync(id, null, null, stop) is { } talk ? Results.Page<T>(new { Talk = talk }) : Results.NotFound();

    /// <summary>A member has the thread before them: nothing is unread. Told only when something was, or each look would ring every page.</summary>
    private static Task SeenAsync(OrderClosrDb db, ConversationId id, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        if (await db.Conversations.Where(c => c.Id == id && c.Unread > 0).ExecuteUpdateAsync(set => set.SetProperty(c => c.Unread, 0), stop) > 0) db.Tell("conversation", id);
    }, stop);

    private static async Task<IResult> MoveAsync(HttpContext http, Shop shop, ConversationId id, Task<Refusal?> move, string said) => await move is { } refusal
        ? Results.StatusCode(Answers.StatusOf(refusal))
        : Results.Back(http, shop.Link($"inbox/{id}"), said);

    private static async Task<IResult> SayAsync(ConversationId id, [FromForm] string? text, HttpContext http, Shop shop, InboxReader inbox, ThreadReader threads, Answering answering, CancellationToken stop)
    {
        var sent = (await http.Request.ReadFormAsync(stop)).Files.GetFile("photo");
        await using var photo = sent is { Length: > 0 } ? sent.OpenReadStream() : null;
        var said = await answering.AnswerAsync(id, shop.AccountId, text ?? "", photo, stop);
        return said.Ok ? Results.Back(http, shop.Link($"inbox/{id}") + "#composer") : await RefusedAsync(id, text, said.Refusal, inbox, threads, stop);
    }

    private static async Task<IResult> TemplateAsync(ConversationId id, HttpContext http, Shop shop, InboxReader inbox, ThreadReader threads, Answering answering, CancellationToken stop)
    {
        var form = await http.Request.ReadFormAsync(stop);
        var said = await answering.AnswerByTemplateAsync(id, shop.AccountId, new(form["template"].ToString(), form["language"].ToString(), [.. form["parameters"].Select(p => p ?? "")]), stop);
        return said.Ok ? Results.Back(http, shop.Link($"inbox/{id}") + "#composer") : await RefusedAsync(id, null, said.Refusal, inbox, threads, stop);
    }

    private static async Task<IResult> SendProposalAsync(ConversationId id, Id<Proposal> proposal, [FromForm] string? text, HttpContext http, Shop shop, InboxReader inbox, ThreadReader threads, Proposals proposals, CancellationToken stop)
    {
        var said = await proposals.SendAsync(id, proposal, shop.AccountId, text, stop);
        if (said.Ok) return Results.Back(http, shop.Link($"inbox/{id}") + "#composer", "conversations.proposal_sent");
        if (await threads.ReadAsync(id, null, null, stop) is not { } talk) return Results.NotFound();
        return Results.Refused<InboxPage>(said.Refusal, new { List = await inbox.ReadAsync(new InboxQuery(), stop), Talk = talk, ProposalRefusal = said.Refusal, ProposalText = text });
    }

    private static async Task<IResult> NoteAsync(ConversationId id, [FromForm] string? text, HttpContext http, Shop shop, InboxReader inbox, ThreadReader threads, Noting noting, CancellationToken stop)
    {
        var noted = await noting.NoteAsync(id, shop.AccountId, text ?? "", stop);
        return noted.Ok ? Results.Back(http, shop.Link($"inbox/{id}") + "#composer", "conversations.noted") : await RefusedAsync(id, text, noted.Refusal, inbox, threads, stop);
    }

    private static async Task<IResult> LiftAsync(ConversationId id, [FromForm] string? reason, HttpContext http, Shop shop, InboxReader inbox, ThreadReader threads, OptOuts optOuts, CancellationToken stop) =>
        await optOuts.LiftAsync(id, shop.AccountId, reason, stop) is { } refusal ? await RefusedAsync(id, null, refusal, inbox, threads, stop) : Results.Back(http, shop.Link($"inbox/{id}"), "conversations.opt_out_lifted");

    private static async Task<IResult> RefusedAsync(ConversationId id, string? typed, Refusal refusal, InboxReader inbox, ThreadReader threads, CancellationToken stop)
    {
        if (await threads.ReadAsync(id, null, null, stop) is not { } talk) return Results.NotFound();
        return Results.Refused<InboxPage>(refusal, new { List = await inbox.ReadAsync(new InboxQuery(), stop), Talk = talk, Refusal = refusal, Draft = typed });
    }
}
