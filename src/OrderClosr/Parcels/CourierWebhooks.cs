using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Parcels;

/// <summary><c>/webhooks/couriers/{courier}/{channelKey}</c>: the handshake (GET) and parcel events (POST) of all couriers.</summary>
/// <remarks>The last part of the address is unguessable and names the account; the courier's signature is checked over the raw bytes; 200 only once the delivery is on disk.</remarks>
public static class CourierWebhooks
{
    /// <summary>The <see cref="InboundEvent.Source"/> of couriers' deliveries.</summary>
    public const string Source = "courier";

    private const int LargestBody = 1024 * 1024;

    /// <summary>How an account's address is kept in the routes.</summary>
    internal static string RouteOf(string courier) => $"courier/{courier}";

    public static void MapCourierWebhooks(this IEndpointRouteBuilder app)
    {
        app.MapGet("/webhooks/couriers/{courier}/{channelKey}", (string courier, string channelKey, HttpRequest request, WorkspaceScopes scopes, TimeProvider time, CancellationToken stop) =>
            WithAsync(courier, channelKey, scopes, async scope =>
            {
                var asked = Read(request, default, time);
                return scope.Courier.AnswerHandshake(scope.Access, asked) is { } answer ? Results.Text(answer.Body, answer.ContentType) : Results.NotFound();
            }, stop)).ExcludeFromDescription();
        app.MapPost("/webhooks/couriers/{courier}/{channelKey}", async (string courier, string channelKey, HttpRequest request, WorkspaceScopes scopes, EventWriter writer, TimeProvider time, CancellationToken stop) =>
        {
            if (request.ContentLength > LargestBody) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            return await WithAsync(courier, channelKey, scopes, async scope =>
            {
                if (await BodyAsync(request, stop) is not { } body) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
                if (!scope.Courier.IsSigned(scope.Access, Read(request, body, time))) return Results.StatusCode(StatusCodes.Status401Unauthorized);
                return await writer.StoreAsync(Source, Envelope(courier, channelKey, body), stop) ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            }, stop);
        }).ExcludeFromDescription().DisableAntiforgery();
    }

    /// <summary>The delivery with its address before it: the same words to two accounts are two events.</summary>
    internal static byte[] Envelope(string courier, string channelKey, ReadOnlyMemory<byte> body) => [.. Encoding.UTF8.GetBytes($"{courier}/{channelKey}\n"), .. body.Span];

    internal static (string Courier, string ChannelKey, ReadOnlyMemory<byte> Body) Open(byte[] envelope)
    {
        var end = Array.IndexOf(envelope, (byte)'\n');
        if (end < 0 || Encoding.UTF8.GetString(envelope, 0, end).Split('/') is not [var courier, var key]) throw new FormatException("Not a courier's delivery.");
        return (courier, key, envelope.AsMemory(end + 1));
    }

    /// <summary>The account of an address; an unknown one is answered like no address at all.</summary>
    private static async Task<IResult> WithAsync(string courier, string channelKey, WorkspaceScopes scopes, Func<(ICourier Courier, CourierAccess Access), Task<IResult>> act, CancellationToken stop)
    {
        var source = RouteOf(courier);
        AccountRoute? route;
        await using (var none = scopes.OpenNone()) route = await none.Db.Set<AccountRoute>().AsNoTracking().SingleOrDefaultAsync(r => r.Source == source && r.Account == channelKey, stop);
        if (route is null) return Results.NotFound();
        await using var scope = scopes.Open(route.WorkspaceId);
        var id = new CourierAccountId(route.Target);
        var account = await scope.Db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.Courier == courier && a.State != CourierState.Disconnected, stop);
        var couriers = scope.Get<Couriers>();
        return account is null || couriers.Find(courier) is not { } adapter ? Results.NotFound() : await act((adapter, couriers.Open(account)));
    }

    private static WebhookRequest Read(HttpRequest request, ReadOnlyMemory<byte> body, TimeProvider time) => new(body,
        name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, name => request.Query.TryGetValue(name, out var value) ? value.ToString() : null, time.GetUtcNow());

    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, stop)) > 0)
        {
            if (body.Length + read > LargestBody) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}

