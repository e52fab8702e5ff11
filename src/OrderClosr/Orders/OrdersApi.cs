using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Web.Api;

namespace OrderClosr.Orders;

/// <summary>Orders and leads for a merchant's programs.</summary>
public static class OrdersApi
{
    public static void MapOrdersApi(this RouteGroupBuilder api)
    {
        api.MapGet("/orders", ListAsync).Answers<ApiList<OrderShape>>().WithSummary("Orders, newest first.");
        api.MapGet("/orders/{id}", async (string id, OrderClosrDb db, Places places, CancellationToken stop) =>
            ApiAnswers.Found(await FindAsync(db, places, id, stop), "order")).Answers<OrderShape>().WithSummary("One order.");

        api.MapPost("/orders", (HttpContext http, OrderClosrDb db, Places places, CreateOrder create, TimeProvider time) => ApiWrites.WriteAsync<NewOrder, OrderShape>(http, async body =>
        {
            var content = body.Read();
            if (!content.Ok) return content.Refusal;
            var made = await create.RunAsync(content.Value, OrderOrigin.Api, new(ActorKind.Api, time.GetUtcNow()), http.RequestAborted);
            return made.Ok ? await ShapeAsync(db, places, made.Value, http.RequestAborted) : InTheirWords(made.Refusal);
        }, StatusCodes.Status201Created)).Takes<NewOrder>().Answers<OrderShape>(StatusCodes.Status201Created).WithSummary("A new order that waits for its confirmation. Place and phone are read as people type them; what is ambiguous, unknown or not deliverable is refused with suggestions, and nothing is written.");

        api.MapPost("/orders/{id}/confirm", (string id, HttpContext http, OrderClosrDb db, Places places, ConfirmOrder confirm, TimeProvider time) => ApiWrites.WriteAsync<Nothing, OrderShape>(http, _ =>
            MoveAsync(id, db, places, order => confirm.RunAsync(order, null, new(ActorKind.Api, time.GetUtcNow()), http.RequestAborted), http.RequestAborted))).Takes<Nothing>().Answers<OrderShape>().WithSummary("Confirms an order that waits.");

        api.MapPost("/orders/{id}/cancel", (string id, HttpContext http, OrderClosrDb db, Places places, CancelOrder cancel, TimeProvider time) => ApiWrites.WriteAsync<CancelOrderRequest, OrderShape>(http, body =>
            MoveAsync(id, db, places, order => cancel.RunAsync(order, new(ActorKind.Api, time.GetUtcNow(), body.Reason), http.RequestAborted), http.RequestAborted))).Takes<CancelOrderRequest>().Answers<OrderShape>().WithSummary("Cancels an order.");

        api.MapGet("/leads", async (HttpContext http, OrderClosrDb db, CancellationToken stop) =>
        {
            var page = ApiPage.Read(http);
            return page.Ok ? ApiAnswers.Of(await page.Value.OfAsync(db.Leads.AsNoTracking(), (rows, last) => rows.Where(l => l.Id < last), LeadShape.Of, stop)) : Problems.Of(page.Refusal);
        }).Answers<ApiList<LeadShape>>().WithSummary("Interest without an order, newest first.");
    }

    private static async Task<IResult> ListAsync(HttpContext http, string? state, string? customer_id, OrderClosrDb db, Places places, CancellationToken stop)
    {
        var page = ApiPage.Read(http);
        if (!page.Ok) return Problems.Of(page.Refusal);
        // A change that waits for the customer's yes is not an order of its own.
        var orders = db.Orders.AsNoTracking().Include(o => o.Lines).AsSplitQuery().Where(o => o.ChangeOf == null);
        if (state is not null)
        {
            if (OrderTransitions.Read(state) is not { } wanted) return Problems.Of(new("state_unknown", "There is no such state.", "state", [.. Enum.GetValues<OrderState>().Select(OrderTransitions.Word)]));
            orders = orders.Where(o => o.State == wanted);
        }
        if (customer_id is not null)
        {
            if (!CustomerId.TryParse(customer_id, null, out var customer)) return Problems.Of(new("not_an_id", "This is no id.", "customer_id"));
            orders = orders.Where(o => o.CustomerId == customer);
        }
        var desks = await OrderShape.DesksAsync(db, stop);
        return ApiAnswers.Of(await page.Value.OfAsync(orders, (rows, last) => rows.Where(o => o.Id < last), order => OrderShape.Of(order, places, desks), stop));
    }

    private static async Task<OrderShape?> FindAsync(OrderClosrDb db, Places places, string text, CancellationToken stop)
    {
        if (!OrderId.TryParse(text, null, out var id)) return null;
        var order = await db.Orders.AsNoTracking().Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == id && o.ChangeOf == null, stop);
        return order is null ? null : await ShapeAsync(db, places, order, stop);
    }

    private static async Task<Result<OrderShape>> MoveAsync(string text, OrderClosrDb db, Places places, Func<OrderId, Task<Result<Order>>> verb, CancellationToken stop)
    {
        var id = ApiAnswers.Id<Order>(text, "order");
        if (!id.Ok) return id.Refusal;
        var moved = await verb(id.Value);
        return moved.Ok ? await ShapeAsync(db, places, moved.Value, stop) : moved.Refusal;
    }

    private static async Task<OrderShape> ShapeAsync(OrderClosrDb db, Places places, Order order, CancellationToken stop) =>
        OrderShape.Of(order, places, order.DeskId is null ? new Dictionary<Id<Desk>, string>() : await OrderShape.DesksAsync(db, stop));

    /// <summary>Fields as this door names them.</summary>
    private static Refusal InTheirWords(Refusal refusal) => refusal with
    {
        Field = refusal.Field switch { "items" => "lines", "quantity" or "variant_id" or "unit_price" => $"lines.{refusal.Field}", var field => field },
        Suggestions = refusal.Code == "field_missing" ? [.. refusal.Suggestions!.Select(f => f == "items" ? "lines" : f)] : refusal.Suggestions,
    };
}
