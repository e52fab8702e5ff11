using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders.Pages;
using OrderClosr.Shipping;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Orders;

/// <summary>The merchant's pages of orders: list, confirmation desk, one order, a new one.</summary>
public static class OrdersPages
{
    /// <summary>Codes of reasons for a later day.</summary>
    public static readonly IReadOnlyList<string> PostponeReasons = ["salary", "travelling", "asked_later", "not_ready"];

    public static void MapOrdersPages(this RouteGroupBuilder workspace)
    {
        var see = workspace.MapGroup("").Needs(Capability.SeeOrders);
        var make = workspace.MapGroup("/orders/new").Needs(Capability.MakeOrders);
        var confirm = workspace.MapGroup("/orders").Needs(Capability.Confirm);
        see.MapGet("/orders", ListAsync);
        confirm.MapGet("/confirm", (string? id, string? done, OrderPageParts parts, CancellationToken stop) => parts.DeskAsync(id, done, null, null, stop));
        make.MapGet("", async (string? lead, LeadReader leads, OrderPageParts parts, CancellationToken stop) =>
            Results.Page<NewOrderPage>(new { Draft = Id<Lead>.TryParse(lead, null, out var of) ? await leads.FormAsync(of, stop) : new OrderForm(), Choices = await parts.ChoicesAsync(0, stop) }));
        make.MapPost("", CreateAsync);
        make.MapPost("/preview", async (HttpContext http, Drafts drafts, Places places, CancellationToken stop) =>
            await PreviewAsync(drafts.New(default, default, OrderOrigin.Member), OrderForm.Read(await http.Request.ReadFormAsync(stop)), drafts, places, stop));
        confirm.MapGet("/communes", async (string? wilaya, OrderPageParts parts, CancellationToken stop) =>
            Results.Page<CommuneList>(new { Names = (await parts.ChoicesAsync(int.TryParse(wilaya, out var code) ? code : 0, stop)).Communes }));
        workspace.MapGroup("").Needs(Capability.SeeInbox).MapGet("/orders/panel/{conversation}", async (string conversation, OrderClosrDb db, CancellationToken stop) =>
            ConversationId.TryParse(conversation, null, out var id) && await db.Conversations.AnyAsync(c => c.Id == id, stop) ? Results.Page<OrderPanel>(new { Conversation = id }) : Results.NotFound());
        workspace.MapLeadPages();
        workspace.MapGroup("").Needs(Capability.SeeShop).MapGet("/settings/orders", async (OrderClosrDb db, CancellationToken stop) => Results.Page<OrderSettingsPage>(new { Given = OrderRules.Of(await OrderSettings.OfAsync(db, stop)) }));
        workspace.MapPost("/settings/orders", SaveRulesAsync).Needs(Capability.ChangeOrderRules);
        see.MapGet("/orders/{id}", async (string id, OrderPageParts parts, CancellationToken stop) => await parts.OneAsync(id, null, null, stop));
        confirm.MapPost("/{id}/change", ChangeAsync);
        confirm.MapPost("/{id}/preview", async (string id, HttpContext http, OrderClosrDb db, Drafts drafts, Places places, OrderPageParts parts, CancellationToken stop) =>
        {
            if (!OrderId.TryParse(id, null, out var order) || await parts.AccessAsync(order, stop) != OrderAccess.Open) return Results.NotFound();
            var copy = await db.Orders.AsNoTracking().Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == order && o.ChangeOf == null, stop);
            return copy is null ? Results.NotFound() : await PreviewAsync(copy, OrderForm.Read(await http.Request.ReadFormAsync(stop)), drafts, places, stop);
        });
        confirm.MapPost("/{id}/move", MoveAsync);
        confirm.MapPost("/{id}/take", async (string id, HttpContext http, TakeOrder take, OrderPageParts parts, Shop shop, CancellationToken stop) =>
            await HandAsync(id, http, parts, shop, order => take.TakeAsync(order, shop.AccountId, shop.May(Capability.TakeOverOrders), stop), stop));
        confirm.MapPost("/{id}/give-back", async (string id, HttpContext http, TakeOrder take, OrderPageParts parts, Shop shop, CancellationToken stop) =>
            await HandAsync(id, http, parts, shop, order => take.GiveBackAsync(order, shop.AccountId, stop), stop));
    }

    /// <summary>Into the own hand or out of it, then the desk with this order.</summary>
    private static async Task<IResult> HandAsync(string id, HttpContext http, OrderPageParts parts, Shop shop, Func<OrderId, Task<Refusal?>> change, CancellationToken stop)
    {
        if (!OrderId.TryParse(id, null, out var order) || await parts.AccessAsync(order, stop) == OrderAccess.None) return Results.NotFound();
        return await change(order) is not { } refusal ? Results.Back(http, shop.Link($"orders/confirm?id={order}")) : refusal.Kind == RefusalKind.NotFound ? Results.NotFound() : await parts.DeskAsync(id, null, refusal, null, stop);
    }

    private static async Task<IResult> ListAsync(string? state, string? q, string? before, OrderViews views, CancellationToken stop)
    {
        var only = OrderTransitions.Read(state);
        if (state is not null && only is null) return Results.NotFound();
        OrderId? last = OrderId.TryParse(before, null, out var id) ? id : null;
        var words = string.IsNullOrWhiteSpace(q) ? null : OneLine.Of(q.Length > 100 ? q[..100] : q);
        return Results.Page<OrdersPage>(new { Orders = await views.ListAsync(only, words, last, stop), Counts = await views.CountsAsync(stop), State = only, Query = words, Before = last });
    }

    private static async Task<IResult> CreateAsync(HttpContext http, CreateOrder create, ConfirmOrder confirm, OrderPageParts parts, Shop shop, TimeProvider time, CancellationToken stop)
    {
        var posted = await http.Request.ReadFormAsync(stop);
        var form = OrderForm.Read(posted);
        var cause = new Cause(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId);
        var made = await create.RunAsync(form.Change(), OrderOrigin.Member, cause, stop);
        if (!made.Ok) return Results.Refused<NewOrderPage>(made.Refusal, new { Draft = form, Choices = await parts.ChoicesAsync(int.TryParse(form.Wilaya, out var wilaya) ? wilaya : 0, stop), made.Refusal });
        if (posted["then"] == "confirm")
        {
            // Somebody may have bought the last piece meanwhile: the order is written and waits, and the page says why.
            var confirmed = await confirm.RunAsync(made.Value.Id, null, cause, stop);
            if (!confirmed.Ok) return await parts.OneAsync(made.Value.Id.ToString(), confirmed.Refusal, null, stop);
        }
        return Results.Back(http, shop.Link($"orders/{made.Value.Id}"), "orders.written");
    }

    private static async Task<IResult> ChangeAsync(string id, HttpContext http, ChangeOrder change, OrderPageParts parts, Shop shop, TimeProvider time, CancellationToken stop)
    {
        var access = OrderId.TryParse(id, null, out var order) ? await parts.AccessAsync(order, stop) : OrderAccess.None;
        if (access == OrderAccess.None) return Results.NotFound();
        if (access == OrderAccess.Take) return await parts.DeskAsync(id, null, OrderPageParts.TakeFirst, null, stop);
        var posted = await http.Request.ReadFormAsync(stop);
        var form = OrderForm.Read(posted);
        var changed = await change.RunAsync(order, form.Change(), form.Version, new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId), stop);
        var back = BackTo(posted["back"], shop) ?? Desk(shop);
        if (changed.Ok) return Results.Back(http, back ?? shop.Link($"orders/{order}"), "ui.saved");
        return back is null ? await parts.OneAsync(id, changed.Refusal, form, stop) : await parts.DeskAsync(id, null, changed.Refusal, form, stop);
    }

    private static async Task<IResult> MoveAsync(string id, HttpContext http, ConfirmOrder confirm, CancelOrder cancel, FollowOrder follow, OrderPageParts parts, Shop shop, TimeProvider time, CancellationToken stop)
    {
        var access = OrderId.TryParse(id, null, out var order) ? await parts.AccessAsync(order, stop) : OrderAccess.None;
        if (access == OrderAccess.None) return Results.NotFound();
        if (access == OrderAccess.Take) return await parts.DeskAsync(id, null, OrderPageParts.TakeFirst, null, stop);
        var form = await http.Request.ReadFormAsync(stop);
        var result = form["result"].ToString();
        var reason = form["reason"].ToString() is { Length: > 0 } said ? said : null;
        var cause = new Cause(ActorKind.Member, time.GetUtcNow(), reason, shop.AccountId);
        var moved = result switch
        {
            "confirmed" => await confirm.RunAsync(order, null, cause with { Reason = null }, stop),
            "postponed" => await follow.PostponeAsync(order, cause with { Until = DateOnly.TryParseExact(form["date"], "yyyy-MM-dd", out var day) ? AlgiersTime.StartOf(day).AddHours(7) : null }, stop),
            "cancelled" => await cancel.RunAsync(order, cause, stop),
            "reopened" => await follow.ReopenAsync(order, cause with { Reason = "undone" }, stop),
            _ when FollowOrder.Tries.Contains(result) => await follow.NotReachedAsync(order, cause with { Reason = result }, stop),
            _ => new Refusal("result_unknown", "There is no such result."),
        };
        var back = BackTo(form["back"], shop) ?? Desk(shop);
        if (moved.Ok) return Results.Back(http, back ?? shop.Link($"orders/{order}"), back?.Contains("/orders/confirm", StringComparison.Ordinal) == true ? null : "orders.moved");
        if (moved.Refusal.Kind == RefusalKind.NotFound) return Results.NotFound();
        return back?.Contains("/orders/confirm", StringComparison.Ordinal) == true ? await parts.DeskAsync(id, null, moved.Refusal, null, stop) : await parts.OneAsync(id, moved.Refusal, null, stop);
    }

    private static async Task<IResult> SaveRulesAsync(HttpContext http, SaveOrderSettings save, Shop shop, CancellationToken stop)
    {
        var form = await http.Request.ReadFormAsync(stop);
        var typed = SaveOrderSettings.Limits.Keys.ToDictionary(k => k, k => Folding.AsciiDigits(form[k].ToString()).Trim());
        int? Read(string field) => int.TryParse(typed[field], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
        var rules = new OrderRules(form["confirms_alone"] != "false", Read("duplicate_hours"), Read("risk_from"), Read("most_attempts"), Read("retry_minutes"));
        return await save.RunAsync(rules, stop) is { Count: > 0 } wrong
            ? Results.Refused<OrderSettingsPage>(wrong[0], new { Given = rules, Typed = (IReadOnlyDictionary<string, string>)typed, Wrong = wrong })
            : Results.Back(http, shop.Link("settings/orders"), "ui.saved");
    }

    /// <summary>What the sum would be: nothing is saved.</summary>
    private static async Task<IResult> PreviewAsync(Order copy, OrderForm form, Drafts drafts, Places places, CancellationToken stop)
    {
        var change = form.Change();
        // Fields half typed must not hide the sum: they are judged when the form is sent.
        var tried = await drafts.ApplyAsync(copy, new() { Items = change.Items, Wilaya = change.Wilaya, Commune = change.Commune, Delivery = change.Delivery, Desk = change.Desk, IgnoresFloor = true }, stop);
        return Results.Page<OrderTotals>(new { Order = copy, Where = places.WilayaOf(copy.WilayaCode)?.Name ?? "", Refusal = tried.Ok ? null : tried.Refusal });
    }

    /// <summary>Whoever sees no orders but those of the queue goes back to the queue.</summary>
    private static string? Desk(Shop shop) => shop.May(Capability.SeeOrders) ? null : shop.Link("orders/confirm");

    /// <summary>A return address inside this workspace; anything else is none.</summary>
    private static string? BackTo(string? address, Shop shop) => address is { Length: > 0 } && Answers.IsOurs(address) && address.StartsWith(shop.Link("") + "/", StringComparison.Ordinal) ? address : null;
}