/// <summary>Reads couriers' deliveries: the adapter translates, the parcels hear.</summary>
internal sealed class CourierEvents(Couriers couriers, TimeProvider time) : IEventSource
{
    public string Source => CourierWebhooks.Source;

    public IReadOnlyList<EventPart> Split(InboundEvent e)
    {
        var (name, key, body) = CourierWebhooks.Open(e.Body ?? throw new FormatException("The body is gone."));
        if (couriers.Find(name) is not { } courier) throw new FormatException("Nobody reads this courier.");
        return [.. courier.ReadWebhook(body).Select(news => new CourierPart(CourierWebhooks.RouteOf(name), key, news))];
    }

    public async Task ApplyAsync(WorkspaceScope scope, IReadOnlyList<EventPart> parts, CancellationToken stop)
    {
        var (db, now) = (scope.Db, time.GetUtcNow());
        foreach (var account in parts.Cast<CourierPart>().GroupBy(p => new CourierAccountId(p.Target)))
        {
            var looks = new List<ParcelId>();
            foreach (var part in account)
            {
                if (await FindAsync(db, account.Key, part.News, stop) is not { } id || await db.LockedParcelAsync(id, stop) is not { } parcel) continue;
                if (part.News.Event is not { } word) looks.Add(id);
                else await scope.Get<Moving>().HearAsync(parcel, new() { Reference = part.News.Reference, Tracking = part.News.Tracking, TheirId = part.News.TheirId, Events = [word] }, stop);
            }
            if (looks.Count > 0) db.Later(new TrackParcels(account.Key, [.. looks.Distinct()]), now);
            await scope.Get<CourierHealth>().HeardFromAsync(account.Key, stop);
        }
    }

    /// <summary>Parcels of others (made on the courier's own screen) are not ours to follow.</summary>
    private static async Task<ParcelId?> FindAsync(OrderClosrDb db, CourierAccountId account, WebhookNews news, CancellationToken stop)
    {
        var (tracking, id, reference) = (news.Tracking, news.TheirId, news.Reference);
        var found = await db.Parcels.AsNoTracking().Where(p => p.AccountId == account && ((tracking != null && p.Tracking == tracking) || (id != null && p.TheirId == id) || (reference != null && p.Reference == reference)))
            .Select(p => new { p.Id, p.Tracking, p.Reference }).ToListAsync(stop);
        return found.OrderByDescending(p => p.Tracking == tracking).ThenByDescending(p => p.Reference == reference).FirstOrDefault()?.Id;
    }

    private sealed record CourierPart(string RouteSource, string Account, WebhookNews News) : EventPart(RouteSource, Account, "parcel");
}

/// <summary>Asks the courier by its API to tell us of parcels.</summary>
public sealed record RegisterWebhook(CourierAccountId Account) : IJob
{
    public static string Kind => "register_webhook";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => "webhook";
}

internal sealed class RegisterWebhookHandler(CourierCalls calls, Couriers couriers, IConfiguration settings) : IJobHandler<RegisterWebhook>
{
    public async Task<JobOutcome> RunAsync(RegisterWebhook job, JobRun run, CancellationToken stop)
    {
        var (account, end) = await calls.AccountAsync(job.Account, stop);
        if (account is null) return end!;
        if (account.WebhookId is not null) return JobOutcome.Dropped("Registered already.");
        var ours = new Uri($"{(settings["Public:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/')}/webhooks/couriers/{account.Courier}/{account.ChannelKey}");
        var made = await couriers.Of(account).RegisterWebhookAsync(couriers.Open(account), ours, stop);
        return JobOutcome.Done(async (scope, inner) =>
        {
            var row = await scope.Db.CourierAccounts.SingleAsync(a => a.Id == job.Account, inner);
            row.WebhookId = made.Id;
            if (made.Secret is { } secret) row.WebhookSecret = scope.Get<SecretBox>().Seal(row.WorkspaceId, "courier_account.webhook_secret", secret);
        });
    }
}
