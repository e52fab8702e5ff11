using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Web.Api;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Hooks;

/// <summary>Sends one delivery to its endpoint, as the Standard Webhooks describe it.</summary>
public sealed record SendHook(Id<HookEndpoint> Endpoint, Id<HookDelivery> Delivery) : IJob
{
    /// <summary>The lanes of endpoints begin so.</summary>
    public const string Lanes = "hook/";

    public static string Kind => "send_hook";
    public string Lane => $"{Lanes}{Endpoint}";

    // One that fails keeps nobody else waiting: the time in it says the order.
    public string OrderKey => Delivery.ToString();
    public static TimeSpan GiveUpAfter => TimeSpan.FromDays(3);
}

internal sealed class SendHookHandler(OrderClosrDb db, OutboundGate gate, SecretBox secrets, Places places, MediaAddresses media, TimeProvider time) : IJobHandler<SendHook>
{
    internal const string Vendor = "hooks";

    public async Task<JobOutcome> RunAsync(SendHook job, JobRun run, CancellationToken stop)
    {
        var endpoint = await db.HookEndpoints.AsNoTracking().SingleOrDefaultAsync(e => e.Id == job.Endpoint, stop);
        var delivery = await db.HookDeliveries.AsNoTracking().SingleOrDefaultAsync(d => d.Id == job.Delivery, stop);
        if (endpoint is null || delivery is null) return JobOutcome.Dropped("The endpoint is gone.");
        if (endpoint.OffAt is not null) return JobOutcome.Dropped("The endpoint is switched off.", (scope, inner) => EndAsync(scope.Db, job, inner));
        if (await DataAsync(delivery, stop) is not { } data) return JobOutcome.Dropped("What it was about is gone.", (scope, inner) => EndAsync(scope.Db, job, inner));
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type = delivery.Event, timestamp = delivery.At, data }, ApiJson.Options);
        var status = 0;
        VendorFailure? failure = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var id = $"msg_{delivery.Id}";
            request.Headers.TryAddWithoutValidation("webhook-id", id);
            request.Headers.TryAddWithoutValidation("webhook-timestamp", now);
            request.Headers.TryAddWithoutValidation("webhook-signature", Sign(secrets.Open(db.WorkspaceId, HookEndpoint.SecretField, endpoint.Secret), id, now, body));
            using var answer = await gate.ClientOf(Vendor).SendAsync(request.ToNamedHost(), stop);
            status = (int)answer.StatusCode;
            Ground.Running.CrashPoint.Pass("hook-sent");
        }
        catch (VendorFailure failed)
        {
            failure = failed;
        }
        var isTaken = status is >= 200 and < 300;
        await NoteAsync(job, status, isTaken, isGone: status == 410, stop);
        if (isTaken) return JobOutcome.Done();
        if (status == 410) return JobOutcome.Refused("The endpoint says that it is gone for good: it is switched off.");
        // A host that points into our own network, or is none: said, and tried again like everything else, for it may be mended.
        throw new VendorFailure(FailureCategory.Transient, failure?.Message ?? $"The endpoint answered {status.ToString(CultureInfo.InvariantCulture)}.", failure?.Code ?? "not_taken");
    }

    public Task OnFailedAsync(SendHook job, string words, CancellationToken stop) => EndAsync(db, job, stop);

    /// <summary><c>v1,</c> and the Base64 of HMAC-SHA256 over id, time and body, with the key behind <c>whsec_</c>.</summary>
    internal static string Sign(string secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
    }

    private static Task EndAsync(OrderClosrDb db, SendHook job, CancellationToken stop) =>
        db.HookDeliveries.Where(d => d.Id == job.Delivery && d.State == HookState.Waiting).ExecuteUpdateAsync(set => set.SetProperty(d => d.State, HookState.Failed), stop);

    /// <summary>Writes what became of a try; after five days of failures, or when it says that it is gone, the endpoint is switched off and its owners are told.</summary>
    private Task NoteAsync(SendHook job, int status, bool isTaken, bool isGone, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        await db.Dialect.LockRowAsync(db, "hook_endpoints", job.Endpoint.Value, stop);
        var now = time.GetUtcNow();
        if (await db.HookEndpoints.SingleOrDefaultAsync(e => e.Id == job.Endpoint, stop) is not { } endpoint || await db.HookDeliveries.SingleOrDefaultAsync(d => d.Id == job.Delivery, stop) is not { } delivery) return;
        (delivery.Tries, delivery.Status, delivery.TriedAt) = (delivery.Tries + 1, status == 0 ? null : status, now);
        if (isTaken) delivery.State = HookState.Delivered;
        endpoint.FailingSince = isTaken ? null : endpoint.FailingSince ?? now;
        if (!isTaken && endpoint.OffAt is null && (isGone || now - endpoint.FailingSince >= HookEndpoint.OffAfter))
        {
            endpoint.OffAt = now;
            await db.TellOwnersAsync((key, owner) => new SendHookLetter(key, owner, endpoint.Id), now, stop);
        }
        await db.SaveChangesAsync(stop);
        db.Tell("hook", job.Endpoint);
    }, stop);

    /// <summary>The thing as the API shows it now; null when it is gone.</summary>
    private async Task<object?> DataAsync(HookDelivery delivery, CancellationToken stop)
    {
        switch (delivery.Event.Split('.')[0])
        {
            case "order":
                var orderId = new OrderId(delivery.Subject);
                return await db.Orders.AsNoTracking().Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == orderId, stop) is { } order ? OrderShape.Of(order, places, await OrderShape.DesksAsync(db, stop)) : null;
            case "lead":
                var leadId = new Id<Lead>(delivery.Subject);
                return await db.Leads.AsNoTracking().SingleOrDefaultAsync(l => l.Id == leadId, stop) is { } lead ? LeadShape.Of(lead) : null;
            case "parcel":
                var parcelId = new ParcelId(delivery.Subject);
                return await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == parcelId, stop) is { } parcel ? ParcelShape.Of(parcel, await db.ParcelEvents.AsNoTracking().Where(e => e.ParcelId == parcelId).ToListAsync(stop)) : null;
            case "message":
                var messageId = new MessageId(delivery.Subject);
                return await db.Messages.AsNoTracking().Include(m => m.Attachments).SingleOrDefaultAsync(m => m.Id == messageId, stop) is { } message ? MessageShape.Of(message, media) : null;
            case "conversation":
                var conversationId = new ConversationId(delivery.Subject);
                if (await db.Conversations.AsNoTracking().SingleOrDefaultAsync(c => c.Id == conversationId, stop) is not { } conversation) return null;
                return ConversationShape.Of(conversation, await db.Set<Channels.Channel>().AsNoTracking().SingleAsync(c => c.Id == conversation.ChannelId, stop));
            default:
                return new { hello = "OrderClosr" };
        }
    }
}

/// <summary>Tells an owner that an endpoint was switched off; <paramref name="Key"/> is its Message-Id, so a repeat is a copy.</summary>
public sealed record SendHookLetter(Guid Key, Guid AccountId, Id<HookEndpoint> Endpoint) : IShopLetter
{
    public static string Kind => "send_hook_letter";
    public string Lane => MailSetup.Lane;
    public string OrderKey => Key.ToString("N");
}

internal sealed class SendHookLetterHandler(OrderClosrDb db, ShopLetters letters) : IJobHandler<SendHookLetter>
{
    public async Task<JobOutcome> RunAsync(SendHookLetter job, JobRun run, CancellationToken stop) =>
        await letters.SendAsync(job, await db.HookEndpoints.AsNoTracking().SingleOrDefaultAsync(e => e.Id == job.Endpoint, stop) is { OffAt: not null } endpoint ? new("hook_off", "settings/hooks", LetterPaper.Plain(new Uri(endpoint.Url).Host)) : null, stop);
}
