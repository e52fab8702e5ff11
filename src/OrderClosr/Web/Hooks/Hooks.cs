using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Hooks;

/// <summary>Endpoints of the current workspace: made, removed, told. A telling writes rows in the transaction of its cause; the sending is a job.</summary>
public sealed class Hooks(OrderClosrDb db, HookRules rules, SecretBox secrets, Audit audit, TimeProvider time)
{
    /// <summary>Endpoints of one workspace.</summary>
    public const int Most = 10;

    private List<HookEndpoint>? _endpoints;

    /// <summary>A new endpoint; the second value is its secret, shown once and never again.</summary>
    /// <returns>Refused: <c>hook_url_wrong, hook_event_unknown, too_many_hooks</c>.</returns>
    public async Task<Result<(HookEndpoint Row, string Secret)>> MakeAsync(string? url, IReadOnlyCollection<string> events, CancellationToken stop)
    {
        var address = (url ?? "").Trim();
        if (address.Length > 500 || !Uri.TryCreate(address, UriKind.Absolute, out var to) || to.UserInfo.Length > 0 || to.Fragment.Length > 0 || !(to.Scheme == "https" || (to.Scheme == "http" && rules.MayBePrivate)) || to.Host.Length == 0)
            return new Refusal("hook_url_wrong", "An address beginning with https:// is needed, without a user and a fragment.", "url");
        if (events.FirstOrDefault(e => !HookEvents.All.Contains(e)) is not null) return new Refusal("hook_event_unknown", "There is no such event.", "events", [.. HookEvents.All]);
        if (await db.HookEndpoints.CountAsync(stop) >= Most) return new Refusal("too_many_hooks", $"At most {Most} endpoints.", "url", Kind: RefusalKind.Conflict);
        var now = time.GetUtcNow();
        var secret = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        var row = new HookEndpoint { Id = Id<HookEndpoint>.New(now), Url = to.AbsoluteUri, Secret = secrets.Seal(db.WorkspaceId, HookEndpoint.SecretField, secret), Events = string.Join(' ', HookEvents.All.Where(events.Contains)), CreatedAt = now };
        db.Add(row);
        audit.Write(AuditAction.HookMade, row.Id, to.Host);
        await db.SaveChangesAsync(stop);
        return (row, secret);
    }

