using System.Globalization;
using OrderClosr.Agent.Pages;
using OrderClosr.Ground.Data;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Agent;

/// <summary><c>/agent</c>: how the shop's agent sells.</summary>
public static class AgentPages
{
    public static void MapAgentPages(this RouteGroupBuilder workspace)
    {
        workspace.MapGroup("").Needs(Capability.SeeShop).MapGet("/agent", async (OrderClosrDb db, ISalesModel model, CancellationToken stop) =>
            Results.Page<AgentPage>(new { Given = AgentWishes.Of(await TurnGates.SettingsAsync(db, stop)), model.IsConfigured }));
        workspace.MapPost("/agent", SaveAsync).Needs(Capability.ChangeAgent);
    }

    private static async Task<IResult> SaveAsync(HttpContext http, SaveAgentSettings save, ISalesModel model, Shop shop, CancellationToken stop)
    {
        var form = await http.Request.ReadFormAsync(stop);
        var when = form["when"].ToString() is "hours" or "closed" ? form["when"].ToString() : "always";
        var wishes = new AgentWishes(form["rules"].ToString(), form["tone"].ToString(), form["soon_message"].ToString(), when, HoursIn(form, ""), HoursIn(form, "other_"))
        {
            Season = new(form["season"] == "true", form["season_first"].ToString(), form["season_last"].ToString(), HoursIn(form, "season_"), HoursIn(form, "season_other_")),
            Notice = new(form["notice_on"] == "true", form["notice_arabic"].ToString(), form["notice_latin"].ToString()),
        };
        return await save.RunAsync(wishes, stop) is { Count: > 0 } wrong
            ? Results.Refused<AgentPage>(wrong[0], new { Given = wishes, Wrong = wrong, model.IsConfigured })
            : Results.Back(http, shop.Link("agent"), "ui.saved");
    }

    private static HoursWish HoursIn(IFormCollection form, string prefix) => new(form[prefix + "from"].ToString(), form[prefix + "to"].ToString(),
        [.. form[prefix + "days"].Select(d => int.TryParse(d, NumberStyles.None, CultureInfo.InvariantCulture, out var day) ? day : -1).Where(d => d is >= 0 and <= 6).Distinct()]);
}