/// <summary>Reads what the pages of orders show beside the order itself.</summary>
public sealed class OrderPageParts(OrderClosrDb db, OrderSheets sheets, OrderViews views, Places places, HiddenNumbers numbers, Shop shop, TimeProvider time)
{
    /// <summary>What a member gets who decides about an order that is in no hand, or in another's.</summary>
    internal static Refusal TakeFirst { get; } = new("take_first", "Take the order in hand first.", Kind: RefusalKind.Conflict);

    /// <summary>The page of one order, or of nothing found; the desk for who sees the queue alone.</summary>
    public async Task<IResult> OneAsync(string id, Refusal? refusal, OrderForm? typed, CancellationToken stop)
    {
        if (!shop.May(Capability.SeeOrders)) return await DeskAsync(id, null, refusal, typed, stop);
        if (!OrderId.TryParse(id, null, out var order) || await sheets.WholeAsync(order, stop) is not { } sheet) return Results.NotFound();
        var moves = await db.OrderMoves.AsNoTracking().Where(m => m.OrderId == order).OrderBy(m => m.At).ThenBy(m => m.Id).ToListAsync(stop);
        var accounts = moves.Select(m => m.AccountId).OfType<Guid>().Distinct().ToList();
        var form = typed ?? OrderForm.Of(sheet);
        return Results.Page<OrderPage>(new
        {
            Sheet = sheet, Moves = (IReadOnlyList<OrderMove>)moves, Members = (IReadOnlyDictionary<Guid, string>)await db.Accounts.AsNoTracking().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, stop),
            Edit = form, Choices = await ChoicesAsync(int.TryParse(form.Wilaya, out var wilaya) ? wilaya : 0, stop),
            Pending = await db.Orders.AsNoTracking().Where(o => o.ChangeOf == order && o.State == OrderState.Draft).FirstOrDefaultAsync(stop), Refusal = refusal,
        }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }

