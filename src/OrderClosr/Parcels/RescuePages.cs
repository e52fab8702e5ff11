using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels.Pages;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels;

/// <summary><c>/parcels/rescue</c>: the parcels that need a person, one after the other; and the rules of rescue.</summary>
public static class RescuePages
{
    public static void MapRescuePages(this RouteGroupBuilder workspace)
    {
        workspace.MapGroup("").Needs(Capability.SeeParcels).MapGet("/parcels/rescue", (string? id, string? done, RescueParts parts, CancellationToken stop) => parts.DeskAsync(id, done, null, stop));
        var change = workspace.MapGroup("/parcels/rescue/{id}").Needs(Capability.MoveParcels);
        Do(change, "tried", async (id, c) => (await c.Of<WorkRescue>().TriedAsync(id, c.Form["result"].ToString(), c.Cause, c.Stop)).Refusal);
        Do(change, "told", async (id, c) => (await c.Of<WorkRescue>().ToldCourierAsync(id, Day(c.Form["date"]), c.Cause with { Reason = c.Needs }, c.Stop)).Refusal);
        Do(change, "ask", async (id, c) => (await c.Of<WorkRescue>().AskAgainAsync(id, c.Cause, c.Stop)).Refusal);
        Do(change, "close", async (id, c) => (await c.Of<WorkRescue>().CloseAsync(id, c.Cause with { Reason = c.Needs }, c.Stop)).Refusal);
        Do(change, "undo", async (id, c) => (await c.Of<UndoRescue>().RunAsync(id, c.Cause, c.Stop)).Refusal);
        Do(change, "answer", async (id, c) =>
        {
            if (AnswerRescue.Read(c.Form["answer"]) is not { } kind || kind is RescueAnswerKind.Refuse or RescueAnswerKind.WantsPerson) return new("answer_not_possible", "There is no such answer.", "answer");
            return (await c.Of<AnswerRescue>().RunAsync(id, new(kind, c.Form["value"].ToString(), c.Form["commune"].ToString()), c.Cause, c.Stop)).Refusal;
        });
        workspace.MapGroup("").Needs(Capability.SeeShop).MapGet("/shipping/rescue", (RescueParts parts, CancellationToken stop) => parts.SettingsAsync(null, null, stop));
        workspace.MapPost("/shipping/rescue", SaveAsync).Needs(Capability.ChangeOrderRules);
    }

    private sealed record Call(HttpContext Http, IFormCollection Form, string? Needs, Cause Cause)
    {
        internal CancellationToken Stop => Http.RequestAborted;
        internal T Of<T>() where T : notnull => Http.RequestServices.GetRequiredService<T>();
    }

    private static void Do(RouteGroupBuilder group, string verb, Func<RescueId, Call, Task<Refusal?>> act) =>
        group.MapPost($"/{verb}", async (RescueId id, HttpContext http, OrderClosrDb db, RescueParts parts, Shop shop, TimeProvider time) =>
        {
            var stop = http.RequestAborted;
            if (await db.Rescues.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, stop) is not { } rescue) return Results.NotFound();
            var form = await http.Request.ReadFormAsync(stop);
            if (await act(id, new(http, form, rescue.Needs, new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId))) is { } refusal)
            {
                db.ChangeTracker.Clear();
                return await parts.DeskAsync($"{id}", null, refusal.Kind == RefusalKind.NotFound ? refusal with { Kind = RefusalKind.Invalid } : refusal, stop);
            }
            var next = RescueId.TryParse(form["next"], null, out var following) ? $"&id={following}" : "";
            return Results.Back(http, shop.Link(verb is "undo" ? $"parcels/rescue?id={id}" : $"parcels/rescue?done={id}.{verb}{next}"));
        });

    private static async Task<IResult> SaveAsync(HttpContext http, SaveRescueSettings save, RescueParts parts, Shop shop)
    {
        var stop = http.RequestAborted;
        var form = await http.Request.ReadFormAsync(stop);
        int? Read(string field) => int.TryParse(Folding.AsciiDigits(form[field].ToString()).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var rules = new RescueRules(form["writes_alone"] == "true", form["tells_delivery"] == "true", Read("silent_after"), Read("remind_after"), Read("desk_keeps"), Read("wakes_at"), Read("sleeps_at"),
            form["attempt_template"].ToString(), form["desk_template"].ToString(), form["reminder_template"].ToString());
        return await save.RunAsync(rules, stop) is { } refusal ? await parts.SettingsAsync(rules, refusal, stop) : Results.Back(http, shop.Link("shipping/rescue"), "ui.saved");
    }

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <summary>Reads the pages of rescue.</summary>
public sealed class RescueParts(OrderClosrDb db, RescueQueue queue, RescueSheets sheets)
{
    private const int Most = 200;

    /// <param name="done">The rescue a member just did something to, with what: <c>ID.told</c>.</param>
    public async Task<IResult> DeskAsync(string? id, string? done, Refusal? refusal, CancellationToken stop)
    {
        var open = await queue.OpenAsync(Most, stop);
        List<RescueRow> waiting = [.. open.Where(r => r.Rescue.State == RescueState.NeedsPerson)], others = [.. open.Skip(waiting.Count)];
        RescueId? wanted = RescueId.TryParse(id, null, out var asked) ? asked : null;
        var current = waiting.Concat(others).FirstOrDefault(r => r.Rescue.Id == wanted) ?? (waiting is [var first, ..] ? first : null);
        var did = done?.Split('.') is [var which, ("told" or "tried" or "ask" or "answer" or "close") and var verb] && RescueId.TryParse(which, null, out var of) && await queue.FindAsync(of, stop) is { } row ? new RescueDone(row, verb) : null;
        return Results.Page<RescuePage>(new
        {
            Queue = waiting, Others = (IReadOnlyList<RescueRow>)others, Sheet = current is null ? null : await sheets.FindAsync(current, stop), Saved = await queue.SavedAsync(stop), Done = did, Refusal = refusal,
        }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }

    /// <param name="typed">As it was sent before it was refused.</param>
    public async Task<IResult> SettingsAsync(RescueRules? typed, Refusal? refusal, CancellationToken stop) => Results.Page<RescueSettingsPage>(new
    {
        Given = typed ?? RescueRules.Of(await RescueSettings.OfAsync(db, stop)), Templates = await sheets.TemplatesAsync(stop), Refusal = refusal,
    }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
}

/// <summary>What a member just did, to take it back.</summary>
/// <param name="Verb">The last part of the address it was sent to.</param>
public sealed record RescueDone(RescueRow Row, string Verb)
{
    /// <summary>It can be taken back; a new attempt the courier was asked for cannot.</summary>
    public bool CanUndo => (Verb, Row.Rescue) is ("told", { State: RescueState.Answered }) or ("close", { State: RescueState.Closed }) or ("tried", { State: RescueState.NeedsPerson })
        or ("answer", { State: RescueState.NeedsPerson } or { State: RescueState.Answered, Answer: not RescueAnswerKind.NewDay });
}
