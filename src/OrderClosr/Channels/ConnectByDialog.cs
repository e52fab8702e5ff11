using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>Connects accounts by the vendor's own dialogue: begin, take what comes back, connect what the person chose.</summary>
public sealed class ConnectByDialog(OrderClosrDb db, IChannelDialogs dialogs, Connecting connecting, SecretBox secrets, TimeProvider time)
{
    /// <summary>The one address dialogues come back to; the vendor wants it registered exactly, so it names no workspace: the state does.</summary>
    public const string BackPath = "/connect/back";

    private const int KeyBytes = 24;

    /// <summary>The workspace's word in a state that came back; null when it is none of ours.</summary>
    public static string? SlugIn(string? state) =>
        state?.Split('.', 2) is [var slug, { Length: > 20 }] && slug.Length is > 0 and <= 60 && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? slug : null;

    /// <summary>Begins: the state that travels with the dialogue. Guessing it is hopeless, and it works once, for this sign-in, for ten minutes.</summary>
    public async Task<Result<string>> BeginAsync(ConnectWay way, Guid signIn, CancellationToken stop)
    {
        if (!dialogs.Has(way)) return new Refusal("connect_way_missing", "The operator has not set up this way of connecting.", Kind: RefusalKind.Conflict);
        var (now, key) = (time.GetUtcNow(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes)));
        var slug = await db.Set<Workspace>().Where(w => w.Id == db.WorkspaceId).Select(w => w.Slug).SingleAsync(stop);
        db.Add(new ConnectAttempt { Id = Id<ConnectAttempt>.New(now), SignInId = signIn, Way = way, KeyHash = Hash(key), StartedAt = now });
        await db.SaveChangesAsync(stop);
        return $"{slug}.{key}";
    }

    /// <summary>Takes what the dialogue answered; the accounts it covers are then to be chosen from.</summary>
    public async Task<Result<ConnectAttempt>> ReturnAsync(string? state, string? code, string? error, string? told, Guid signIn, CancellationToken stop)
    {
        var hash = Hash(state?.Split('.', 2) is [_, var key] ? key : "");
        var found = await db.ConnectAttempts.AsNoTracking().SingleOrDefaultAsync(a => a.KeyHash == hash, stop);
        if (found is null || found.SignInId != signIn) return Foreign;
        var now = time.GetUtcNow();
        // Whatever it answered, it answers once: a second request with the same state, however close, finds nothing to take.
        var isFirst = await db.InTransactionAsync(() => db.ConnectAttempts.Where(a => a.Id == found.Id && a.ReturnedAt == null).ExecuteUpdateAsync(set => set.SetProperty(a => a.ReturnedAt, now), stop), stop) == 1;
        if (!isFirst) return new Refusal("connect_used", "This answer was used already.", Kind: RefusalKind.Conflict);
        if (now - found.StartedAt >= ConnectAttempt.Lasts) return new Refusal("connect_old", "The dialogue stayed open for too long.", Kind: RefusalKind.Conflict);
        if (error is { Length: > 0 } || code is not { Length: > 0 and < 2000 }) return new Refusal("connect_refused", "The person did not agree.", Kind: RefusalKind.Conflict);

        var agreed = await dialogs.RedeemAsync(found.Way, code, told, stop);
        if (!agreed.Ok) return agreed.Refusal;
        var offers = new List<Offer>();
        foreach (var offer in agreed.Value.Offers)
            offers.Add(offer.Obstacle is null && await connecting.IsTakenAsync(offer.Kind, offer.ExternalId, offer.ParentId, stop) ? offer with { Obstacle = "taken" } : offer);
        var attempt = await db.ConnectAttempts.SingleAsync(a => a.Id == found.Id, stop);
        attempt.Token = secrets.Seal(db.WorkspaceId, "attempt.token", agreed.Value.Token);
        attempt.Person = agreed.Value.Person is { } person ? secrets.Seal(db.WorkspaceId, "attempt.person", person) : null;
        (attempt.TokenEndsAt, attempt.IsOnPhone, attempt.Offers) = (agreed.Value.EndsAt, agreed.Value.IsOnPhone, JsonSerializer.Serialize(offers, JsonSerializerOptions.Web));
        await db.SaveChangesAsync(stop);
        return attempt;
    }

    /// <summary>An attempt whose accounts can be chosen, by the sign-in that began it.</summary>
    public async Task<Result<ConnectAttempt>> FindAsync(Id<ConnectAttempt> id, Guid signIn, CancellationToken stop)
    {
        var attempt = await db.ConnectAttempts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, stop);
        if (attempt is null) return Refusal.NotFound("attempt");
        if (attempt.SignInId != signIn) return Foreign;
        return attempt is { Token: not null, Offers: not null } && time.GetUtcNow() - attempt.StartedAt < ConnectAttempt.Keeps ? attempt : new Refusal("connect_old", "The dialogue stayed open for too long.", Kind: RefusalKind.Conflict);
    }

    /// <summary>Connects the chosen accounts one after the other; what could not be connected is said, what could stays.</summary>
    public async Task<Refusal?> ConnectAsync(Id<ConnectAttempt> id, IReadOnlyCollection<string> chosen, Guid signIn, CancellationToken stop)
    {
        var found = await FindAsync(id, signIn, stop);
        if (!found.Ok) return found.Refusal;
        var attempt = found.Value;
        var offers = OffersOf(attempt).Where(o => o.Obstacle is null && chosen.Contains(o.Key)).ToList();
        if (offers.Count == 0) return new Refusal("connect_nothing_chosen", "Choose an account first.", "pick");
        var token = secrets.Open(db.WorkspaceId, "attempt.token", attempt.Token!.Value);
        var by = new Agreement(attempt.Person is { } person ? secrets.Open(db.WorkspaceId, "attempt.person", person) : null, attempt.TokenEndsAt, attempt.IsOnPhone);
        Refusal? refused = null;
        foreach (var offer in offers)
        {
            var own = await dialogs.TokenOfAsync(offer, token, stop);
            var made = own.Ok ? await connecting.ConnectAsync(new(offer.Kind, offer.ExternalId, offer.ParentId, own.Value) { By = by }, stop) : own.Refusal;
            if (!made.Ok) refused ??= made.Refusal with { Field = "pick" };
        }
        if (refused is not null) return refused;
        await db.InTransactionAsync(() => db.ConnectAttempts.Where(a => a.Id == id).ExecuteDeleteAsync(stop), stop);
        return null;
    }

    /// <summary>What can be chosen from.</summary>
    public static IReadOnlyList<Offer> OffersOf(ConnectAttempt attempt) => attempt.Offers is null ? [] : JsonSerializer.Deserialize<List<Offer>>(attempt.Offers, JsonSerializerOptions.Web) ?? [];

    /// <summary>The same words for a state that is nobody's, another workspace's or another browser's: whoever tries learns nothing.</summary>
    private static Refusal Foreign { get; } = new("connect_foreign", "This answer does not belong to a dialogue begun here.");

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
