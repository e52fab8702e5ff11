using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash.Pages;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Cash;

/// <summary><c>/w/{workspace}/cash</c>: what is owed today, slips, differences, claims, terms, the accountant's file.</summary>
public static class CashPages
{
    public static void MapCashPages(this RouteGroupBuilder workspace)
    {
        var see = workspace.MapGroup("/cash").Needs(Capability.SeeCash);
        see.MapGet("", async (CashViews views, TimeProvider time, CancellationToken stop) => Results.Page<CashPage>(new { View = await views.OverviewAsync(stop), Today = time.TodayInAlgiers() }));
        see.MapGet("/slips/{id}", async (string id, CashViews views, CancellationToken stop) =>
            Id<PaymentSlip>.TryParse(id, null, out var slip) && await views.SlipAsync(slip, stop) is { } sheet ? Results.Page<SlipPage>(new { Sheet = sheet }) : Results.NotFound());

        see.MapGet("/parcels/{id}", async (string id, CashViews views, CancellationToken stop) =>
            ParcelId.TryParse(id, null, out var parcel) && await views.ParcelAsync(parcel, stop) is { } money ? Results.Page<ParcelMoneyPage>(new { Money = money }) : Results.NotFound());

        var count = workspace.MapGroup("/cash").Needs(Capability.CountCash);
        count.MapGet("/slips/new", async (OrderClosrDb db, CancellationToken stop) => Results.Page<SlipNewPage>(new { Accounts = await AccountsAsync(db, stop) }));
        count.MapPost("/slips/new", LookAsync);
        count.MapPost("/announced", AnnouncedAsync);
        count.MapGet("/previews/{id}", async (HttpContext http, string id, OrderClosrDb db, ImportSlip slips, TimeProvider time) =>
            await FindAsync(db, id, time, http.RequestAborted) is { } look ? await PreviewAsync(look, db, slips, null, http.RequestAborted) : Results.NotFound());
        count.MapPost("/previews/{id}/columns", ColumnsAsync);
        count.MapPost("/previews/{id}", ApplyAsync);
        count.MapPost("/slips/{id}/undo", async (HttpContext http, string id, Shop shop, UndoSlip undo, CashViews views) =>
        {
            if (!Id<PaymentSlip>.TryParse(id, null, out var slip)) return Results.NotFound();
            var undone = await undo.RunAsync(slip, shop.AccountId, http.RequestAborted);
            return undone.Ok ? Results.Back(http, shop.Link($"cash/slips/{slip}"), "cash.said_undone") : await RefusedAsync(slip, undone.Refusal, views, http.RequestAborted);
        });
        count.MapPost("/slips/{id}/sum", async (HttpContext http, string id, Shop shop, ResolveDifference resolve, CashViews views) =>
        {
            if (!Id<PaymentSlip>.TryParse(id, null, out var slip)) return Results.NotFound();
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var received = TypedAmount.Read(form["received"], "received");
            Refusal? no = !received.Ok ? received.Refusal : received.Value is null ? ReceivedMissing : null;
            if (no is null && await resolve.CountAsync(slip, received.Value!.Value, form["reason"], http.RequestAborted) is { Ok: false } counted) no = counted.Refusal;
            return no is null ? Results.Back(http, shop.Link($"cash/slips/{slip}"), "ui.saved") : await RefusedAsync(slip, no, views, http.RequestAborted);
        });
        count.MapPost("/lines/{id}", ResolveAsync);
        var open = workspace.MapGroup("/cash").Needs(Capability.OpenClaims);
        open.MapGet("/parcels/{id}/claim", async (ParcelId id, OrderClosrDb db, CancellationToken stop) => await NewClaimAsync(db, id, null, null, stop));
        open.MapPost("/parcels/{id}/claim", OpenClaimAsync);
        count.MapGet("/claims/{id}", async (string id, OrderClosrDb db, CancellationToken stop) => await ClaimAsync(db, id, stop) is { } claim ? Results.Page<ClaimPage>(claim) : Results.NotFound());
        count.MapPost("/claims/{id}", ChangeClaimAsync);
        count.MapGet("/terms", async (OrderClosrDb db, Terms terms, CancellationToken stop) => Results.Page<TermsPage>(new { Accounts = await AccountsAsync(db, stop), Agreed = await terms.AllAsync(stop) }));
        count.MapPost("/terms/{id}", TermsAsync);
        count.MapGet("/export.csv", (string? from, string? to, CashExport export, TimeProvider time, CancellationToken stop) => ExportAsync(from, to, false, export, time, stop)).Needs(Capability.Export);
        count.MapGet("/export.xlsx", (string? from, string? to, CashExport export, TimeProvider time, CancellationToken stop) => ExportAsync(from, to, true, export, time, stop)).Needs(Capability.Export);
    }

