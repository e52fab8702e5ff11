using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Cash;
using OrderClosr.Dashboard.Pages;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Dashboard;

/// <summary><c>/dashboard</c>: what the shop earned, how that is computed, and the records behind each number.</summary>
public static class DashboardPages
{
    public static void MapDashboardPages(this RouteGroupBuilder workspace)
    {
        var see = workspace.MapGroup("/dashboard").Needs(Capability.SeeNumbers);
        see.MapGet("", ShowAsync);
        see.MapGet("/records", RecordsAsync);
        see.MapGet("/by", async (string? list, string? from, string? to, Numbers numbers, TimeProvider time, CancellationToken stop) => NumbersFile.Lists.TryGetValue(list ?? "days", out var cut)
            ? Results.Page<FigureListPage>(new { Numbers = await numbers.ReadAsync(Period.OfPage(from, to, time.TodayInAlgiers()), stop), List = list ?? "days", Cut = cut }) : Results.NotFound());
        see.MapGet("/by/file", async (string? list, string? from, string? to, Numbers numbers, NumbersFile file, TimeProvider time, CancellationToken stop) =>
        {
            if (!NumbersFile.Lists.TryGetValue(list ?? "days", out var cut)) return Results.NotFound();
            var read = await numbers.ReadAsync(Period.OfPage(from, to, time.TodayInAlgiers()), stop);
            return Results.File(file.Csv(read, cut), "text/csv; charset=utf-8", $"{list ?? "days"}-{Period.Text(read.Period.From)}-{Period.Text(read.Period.To)}.csv");
        }).Needs(Capability.Export);
        see.MapGet("/pay", async (string? month, Numbers numbers, TimeProvider time, CancellationToken stop) =>
            Results.Page<PayPage>(new { List = PayList.Of(await numbers.ReadAsync(PayList.Whole(PayList.ReadMonth(month, time.TodayInAlgiers())), stop)), Today = time.TodayInAlgiers() }));
        see.MapGet("/pay/file", async (string? month, Numbers numbers, NumbersFile file, TimeProvider time, CancellationToken stop) =>
        {
            var first = PayList.ReadMonth(month, time.TodayInAlgiers());
            return Results.File(file.Csv(PayList.Of(await numbers.ReadAsync(PayList.Whole(first), stop))), "text/csv; charset=utf-8", $"pay-{first:yyyy-MM}.csv");
        }).Needs(Capability.Export);

        var change = workspace.MapGroup("/dashboard/settings").Needs(Capability.ChangeNumbers);
        change.MapGet("", async (OrderClosrDb db, SaveNumberSettings save, CancellationToken stop) =>
            Results.Page<NumberSettingsPage>(new { Given = NumberWishes.Of(await db.NumberSettings.AsNoTracking().FirstOrDefaultAsync(stop) ?? new NumberSettings { Id = default }, await save.MembersAsync(stop)) }));
        change.MapPost("", async (HttpContext http, SaveNumberSettings save, Shop shop) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            // What the form does not name stays as it is.
            var members = (await save.MembersAsync(http.RequestAborted)).Select(m => m with { PerOrder = form.TryGetValue(m.PerOrderField, out var amount) ? (string?)amount : m.PerOrder, Share = form.TryGetValue(m.ShareField, out var share) ? (string?)share : m.Share }).ToList();
            var wishes = new NumberWishes(form["margin"], form["return_cost"], form["hourly_rate"], form["minutes"], form["commission"], form["share"], members);
            return await save.RunAsync(wishes, http.RequestAborted) is { } refusal ? Results.Refused<NumberSettingsPage>(refusal, new { Given = wishes, Refusal = refusal }) : Results.Back(http, shop.Link("dashboard"), "ui.saved");
        });
    }

    /// <summary><c>/settings/notifications</c>: each member for themselves.</summary>
    public static void MapNotificationsPages(this RouteGroupBuilder workspace)
    {
        var own = workspace.MapGroup("/settings/notifications").Needs(Capability.SeeNumbers);
        own.MapGet("", async (EveningWishes wishes, Ground.Mail.IMailServer mail, Shop shop, CancellationToken stop) => Results.Page<NotificationsPage>(new { Evening = await wishes.IsWantedAsync(shop.AccountId, stop), HasMail = mail.IsOn }));
        own.MapPost("", async (HttpContext http, EveningWishes wishes, Shop shop) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            await wishes.SetAsync(shop.AccountId, form["evening"] == "true", http.RequestAborted);
            return Results.Back(http, shop.Link("settings/notifications"), "ui.saved");
        });
    }

    private static async Task<IResult> ShowAsync(string? from, string? to, string? dates, Numbers numbers, CashViews cash, OrderClosrDb db, Spending spending, TimeProvider time, CancellationToken stop)
    {
        var today = time.TodayInAlgiers();
        var read = await numbers.ReadAsync(Period.OfPage(from, to, today), stop);
        var cap = read.Period == Period.Month(today) ? await db.AgentSettings.AsNoTracking().Select(s => s.MonthCap).FirstOrDefaultAsync(stop) : null;
        return Results.Page<DashboardPage>(new { Numbers = read, Debts = await cash.DebtsAsync(stop), Cap = cap, AgentCost = spending.In(read.Shop.CostMicroDollars), Today = today, AsksDates = !string.IsNullOrEmpty(dates) });
    }

    private static async Task<IResult> RecordsAsync(string? of, string? from, string? to, string? cut, string? key, int? page, Records records, Numbers numbers, Shop shop, TimeProvider time, CancellationToken stop)
    {
        var (period, by) = (Period.OfPage(from, to, time.TodayInAlgiers()), FigureCut.Shop);
        if (of is null || (cut is not null && (!NumbersFile.Lists.TryGetValue(cut, out by) || by == FigureCut.Shop))) return Results.NotFound();
        if (Records.IsOfTalks(of) && !shop.May(Capability.SeeInbox)) return Results.NotFound();
        if (await records.ReadAsync(of, period, by, key ?? "", Math.Clamp(page ?? 0, 0, 10_000), stop) is not { } part) return Results.NotFound();
        var named = by == FigureCut.Shop ? null : (await numbers.ReadAsync(period, stop)).Of(by).FirstOrDefault(n => n.Figure.Key == key);
        return Results.Page<RecordsPage>(new { Part = part, Of = of, Period = period, Cut = cut, Key = key, Named = named });
    }
}
