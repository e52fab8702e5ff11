using Microsoft.AspNetCore.Mvc;
using OrderClosr.Ground.Values;
using OrderClosr.Orders.Pages;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Orders;

/// <summary><c>/leads</c>: who was interested and has not ordered, what members do about it, what became of it.</summary>
public static class LeadPages
{
    public static void MapLeadPages(this RouteGroupBuilder workspace)
    {
        workspace.MapGet("/leads", async (HttpContext http, LeadReader leads, CancellationToken stop) =>
            Results.Page<LeadsPage>(new { Leads = await leads.ReadAsync(LeadFilter.Read(http.Request.Query), stop) })).Needs(Capability.SeeOrders);
        var follow = workspace.MapGroup("/leads/{id}").Needs(Capability.MakeOrders);
        follow.MapPost("/follow", (HttpContext http, string id, [FromForm] string? note, [FromForm] string? day, [FromForm] string? back, Leads leads, LeadReader reader, Shop shop) =>
            AnswerAsync(http, id, back, reader, shop, lead => leads.FollowAsync(lead, note, day, shop.AccountId, http.RequestAborted)));
        follow.MapPost("/done", (HttpContext http, string id, [FromForm] string? done, [FromForm] string? back, Leads leads, LeadReader reader, Shop shop) =>
            AnswerAsync(http, id, back, reader, shop, lead => leads.DoneAsync(lead, done != "false", shop.AccountId, http.RequestAborted)));
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, string id, string? back, LeadReader reader, Shop shop, Func<Id<Lead>, Task<Refusal?>> change)
    {
        if (!Id<Lead>.TryParse(id, null, out var lead)) return Results.NotFound();
        if (await change(lead) is not { } refusal) return Results.Back(http, back is { Length: > 0 } && Answers.IsOurs(back) && back.StartsWith(shop.Link("leads"), StringComparison.Ordinal) ? back : shop.Link("leads"), "ui.saved");
        if (refusal.Kind == RefusalKind.NotFound) return Results.NotFound();
        return Results.Refused<LeadsPage>(refusal, new { Leads = await reader.ReadAsync(new() { Only = lead }, http.RequestAborted), Refusal = refusal, RefusedLead = lead });
    }
}