    /// <summary>Nothing is sent there any more; its log goes with it.</summary>
    public Task<Refusal?> RemoveAsync(Id<HookEndpoint> id, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        if (await db.HookEndpoints.SingleOrDefaultAsync(e => e.Id == id, stop) is not { } row) return Refusal.NotFound("webhook");
        await db.HookDeliveries.Where(d => d.EndpointId == id).ExecuteDeleteAsync(stop);
        db.Remove(row);
        audit.Write(AuditAction.HookRemoved, id, new Uri(row.Url).Host);
        await db.SaveChangesAsync(stop);
        return (Refusal?)null;
    }, stop);

    /// <summary>On again after it was switched off.</summary>
    public Task<Refusal?> TurnOnAsync(Id<HookEndpoint> id, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        if (await db.HookEndpoints.SingleOrDefaultAsync(e => e.Id == id, stop) is not { } row) return Refusal.NotFound("webhook");
        (row.OffAt, row.FailingSince) = (null, null);
        await db.SaveChangesAsync(stop);
        return (Refusal?)null;
    }, stop);

    /// <summary>Sends a test, so that a program can be tried.</summary>
    public Task<Refusal?> TestAsync(Id<HookEndpoint> id, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        if (await db.HookEndpoints.SingleOrDefaultAsync(e => e.Id == id, stop) is not { } row) return Refusal.NotFound("webhook");
        Write(row, HookEvents.Test, row.Id.Value);
        await db.SaveChangesAsync(stop);
        return (Refusal?)null;
    }, stop);

    /// <summary>Sends one again, under the same id: who has it already knows it.</summary>
    public Task<Refusal?> ResendAsync(Id<HookDelivery> id, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        if (await db.HookDeliveries.SingleOrDefaultAsync(d => d.Id == id, stop) is not { } delivery) return Refusal.NotFound("delivery");
        delivery.State = HookState.Waiting;
        db.Later(new SendHook(delivery.EndpointId, delivery.Id), time.GetUtcNow());
        await db.SaveChangesAsync(stop);
        return (Refusal?)null;
    }, stop);

    /// <summary>Tells whoever wants to hear it; in the transaction of the fact, whose teller saves.</summary>
    internal async Task TellAsync(string what, Guid subject, CancellationToken stop)
    {
        foreach (var endpoint in (await EndpointsAsync(stop)).Where(e => e.Wants(what))) Write(endpoint, what, subject);
    }

    /// <summary>The same for what may be said again: only the first time.</summary>
    internal async Task TellOnceAsync(string what, Guid subject, CancellationToken stop)
    {
        if ((await EndpointsAsync(stop)).Exists(e => e.Wants(what)) && !await db.HookDeliveries.AnyAsync(d => d.Subject == subject && d.Event == what, stop)) await TellAsync(what, subject, stop);
    }

    /// <summary>The first word on an order that was made while the endpoint was there.</summary>
    internal async Task TellMadeAsync(OrderId id, CancellationToken stop)
    {
        foreach (var endpoint in (await EndpointsAsync(stop)).Where(e => e.Wants(HookEvents.OrderCreated)))
        {
            var order = await db.Orders.AsNoTracking().Where(o => o.Id == id && o.ChangeOf == null && o.Number > 0).Select(o => new { o.CreatedAt }).SingleOrDefaultAsync(stop);
            if (order is null || order.CreatedAt < endpoint.CreatedAt || await db.HookDeliveries.AnyAsync(d => d.Subject == id.Value && d.Event == HookEvents.OrderCreated && d.EndpointId == endpoint.Id, stop)) continue;
            Write(endpoint, HookEvents.OrderCreated, id.Value);
        }
    }

    private async Task<List<HookEndpoint>> EndpointsAsync(CancellationToken stop) => _endpoints ??= await db.HookEndpoints.AsNoTracking().Where(e => e.OffAt == null).ToListAsync(stop);

    private void Write(HookEndpoint endpoint, string what, Guid subject)
    {
        var now = time.GetUtcNow();
        var delivery = new HookDelivery { Id = Id<HookDelivery>.New(now), EndpointId = endpoint.Id, Event = what, Subject = subject, At = now };
        db.Add(delivery);
        db.Later(new SendHook(endpoint.Id, delivery.Id), now);
    }
}

/// <summary>Hears what the rooms say and passes it on.</summary>
internal sealed class TellHooks(Hooks hooks) : IListener<OrderConfirmed>, IListener<OrderCancelled>, IListener<OrderChanged>, IListener<LeadNoted>, IListener<ParcelRegistered>, IListener<ParcelMoved>, IListener<MessageReceived>, IListener<HolderChanged>
{
    public async Task OnAsync(OrderConfirmed fact, CancellationToken stop)
    {
        await hooks.TellMadeAsync(fact.OrderId, stop);
        await hooks.TellAsync(HookEvents.OrderConfirmed, fact.OrderId.Value, stop);
    }

    public Task OnAsync(OrderCancelled fact, CancellationToken stop) => hooks.TellAsync(HookEvents.OrderCancelled, fact.OrderId.Value, stop);

    public async Task OnAsync(OrderChanged fact, CancellationToken stop)
    {
        await hooks.TellMadeAsync(fact.OrderId, stop);
        await hooks.TellAsync(HookEvents.OrderChanged, fact.OrderId.Value, stop);
    }

    public Task OnAsync(LeadNoted fact, CancellationToken stop) => hooks.TellOnceAsync(HookEvents.LeadCreated, fact.Lead.Value, stop);
    public Task OnAsync(ParcelRegistered fact, CancellationToken stop) => hooks.TellAsync(HookEvents.ParcelRegistered, fact.ParcelId.Value, stop);
    public Task OnAsync(ParcelMoved fact, CancellationToken stop) => hooks.TellAsync(HookEvents.ParcelMoved, fact.ParcelId.Value, stop);
    public Task OnAsync(MessageReceived fact, CancellationToken stop) => hooks.TellAsync(HookEvents.MessageReceived, fact.Message.Id.Value, stop);
    public Task OnAsync(HolderChanged fact, CancellationToken stop) => hooks.TellAsync(HookEvents.ConversationHeld, fact.Conversation.Value, stop);
}

/// <summary>What the operator says of outgoing webhooks: <c>Hooks__MayBePrivate</c> lets them go to addresses of the own network and without TLS, for trying them out.</summary>
public sealed record HookRules(bool MayBePrivate);