    private static readonly Refusal ReceivedMissing = new("received_missing", "Type what was received, or tick that it is exactly this.", "received");

    private static async Task<IResult> LookAsync(HttpContext http, Shop shop, ImportSlip slips, OrderClosrDb db)
    {
        var stop = http.RequestAborted;
        var sent = await http.Request.ReadFormAsync(stop);
        var accounts = await AccountsAsync(db, stop);
        var chosen = sent["account"].FirstOrDefault() ?? http.Request.Query["account"].FirstOrDefault();
        if (!CourierAccountId.TryParse(chosen, null, out var account) || accounts.All(a => a.Id != account)) return Refused(new("courier_missing", "Say whose slip it is.", "account"));
        if (sent.Files.GetFile("file") is not { Length: > 0 } file) return Refused(new("file_missing", "Choose a file.", "file"));
        if (file.Length > SlipFile.MostBytes) return Refused(new("slip_too_large", "The file is too large.", "file", [$"{SlipFile.MostBytes / (1024 * 1024)} MB"]));
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, stop);
        var looked = await slips.LookAsync(account, bytes.ToArray(), file.FileName, shop.AccountId, stop);
        return looked.Ok ? Results.Back(http, shop.Link($"cash/previews/{looked.Value.Id}")) : Refused(looked.Refusal);