    /// <summary>May the member work on this order? Who sees all orders on any; who sees the queue alone on what is in the own hand, and on what was decided by it today (to take the step back).</summary>
    public async Task<OrderAccess> AccessAsync(OrderId id, CancellationToken stop)
    {
        if (shop.May(Capability.SeeOrders)) return OrderAccess.Open;
        var (now, from) = (time.GetUtcNow(), AlgiersTime.StartOf(time.TodayInAlgiers()));
        var waiting = (await views.QueueAsync(stop)).FirstOrDefault(o => o.Id == id);
        var holder = waiting?.HolderAt(now);
        if (holder == shop.AccountId) return OrderAccess.Open;
        if (holder is null && await db.OrderMoves.Where(m => m.OrderId == id).OrderByDescending(m => m.Id).Take(1).AnyAsync(m => m.AccountId == shop.AccountId && m.At >= from, stop)) return OrderAccess.Open;
        return waiting is null ? OrderAccess.None : OrderAccess.Take;
    }

    /// <summary>The confirmer's desk, with the order asked for or the first of the queue.</summary>
    public async Task<IResult> DeskAsync(string? id, string? done, Refusal? refusal, OrderForm? typed, CancellationToken stop)
    {
        var queue = await views.QueueAsync(stop);
        var wanted = OrderId.TryParse(id, null, out var asked) ? queue.FirstOrDefault(o => o.Id == asked) : null;
        var now = time.GetUtcNow();
        // What is in the own hand comes first, what is in another's last.
        var current = wanted ?? queue.FirstOrDefault(o => o.HolderAt(now) == shop.AccountId) ?? queue.FirstOrDefault(o => o.HolderAt(now) is null) ?? (queue.Count > 0 ? queue[0] : null);
        var found = current is null ? null : await sheets.FindAsync(current.Id, stop);
        var heard = found?.Conversation is null ? [] : await HeardAsync(found.Order.ConversationId, stop);
        var decided = OrderId.TryParse(done, null, out var last) ? await db.Orders.AsNoTracking().SingleOrDefaultAsync(o => o.Id == last && o.Number > 0, stop) : null;
        var sheet = numbers.Hide(found, heard);
        numbers.Hide(decided);
        foreach (var order in queue) numbers.Hide(order);
        var holders = queue.Select(o => o.HolderAt(now)).OfType<Guid>().Distinct().ToList();
        var from = AlgiersTime.StartOf(time.TodayInAlgiers());
        var form = typed ?? (sheet is null ? null : OrderForm.Of(sheet));
        return Results.Page<ConfirmPage>(new
        {
            Queue = queue, Due = await OrderViews.WaitingAsync(db, now, stop), Sheet = sheet, Typed = typed, Refusal = refusal, Now = now, Heard = heard,
            Holders = (IReadOnlyDictionary<Guid, string>)(holders.Count == 0 ? [] : await db.Accounts.AsNoTracking().Where(a => holders.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, stop)),
            Choices = await ChoicesAsync(form is not null && int.TryParse(form.Wilaya, out var wilaya) ? wilaya : 0, stop),
            Today = (IReadOnlyDictionary<OrderState, int>)await db.OrderMoves.Where(m => m.At >= from && m.From != m.To).GroupBy(m => m.To).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop),
            Done = decided,
        }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }

