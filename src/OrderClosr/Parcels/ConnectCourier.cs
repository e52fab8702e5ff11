using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels;

/// <summary>What a merchant types in to connect a courier.</summary>
/// <param name="Again">An account of theirs to connect again; null: a new one.</param>
public sealed record NewCourier(string? Courier, IReadOnlyDictionary<string, string> Fields, int OriginWilaya = 0)
{
    public CourierAccountId? Again { get; init; }
    public string? Name { get; init; }
    public string? BaseUrl { get; init; }

    /// <summary>What the courier's screen shows as the secret of our webhook; null: keep.</summary>
    public string? WebhookSecret { get; init; }
    public IReadOnlyDictionary<string, string> Variants { get; init; } = new Dictionary<string, string>();
}

/// <summary>Connects, checks and disconnects a workspace's couriers.</summary>
public sealed class ConnectCourier(OrderClosrDb db, Couriers couriers, CourierHealth health, SecretBox secrets, Places places, Audit audit, TimeProvider time)
{
    /// <summary>Tries the credentials and keeps them; its lists are read next. An account that was broken goes on.</summary>
    public async Task<Result<CourierAccount>> RunAsync(NewCourier given, CancellationToken stop)
    {
        if (couriers.Find(given.Courier) is not { } courier) return new Refusal("courier_unknown", "There is no such courier.", "courier", [.. couriers.All.Select(c => c.Name)]);
        var fields = given.Fields.Where(f => courier.Profile.Fields.Any(k => k.Name == f.Key)).ToDictionary(f => f.Key, f => f.Value.Trim());
        foreach (var field in courier.Profile.Fields)
        {
            var value = fields.GetValueOrDefault(field.Name, "");
            if (value.Length == 0 && !field.IsOptional) return new Refusal("field_missing", "This is needed to connect.", field.Name);
            if (value.Length > 2000 || value.Any(char.IsControl)) return new Refusal("field_wrong", "This cannot be right.", field.Name);
        }
        Uri? url = null;
        if (!string.IsNullOrWhiteSpace(given.BaseUrl) && (!Uri.TryCreate(given.BaseUrl.Trim(), UriKind.Absolute, out url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0))
            return new Refusal("address_wrong", "This is no address.", "base_url");
        if (courier.Profile.NeedsOrigin && places.WilayaOf(given.OriginWilaya) is null) return new Refusal("field_missing", "Say from which wilaya parcels leave.", "origin_wilaya");
        var variants = given.Variants.Where(v => courier.Profile.Variants.Any(k => k.Name == v.Key && k.Choices.Contains(v.Value))).ToDictionary();

        var now = time.GetUtcNow();
        var known = given.Again is { } again ? await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == again && a.Courier == courier.Name, stop) : null;
        if (given.Again is not null && known is null) return Refusal.NotFound("courier");
        var id = known?.Id ?? CourierAccountId.New(now);
        var ping = await courier.PingAsync(couriers.Try(courier, db.WorkspaceId, id, fields, url, given.OriginWilaya, variants), stop);
        if (!ping.Ok) return new Refusal(ping.Trouble!, ping.Words ?? "The courier refuses it.", ping.Field);

        return await db.InTransactionAsync<Result<CourierAccount>>(async () =>
        {
            // Of two that are connected at the same instant one is the default: they follow each other.
            await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
            // The courier counts the calls of its account, not of ours: two of ours on one of theirs would each spend its whole limit.
            foreach (var other in await db.CourierAccounts.AsNoTracking().Where(a => a.Id != id && a.Courier == courier.Name && a.State != CourierState.Disconnected).ToListAsync(stop))
                if (other.BaseUrl == url?.ToString() && couriers.Credentials(other) is var theirs && theirs.Count == fields.Count && !theirs.Except(fields).Any())
                    return new Refusal("courier_connected", $"This account is connected already, as “{other.Name}”.", null, [other.Name], RefusalKind.Conflict);
            var account = known is null ? null : await db.CourierAccounts.SingleAsync(a => a.Id == id, stop);
            if (account is null)
            {
                account = new()
                {
                    Id = id, WorkspaceId = db.WorkspaceId, Courier = courier.Name, Name = courier.Profile.Title, Credentials = default, ConnectedAt = now,
                    ChannelKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), IsDefault = !await db.CourierAccounts.AnyAsync(a => a.IsDefault && a.State != CourierState.Disconnected, stop),
                };
                db.Add(account);
            }
            var isNew = known is null or { State: CourierState.Disconnected };
            if (given.Name is { Length: > 0 } name) account.Name = PlainText.Line(name) is { Length: > 60 } line ? line[..60] : PlainText.Line(name);
            (account.Credentials, account.BaseUrl, account.OriginWilaya, account.Variants, account.ConnectedAt) = (couriers.Seal(db.WorkspaceId, fields), url?.ToString(), given.OriginWilaya, variants, now);
            account.PausedAt = null;
            if (!account.IsDefault) account.IsDefault = !await db.CourierAccounts.AnyAsync(a => a.Id != id && a.IsDefault && a.State != CourierState.Disconnected, stop);
            if (given.WebhookSecret is { Length: > 0 } secret) account.WebhookSecret = secrets.Seal(db.WorkspaceId, "courier_account.webhook_secret", secret.Trim());
            if (!await db.Set<AccountRoute>().AnyAsync(r => r.Account == account.ChannelKey, stop))
                db.Add(new AccountRoute { Source = CourierWebhooks.RouteOf(courier.Name), Account = account.ChannelKey, WorkspaceId = db.WorkspaceId, Target = id.Value });
            audit.Write(isNew ? AuditAction.CourierConnected : AuditAction.CourierKeyChanged, id, account.Name);
            await db.SaveChangesAsync(stop);
            await health.MendAsync(account, stop);
            SyncLists.Begin(db, account, now);
            if (courier.Abilities.Webhook == WebhookKind.ByApi && account.WebhookId is null) db.Later(new RegisterWebhook(id), now);
            await db.SaveChangesAsync(stop);
            return account;
        }, stop);
    }

    /// <summary>Asks again whether it works, and writes what was found; null: all is well.</summary>
    public async Task<Refusal?> CheckAsync(CourierAccountId id, CancellationToken stop)
    {
        if (await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.State != CourierState.Disconnected, stop) is not { } seen) return Refusal.NotFound("courier");
        var ping = await couriers.Of(seen).PingAsync(couriers.Open(seen), stop);
        await db.InTransactionAsync(async () =>
        {
            // The lists' own job may be writing to it at this moment.
            await db.Dialect.LockRowAsync(db, "courier_accounts", id.Value, stop);
            var account = await db.CourierAccounts.SingleAsync(a => a.Id == id, stop);
            if (ping.Ok) await health.MendAsync(account, stop);
            else if (ping.Trouble == "courier_down") (account.Trouble, account.TroubleWords, account.TroubleAt) = (ping.Trouble, ping.Words, time.GetUtcNow());
            else health.Break(account, ping.Trouble!, ping.Words ?? "");
            await db.SaveChangesAsync(stop);
        }, stop);
        return ping.Ok ? null : new(ping.Trouble!, ping.Words ?? "The courier refuses it.", ping.Field, Kind: RefusalKind.Conflict);
    }

    /// <summary>New parcels go there when no rule says otherwise.</summary>
    public Task<Refusal?> MakeDefaultAsync(CourierAccountId id, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
        var accounts = await db.CourierAccounts.ToListAsync(stop);
        if (accounts.Find(a => a.Id == id && a.State != CourierState.Disconnected) is null) return Refusal.NotFound("courier");
        foreach (var account in accounts) account.IsDefault = account.Id == id;
        await db.SaveChangesAsync(stop);
        db.Tell("courier", id);
        return null;
    }, stop);

    /// <summary>New parcels go to others, or again to it.</summary>
    public Task<Refusal?> PauseAsync(CourierAccountId id, bool paused, CancellationToken stop) => ChangeAsync(id, account => account.PausedAt = paused ? account.PausedAt ?? time.GetUtcNow() : null, stop);

    /// <summary>What it bills above a weight, where its own list does not say; both null: nothing known.</summary>
    public async Task<Refusal?> SetOverweightAsync(CourierAccountId id, Dinars? perKilo, int? includedKilos, CancellationToken stop)
    {
        if (perKilo < Dinars.Zero || perKilo > SaveFees.Most) return new("amount_too_large", "This fee is too large.", "extra_kilo");
        if (includedKilos is < 0 or > 30) return new("kilos_unreadable", "Kilograms are a number up to 30.", "included_kilos");
        if (perKilo is null != includedKilos is null) return new("overweight_half", "Say both: the kilograms included and the fee of each further one.", perKilo is null ? "extra_kilo" : "included_kilos");
        return await ChangeAsync(id, account => (account.ExtraKilo, account.IncludedKilos) = (perKilo, includedKilos), stop);
    }

    /// <summary>Nothing more is asked of it or heard from it; its credentials are not kept, its parcels are.</summary>
    public Task<Refusal?> DisconnectAsync(CourierAccountId id, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.CourierAccounts.SingleOrDefaultAsync(a => a.Id == id, stop) is not { } account) return Refusal.NotFound("courier");
        (account.State, account.Trouble, account.TroubleWords, account.IsDefault, account.WebhookSecret, account.WebhookId) = (CourierState.Disconnected, null, null, false, null, null);
        account.Credentials = couriers.Seal(db.WorkspaceId, new Dictionary<string, string>());
        await db.Set<AccountRoute>().Where(r => r.WorkspaceId == db.WorkspaceId && r.Target == id.Value).ExecuteDeleteAsync(stop);
        if (await db.CourierAccounts.Where(a => a.Id != id && a.State != CourierState.Disconnected).OrderBy(a => a.ConnectedAt).FirstOrDefaultAsync(stop) is { } next
            && !await db.CourierAccounts.AnyAsync(a => a.Id != id && a.IsDefault, stop)) next.IsDefault = true;
        audit.Write(AuditAction.CourierDisconnected, id, account.Name);
        await db.SaveChangesAsync(stop);
        db.Tell("courier", id);
        return null;
    }, stop);

    private Task<Refusal?> ChangeAsync(CourierAccountId id, Action<CourierAccount> change, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.CourierAccounts.SingleOrDefaultAsync(a => a.Id == id && a.State != CourierState.Disconnected, stop) is not { } account) return Refusal.NotFound("courier");
        change(account);
        await db.SaveChangesAsync(stop);
        db.Tell("courier", id);
        return null;
    }, stop);
}