        IResult Refused(Refusal refusal) => Results.Refused<SlipNewPage>(refusal, new { Refusal = refusal, Accounts = accounts, Chosen = chosen });
    }

    private static async Task<IResult> AnnouncedAsync(HttpContext http, Shop shop, ImportSlip slips)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!CourierAccountId.TryParse(form["account"], null, out var account)) return Results.Back(http, shop.Link("cash"));
        var looked = await slips.LookAtAnnouncedAsync(account, form["number"].ToString(), shop.AccountId, http.RequestAborted);
        return looked.Ok ? Results.Back(http, shop.Link($"cash/previews/{looked.Value.Id}")) : Results.Back(http, shop.Link("cash"), "cash.said_announced_gone");
    }

    private static async Task<IResult> PreviewAsync(SlipLook look, OrderClosrDb db, ImportSlip slips, Refusal? refusal, CancellationToken stop, IReadOnlyDictionary<string, string>? typed = null)
    {
        var plan = await slips.PlanAsync(look, stop);
        var names = (await AccountsAsync(db, stop)).ToDictionary(a => a.Id, a => a.Name);
        db.ChangeTracker.Clear();
        var parameters = new
        {
            Look = look, Plan = plan, Refusal = refusal, Before = await slips.AppliedBeforeAsync(look, stop), Courier = names.GetValueOrDefault(look.AccountId, "–"),
            Elsewhere = plan?.Elsewhere is { } other ? names.GetValueOrDefault(other) : null, Typed = typed,
        };
        return refusal is null ? Results.Page<SlipPreviewPage>(parameters) : Results.Refused<SlipPreviewPage>(refusal, parameters);
    }

    private static async Task<IResult> ColumnsAsync(HttpContext http, string id, Shop shop, ImportSlip slips, OrderClosrDb db, TimeProvider time)
    {
        var stop = http.RequestAborted;
        if (await FindAsync(db, id, time, stop) is not { } look) return Results.NotFound();
        var form = await http.Request.ReadFormAsync(stop);
        var columns = new SlipColumns { HeadRow = int.TryParse(form["head_row"], out var row) ? row : look.Columns?.HeadRow ?? SlipColumns.LikelyHead(look.Sheet) };
        foreach (var role in SlipColumns.Roles)
            if (int.TryParse(form[role], out var at)) columns = columns.With(role, at);
        var set = await slips.SetColumnsAsync(look.Id, columns, stop);
        return set.Ok ? Results.Back(http, shop.Link($"cash/previews/{look.Id}")) : await PreviewAsync(look, db, slips, set.Refusal, stop, SlipColumns.Roles.ToDictionary(r => r, r => form[r].ToString()));
    }

    private static async Task<IResult> ApplyAsync(HttpContext http, string id, Shop shop, ImportSlip slips, OrderClosrDb db, TimeProvider time)
    {
        var stop = http.RequestAborted;
        if (await FindAsync(db, id, time, stop) is not { } look) return Results.NotFound();
        var form = await http.Request.ReadFormAsync(stop);
        var received = TypedAmount.Read(form["received"], "received");
        var refusal = !received.Ok ? received.Refusal : received.Value is null && form["same"] != "true" ? ReceivedMissing : null;
        if (refusal is null)
        {
            var applied = await slips.ApplyAsync(look.Id, form["seen"].ToString(), form["number"], received.Value, shop.AccountId, stop);
            if (applied.Ok) return Results.Back(http, shop.Link($"cash/slips/{applied.Value.Id}"), "cash.said_applied");
            refusal = applied.Refusal;
        }
        db.ChangeTracker.Clear();
        return await FindAsync(db, id, time, stop) is { } still ? await PreviewAsync(still, db, slips, refusal, stop) : Results.NotFound();
    }

    private static async Task<IResult> ResolveAsync(HttpContext http, string id, Shop shop, ResolveDifference resolve, OrderClosrDb db, CashViews views)
    {
        var stop = http.RequestAborted;
        if (!Id<SlipLine>.TryParse(id, null, out var line) || await db.SlipLines.AsNoTracking().Where(l => l.Id == line).Select(l => (Id<PaymentSlip>?)l.SlipId).SingleOrDefaultAsync(stop) is not { } slip) return Results.NotFound();
        var form = await http.Request.ReadFormAsync(stop);
        var claims = form["do"] == "claim";
        var done = claims ? await resolve.ClaimAsync(line, form["reason"], shop.AccountId, stop) : await resolve.AcceptAsync(line, form["reason"], shop.AccountId, stop);
        return done.Ok ? Results.Back(http, shop.Link($"cash/slips/{slip}"), claims ? "cash.said_claimed" : "cash.said_accepted") : await RefusedAsync(slip, done.Refusal, views, stop);
    }

    private static async Task<IResult> RefusedAsync(Id<PaymentSlip> id, Refusal refusal, CashViews views, CancellationToken stop) =>
        await views.SlipAsync(id, stop) is { } sheet ? Results.Refused<SlipPage>(refusal, new { Sheet = sheet, Refusal = refusal }) : Results.NotFound();

    private static async Task<IResult> OpenClaimAsync(ParcelId id, HttpContext http, Shop shop, Claims claims, OrderClosrDb db)
    {
        var stop = http.RequestAborted;
        var form = await http.Request.ReadFormAsync(stop);
        var amount = TypedAmount.Read(form["amount"], "amount");
        if (!amount.Ok) return await NewClaimAsync(db, id, form, amount.Refusal, stop);
        var kind = Claims.ByHand.Cast<ClaimKind?>().FirstOrDefault(k => k!.Value.Word() == form["kind"]);
        var opened = await claims.OpenAsync(id, kind ?? ClaimKind.Difference, amount.Value, form["note"], shop.AccountId, stop);
        db.ChangeTracker.Clear();
        return opened.Ok ? Results.Back(http, shop.Link($"parcels/{id}"), "cash.claim_opened") : await NewClaimAsync(db, id, form, opened.Refusal, stop);
    }

    private static async Task<IResult> NewClaimAsync(OrderClosrDb db, ParcelId id, IFormCollection? form, Refusal? refusal, CancellationToken stop)
    {
        if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is not { } parcel) return Results.NotFound();
        var courier = await db.CourierAccounts.AsNoTracking().Where(a => a.Id == parcel.AccountId).Select(a => a.Name).SingleOrDefaultAsync(stop) ?? "–";
        return Results.Page<ClaimNewPage>(new { Parcel = parcel, Courier = courier, Worth = await db.WorthAsync(parcel, stop), Kind = form?["kind"].ToString() ?? "", Amount = form?["amount"].ToString(), Note = form?["note"].ToString() ?? "", Refusal = refusal },
            refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }

    private static async Task<IResult> ChangeClaimAsync(HttpContext http, string id, Shop shop, Claims claims, OrderClosrDb db)
    {
        var stop = http.RequestAborted;
        if (!Id<Claim>.TryParse(id, null, out var claim)) return Results.NotFound();
        var form = await http.Request.ReadFormAsync(stop);
        if (Claims.Answers.FirstOrDefault(a => a.Word() == form["do"]) is var answer && Claims.Answers.Contains(answer))
        {
            var said = await claims.AnswerAsync(claim, answer, form["said"], shop.AccountId, stop);
            return said.Ok ? Results.Back(http, shop.Link($"cash/claims/{claim}"), "ui.saved") : said.Refusal.Kind == RefusalKind.NotFound ? Results.NotFound() : Results.Back(http, shop.Link($"cash/claims/{claim}"));
        }
        var amount = TypedAmount.Read(form[form["do"] == "settle" ? "got" : "amount"], form["do"] == "settle" ? "got" : "amount");
        Refusal? refusal = null;
        if (form["do"] != "give_up" && !amount.Ok) refusal = amount.Refusal;
        else if (form["do"] != "give_up" && amount.Value is null) refusal = new("amount_missing", "Type an amount.", form["do"] == "settle" ? "got" : "amount");
        else
        {
            var done = form["do"].ToString() switch
            {
                "settle" => await claims.SettleAsync(claim, amount.Value!.Value, form["note"], shop.AccountId, stop),
                "give_up" => await claims.GiveUpAsync(claim, form["note"], shop.AccountId, stop),
                _ => await claims.ChangeAsync(claim, amount.Value!.Value, form["note"], shop.AccountId, stop),
            };
            if (done.Ok) return Results.Back(http, shop.Link("cash"), "ui.saved");
            refusal = done.Refusal;
        }
        db.ChangeTracker.Clear();
        return await ClaimAsync(db, id, stop) is { } shown ? Results.Refused<ClaimPage>(refusal!, new Dictionary<string, object?>(shown) { ["Refusal"] = refusal }) : Results.NotFound();
    }

    private static async Task<IResult> TermsAsync(HttpContext http, string id, Shop shop, Terms terms, Overdue overdue, OrderClosrDb db, TimeProvider time)
    {
        var stop = http.RequestAborted;
        if (!CourierAccountId.TryParse(id, null, out var account)) return Results.NotFound();
        var form = await http.Request.ReadFormAsync(stop);
        var saved = await terms.SaveAsync(account, int.TryParse(Folding.AsciiDigits(form["days"].ToString()), out var days) ? days : null, BasisPoints(form["percent"].ToString()), time.GetUtcNow(), stop);
        if (saved is null)
        {
            await overdue.RunAsync(time.GetUtcNow(), stop);
            return Results.Back(http, shop.Link("cash/terms"), "ui.saved");
        }
        db.ChangeTracker.Clear();
        var accounts = await AccountsAsync(db, stop);
        return accounts.Exists(a => a.Id == account)
            ? Results.Refused<TermsPage>(saved, new { Accounts = accounts, Agreed = await terms.AllAsync(stop), Refusal = saved, Changed = (CourierAccountId?)account }) : Results.NotFound();
    }

    /// <summary>"0,75" is 75; null when it is no percentage.</summary>
    private static int? BasisPoints(string text) => text.Trim().Length == 0 ? 0
        : decimal.TryParse(Folding.AsciiDigits(text).Trim().TrimEnd('%').Trim().Replace(',', '.').Replace('٫', '.'), System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var percent) && percent <= 100
            && percent * 100 == decimal.Truncate(percent * 100) ? (int)(percent * 100) : null;

    private static async Task<IResult> ExportAsync(string? from, string? to, bool asWorkbook, CashExport export, TimeProvider time, CancellationToken stop)
    {
        var today = time.TodayInAlgiers();
        var last = DateOnly.TryParseExact(to, "yyyy-MM-dd", out var until) ? until : today;
        var first = DateOnly.TryParseExact(from, "yyyy-MM-dd", out var since) ? since : new DateOnly(last.Year, last.Month, 1);
        if (last < first) (first, last) = (last, first);
        if (last.DayNumber - first.DayNumber > CashExport.MostDays) first = last.AddDays(-CashExport.MostDays);
        var rows = await export.RowsAsync(first, last, stop);
        var name = $"argent-{first:yyyy-MM-dd}-{last:yyyy-MM-dd}";
        return asWorkbook ? Results.File(export.Workbook(rows), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"{name}.xlsx") : Results.File(export.Csv(rows), "text/csv; charset=utf-8", $"{name}.csv");
    }

    private static async Task<Dictionary<string, object?>?> ClaimAsync(OrderClosrDb db, string id, CancellationToken stop)
    {
        if (!Id<Claim>.TryParse(id, null, out var known) || await db.Claims.AsNoTracking().SingleOrDefaultAsync(c => c.Id == known, stop) is not { } claim) return null;
        var parcel = claim.ParcelId is { } of ? await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == of, stop) : null;
        var slip = claim.LineId is { } line ? await db.SlipLines.AsNoTracking().Where(l => l.Id == line).Select(l => (Id<PaymentSlip>?)l.SlipId).SingleOrDefaultAsync(stop) : null;
        var steps = await db.ClaimSteps.AsNoTracking().Where(s => s.ClaimId == known).OrderBy(s => s.At).ThenBy(s => s.Id).ToListAsync(stop);
        var members = steps.Select(s => s.AccountId).OfType<Guid>().Distinct().ToList();
        return new() { ["Steps"] = steps, ["Members"] = await db.Accounts.AsNoTracking().Where(a => members.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, stop), ["Claim"] = claim, ["Parcel"] = parcel, ["SlipId"] = slip, ["Courier"] = await db.CourierAccounts.AsNoTracking().Where(a => a.Id == claim.AccountId).Select(a => a.Name).SingleOrDefaultAsync(stop) ?? "–" };
    }

    private static Task<List<CourierAccount>> AccountsAsync(OrderClosrDb db, CancellationToken stop) => db.CourierAccounts.AsNoTracking().OrderBy(a => a.Name).ThenBy(a => a.Id).ToListAsync(stop);

    private static async Task<SlipLook?> FindAsync(OrderClosrDb db, string id, TimeProvider time, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return Id<SlipLook>.TryParse(id, null, out var known) ? await db.SlipLooks.AsNoTracking().SingleOrDefaultAsync(l => l.Id == known && l.ExpiresAt > now, stop) : null;
    }
}