    /// <summary>What the forms offer; communes of no wilaya are none.</summary>
    public async Task<OrderChoices> ChoicesAsync(int wilaya, CancellationToken stop) => new(
        await db.Products.AsNoTracking().Where(p => p.Active).Include(p => p.Variants.OrderBy(v => v.Position)).OrderBy(p => p.Name).Take(500).ToListAsync(stop),
        wilaya == 0 ? [] : await db.Desks.AsNoTracking().Where(d => d.WilayaCode == wilaya && d.Active).OrderBy(d => d.Name).ToListAsync(stop),
        wilaya == 0 ? [] : [.. places.CommunesOf(wilaya).Select(c => Languages.Current == "ar" ? c.NameAr : c.Name).Order(StringComparer.CurrentCulture)]);

    /// <summary>The customer's last three messages with words.</summary>
    private async Task<IReadOnlyList<Message>> HeardAsync(ConversationId conversation, CancellationToken stop)
    {
        var last = await db.Messages.AsNoTracking().Where(m => m.ConversationId == conversation && m.Direction == Direction.In && m.Text != "" && m.DeletedAt == null).OrderByDescending(m => m.At).ThenByDescending(m => m.Seq).Take(3).ToListAsync(stop);
        last.Reverse();
        return last;
    }
}

/// <summary>What a member may do with an order.</summary>
public enum OrderAccess
{
    /// <summary>It is none of the member's.</summary>
    None,

    /// <summary>See it in the queue, and take it in hand.</summary>
    Take,

    /// <summary>Work on it.</summary>
    Open,
}
