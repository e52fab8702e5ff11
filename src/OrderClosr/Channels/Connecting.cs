using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Channels;

/// <summary>What a merchant pastes to connect an account, or what a dialogue gave for it.</summary>
public sealed record NewConnection(ChannelKind Kind, string? ExternalId, string? ParentId, string? Token)
{
    /// <summary>The agreement it rests on; null for a pasted token.</summary>
    public Agreement? By { get; init; }
}

/// <summary>What is known of a connection that was agreed to in a dialogue.</summary>
/// <param name="Person">The vendor's id of the person who agreed.</param>
/// <param name="EndsAt">When the token ends.</param>
/// <param name="IsOnPhone">The number stays in the app on the phone as well.</param>
public sealed record Agreement(string? Person, DateTimeOffset? EndsAt, bool IsOnPhone);

/// <summary>Connects, reconnects and disconnects accounts. An account belongs to one workspace only.</summary>
public sealed class Connecting(OrderClosrDb db, IChannelVendor vendor, ChannelHealth health, OwnerLetters letters, Facts facts, SecretBox secrets, Audit audit, PlanLimits limits, ChannelsUse use, TimeProvider time)
{
    /// <summary>Connects an account, or connects it again with a new token: what waited is then sent.</summary>
    public async Task<Result<Channel>> ConnectAsync(NewConnection given, CancellationToken stop)
    {
        var id = (given.ExternalId ?? "").Trim();
        var parent = string.IsNullOrWhiteSpace(given.ParentId) ? null : given.ParentId.Trim();
        var token = (given.Token ?? "").Trim();
        if (!IsId(id)) return new Refusal("channel_id_wrong", "The account's id has digits only.", "external_id");
        if (parent is not null && !IsId(parent)) return new Refusal("channel_id_wrong", "The id has digits only.", "parent_id");
        if (given.Kind == ChannelKind.Whatsapp && parent is null) return new Refusal("business_account_missing", "A WhatsApp number needs the id of its business account.", "parent_id");
        if (token.Length is < 10 or > 1000 || token.Any(char.IsWhiteSpace)) return new Refusal("channel_token_wrong", "This is no access token.", "token");
        if (await TakenAsync(given.Kind, id, parent, stop) is { } taken) return taken;
        // One that is connected again takes no more room.
        if (!await db.Channels.AnyAsync(c => c.Kind == given.Kind && c.ExternalId == id && c.State != ChannelState.Disconnected, stop) && await limits.RefusesOneMoreAsync(use, stop) is { } full) return full;

        var name = await vendor.LookAsync(given.Kind, id, parent, token, stop);
        if (!name.Ok) return name.Refusal;
        Channel channel;
        try
        {
            channel = await db.InTransactionAsync(() => SaveAsync(given.Kind, id, parent, token, name.Value, given.By, stop), stop);
        }
        catch (DbUpdateException)
        {
            // Another workspace connected it in the same moment.
            db.ChangeTracker.Clear();
            return await TakenAsync(given.Kind, id, parent, stop) ?? throw new InvalidOperationException("A channel could not be saved.");
        }
        await vendor.SubscribeAsync(channel, stop);
        // A number that was pasted is registered where its token was made; one that stays on the phone never.
        if (given is { Kind: ChannelKind.Whatsapp, By.IsOnPhone: false }) await RegisterAsync(channel.Id, null, stop);
        else await CheckAsync(channel.Id, stop);
        return channel;
    }

    /// <summary>Registers a number so that it can send: under the PIN it has, or one of our own. What a person must do stays on the channel until it is done.</summary>
    public async Task<Refusal?> RegisterAsync(ChannelId id, string? pin, CancellationToken stop)
    {
        if (pin is not null && !IsPin(pin)) return PinWrong;
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } seen) return Refusal.NotFound("channel");
        if (seen is not { Kind: ChannelKind.Whatsapp, IsOnPhone: false, State: not ChannelState.Disconnected }) return new Refusal("number_not_to_register", "Only a number that is used here alone is registered.", "pin", Kind: RefusalKind.Conflict);
        pin ??= seen.Pin is { } kept ? secrets.Open(db.WorkspaceId, "channel.pin", kept) : RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        // Kept before it is used: a PIN that only the vendor knows would lock the merchant out.
        await KeepPinAsync(id, pin, stop);
        var refusal = await vendor.RegisterAsync(seen, pin, stop);
        if (refusal is null) return await CheckAsync(id, stop);
        // Refused, so it is not the number's; where nobody answered it may be.
        if (refusal.Code != "vendor_busy") await KeepPinAsync(id, null, stop);
        await CheckAsync(id, stop);
        await db.InTransactionAsync(async () =>
        {
            var channel = await LockAsync(id, stop);
            if (refusal.Code != "vendor_busy") await health.TroubleAsync(channel, refusal.Code, stops: true, stop);
            await db.SaveChangesAsync(stop);
        }, stop);
        return refusal;
    }

    /// <summary>Six digits.</summary>
    internal static bool IsPin(string text) => text.Length == 6 && text.All(char.IsAsciiDigit);

    internal static Refusal PinWrong { get; } = new("pin_wrong", "A PIN has six digits.", "pin");

    private Task KeepPinAsync(ChannelId id, string? pin, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        (await LockAsync(id, stop)).Pin = pin is null ? null : secrets.Seal(db.WorkspaceId, "channel.pin", pin);
        await db.SaveChangesAsync(stop);
    }, stop);

    /// <summary>Renews the channel's token while it still works; one that was changed meanwhile is left alone.</summary>
    /// <exception cref="Ground.Outbound.VendorFailure">Why it could not be renewed.</exception>
    public async Task RenewAsync(ChannelId id, CancellationToken stop)
    {
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } seen || seen.State == ChannelState.Disconnected || !vendor.Renews(seen)) return;
        var (token, endsAt) = await vendor.RenewAsync(seen, stop);
        await db.InTransactionAsync(async () =>
        {
            var channel = await LockAsync(id, stop);
            if (channel.Token != seen.Token) return;
            (channel.Token, channel.TokenAt, channel.TokenEndsAt, channel.EndToldOf) = (secrets.Seal(db.WorkspaceId, "channel.token", token), time.GetUtcNow(), endsAt, null);
            await db.SaveChangesAsync(stop);
        }, stop);
        await CheckAsync(id, stop);
    }

    /// <summary>Who agreed to these connections has taken it back: their tokens and the person's id are forgotten, nothing is sent and the agent is silent there, the owner is told. What was said stays.</summary>
    /// <param name="person">The vendor's id of the person.</param>
    /// <param name="at">When; what was connected after that is another agreement.</param>
    /// <param name="only">The channels it may concern.</param>
    public Task<int> ForgetPersonAsync(string person, DateTimeOffset at, Func<Channel, bool> only, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var mine = (await db.Channels.Where(c => c.Person != null && c.ConnectedAt <= at).ToListAsync(stop)).Where(c => only(c) && secrets.Open(db.WorkspaceId, "channel.person", c.Person!.Value) == person).Select(c => c.Id).ToList();
        foreach (var id in mine)
        {
            var channel = await LockAsync(id, stop);
            (channel.Token, channel.Person, channel.TokenEndsAt, channel.Health) = (secrets.Seal(db.WorkspaceId, "channel.token", ""), null, null, null);
            if (channel.State == ChannelState.Disconnected) continue;
            (channel.State, channel.Trouble) = (ChannelState.Broken, "removed_by_merchant");
            audit.Write(AuditAction.ChannelAccessRemoved, id, channel.Name);
            await letters.WriteAsync(channel, OwnerLetter.Left, stop);
            db.Tell("channel", id);
        }
        foreach (var attempt in (await db.ConnectAttempts.Where(a => a.Person != null).ToListAsync(stop)).Where(a => a.StartedAt <= at && secrets.Open(db.WorkspaceId, "attempt.person", a.Person!.Value) == person)) db.Remove(attempt);
        await db.SaveChangesAsync(stop);
        return mine.Count;
    }, stop);

    /// <summary>Looks at every switch again, asks for events again when they were lost, and writes what was found.</summary>
    /// <param name="byPerson">A person looked: a stop that only a person may lift is lifted when all is well.</param>
    public async Task<Refusal?> CheckAsync(ChannelId id, CancellationToken stop, bool byPerson = false)
    {
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } seen) return Refusal.NotFound("channel");
        if (seen.State == ChannelState.Disconnected) return null;
        var look = await vendor.CheckAsync(seen, stop);
        if (look.Checks.Any(c => c is { Check: "subscribed" or "fields", Ok: false }) && await vendor.SubscribeAsync(seen, stop)) look = await vendor.CheckAsync(seen, stop);
        var templates = await vendor.TemplatesAsync(seen, stop);
        await db.InTransactionAsync(async () =>
        {
            var channel = await LockAsync(id, stop);
            // It was connected anew, or its person left, while we looked with the token of before: what we saw says nothing of it now.
            if (channel.Token != seen.Token || channel.State == ChannelState.Disconnected) return;
            if (templates is not null) channel.Templates = JsonSerializer.Serialize(templates, JsonSerializerOptions.Web);
            if (look.KnowsEnd) channel.TokenEndsAt = look.EndsAt;
            channel.Health = JsonSerializer.Serialize(look.Checks.Concat(OwnChecks(channel)), JsonSerializerOptions.Web);
            var bad = look.Checks.FirstOrDefault(c => c.Ok == false && TroubleOf(c) is not null);
            if (bad is not null) await health.TroubleAsync(channel, SaysMore(channel, bad, byPerson) ? channel.Trouble! : TroubleOf(bad)!, stops: bad.Check is "token" or "permissions" or "registered", stop);
            // What could not be asked just now heals nothing.
            else if (look.Checks.All(c => c.Ok == true || TroubleOf(c) is null) && (HealsByItself(channel.Trouble) || byPerson)) await health.MendAsync(channel, stop);
            if (channel.State == ChannelState.Connected && channel.TokenEndsAt is { } end && end - time.GetUtcNow() <= WarnAhead && channel.EndToldOf != end)
            {
                channel.EndToldOf = end;
                await letters.WriteAsync(channel, OwnerLetter.Ends, stop);
            }
            await db.SaveChangesAsync(stop);
        }, stop);
        return null;
    }

    /// <summary>Disconnects: no events, no sends, the agent silent; what was said stays.</summary>
    public async Task<Refusal?> DisconnectAsync(ChannelId id, CancellationToken stop)
    {
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } seen) return Refusal.NotFound("channel");
        // A Page and its Instagram account, or two numbers of one business account, are subscribed together: who stays goes on hearing.
        var siblings = await db.Channels.AsNoTracking().Where(c => c.Id != id && c.State != ChannelState.Disconnected && ((seen.ParentId != null && (c.ParentId == seen.ParentId || c.ExternalId == seen.ParentId)) || c.ParentId == seen.ExternalId)).ToListAsync(stop);
        await vendor.LeaveAsync(seen, isShared: siblings.Count > 0, stop);
        await db.InTransactionAsync(async () =>
        {
            var channel = await LockAsync(id, stop);
            (channel.State, channel.Trouble, channel.Health, channel.Templates, channel.Person, channel.Pin, channel.TokenEndsAt) = (ChannelState.Disconnected, null, null, null, null, null, null);
            // The token is of no more use: it is not kept.
            channel.Token = secrets.Seal(db.WorkspaceId, "channel.token", "");
            await db.Set<AccountRoute>().Where(r => r.WorkspaceId == db.WorkspaceId && r.Target == id.Value).ExecuteDeleteAsync(stop);
            foreach (var sibling in siblings) await RouteAsync(sibling.Kind, sibling.ExternalId, sibling.ParentId, sibling.Id, stop);
            audit.Write(AuditAction.ChannelDisconnected, id, channel.Name);
            await db.SaveChangesAsync(stop);
            await facts.TellAsync(new ChannelDisconnected(id), stop);
            db.Tell("channel", id);
        }, stop);
        return null;
    }

    /// <summary>The checks of a channel as they were last found.</summary>
    public static IReadOnlyList<HealthCheck> ChecksOf(Channel channel) =>
        channel.Health is null ? [] : JsonSerializer.Deserialize<List<HealthCheck>>(channel.Health, JsonSerializerOptions.Web) ?? [];

    /// <summary>The row as it is now and until the transaction ends: a person's look and the clock's come at the same moment.</summary>
    private async Task<Channel> LockAsync(ChannelId id, CancellationToken stop)
    {
        await db.Dialect.LockRowAsync(db, "channels", id.Value, stop);
        var channel = await db.Channels.SingleAsync(c => c.Id == id, stop);
        await db.Entry(channel).ReloadAsync(stop); // who has just connected it holds it already, as it was then
        return channel;
    }

    /// <summary>What we know ourselves: how long the token lasts, and whether events come.</summary>
    private IEnumerable<HealthCheck> OwnChecks(Channel channel)
    {
        var now = time.GetUtcNow();
        if (channel.TokenEndsAt is { } end) yield return new("lasting", end - now > WarnAhead, now, AlgiersTime.ToAlgiers(end).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture));
        // A fresh connection has not had the time to be written to.
        bool? ok = channel.LastEventAt is { } last ? now - last < ChannelHealth.SuspiciousSilence : now - channel.ConnectedAt < ChannelHealth.SuspiciousSilence ? null : false;
        yield return new("events", ok, now);
    }

    /// <summary>An end that is nearer than this is told to the owner: long enough for a week's holiday.</summary>
    public static readonly TimeSpan WarnAhead = TimeSpan.FromDays(7);

    /// <summary>Why a number could not be registered.</summary>
    private static readonly string?[] RegisterTroubles = ["pin_needed", "number_elsewhere", "number_verify", "pin_wait", "register_limit"];

    /// <summary>A look that finds all well ends it. Restrictions are lifted by the vendor's word or a person's look alone.</summary>
    private static bool HealsByItself(string? trouble) =>
        trouble is null or "token_refused" or "permission_missing" or "not_registered" or "not_subscribed" or "access_off" or "number_deleted" || RegisterTroubles.Contains(trouble);

    /// <summary>What we knew of the channel says more than the switch that was found off: why a number could not be registered, that the access was removed, that it is restricted.</summary>
    private static bool SaysMore(Channel channel, HealthCheck bad, bool byPerson) =>
        (bad.Check == "registered" && RegisterTroubles.Contains(channel.Trouble)) || (bad.Check == "token" && channel.Trouble == "removed_by_merchant")
        || (channel.State == ChannelState.Broken && !byPerson && !HealsByItself(channel.Trouble));

    /// <summary>What a switch that is off means for the channel; null for one that only informs.</summary>
    private static string? TroubleOf(HealthCheck bad) => bad.Check switch
    {
        "token" => "token_refused",
        "permissions" => "permission_missing",
        "registered" => "not_registered",
        "subscribed" or "fields" => "not_subscribed",
        "access" => "access_off",
        _ => null,
    };

    /// <summary>Does the account belong to another workspace?</summary>
    internal async Task<bool> IsTakenAsync(ChannelKind kind, string id, string? parent, CancellationToken stop) => await TakenAsync(kind, id, parent, stop) is not null;

    private async Task<Refusal?> TakenAsync(ChannelKind kind, string id, string? parent, CancellationToken stop)
    {
        foreach (var (source, account) in vendor.RoutesOf(kind, id, parent))
            if (await db.Set<AccountRoute>().AnyAsync(r => r.Source == source && r.Account == account && r.WorkspaceId != db.WorkspaceId, stop))
                return new("account_taken", "This account is connected to another workspace. Disconnect it there first.", "external_id", Kind: RefusalKind.Conflict);
        return null;
    }

    private async Task<Channel> SaveAsync(ChannelKind kind, string id, string? parent, string token, string name, Agreement? by, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var newId = ChannelId.New(now);
        var channel = await db.Channels.SingleOrDefaultAsync(c => c.Kind == kind && c.ExternalId == id, stop);
        var sealed_ = secrets.Seal(db.WorkspaceId, "channel.token", token);
        audit.Write(channel is null or { State: ChannelState.Disconnected } ? AuditAction.ChannelConnected : AuditAction.ChannelTokenChanged, channel?.Id ?? newId, name, now: new { kind });
        if (channel is null)
        {
            channel = new() { Id = newId, Kind = kind, ExternalId = id, ParentId = parent, Name = name, Token = sealed_, ConnectedAt = now };
            db.Add(channel);
        }
        (channel.ParentId, channel.Name, channel.Token, channel.ConnectedAt, channel.TokenAt, channel.TokenEndsAt, channel.EndToldOf) = (parent, name, sealed_, now, now, by?.EndsAt, null);
        channel.Person = by?.Person is { } person ? secrets.Seal(db.WorkspaceId, "channel.person", person) : null;
        if (by is { IsOnPhone: true } && !channel.IsOnPhone) db.Later(new ShareFromPhone(channel.Id), now);
        // A pasted token says nothing of the phone.
        if (by is not null) channel.IsOnPhone = by.IsOnPhone;
        await RouteAsync(kind, id, parent, channel.Id, stop);
        if (channel.State != ChannelState.Connected) channel.State = ChannelState.Broken; // mended below: what waited goes on
        await db.SaveChangesAsync(stop);
        await health.MendAsync(channel, stop);
        return channel;
    }

    private async Task RouteAsync(ChannelKind kind, string id, string? parent, ChannelId target, CancellationToken stop)
    {
        foreach (var (source, account) in vendor.RoutesOf(kind, id, parent))
        {
            if (await db.Set<AccountRoute>().SingleOrDefaultAsync(r => r.Source == source && r.Account == account, stop) is { } route) route.Target = target.Value;
            else db.Add(new AccountRoute { Source = source, Account = account, WorkspaceId = db.WorkspaceId, Target = target.Value });
        }
    }

    private static bool IsId(string text) => text.Length is > 3 and < 40 && text.All(char.IsAsciiDigit);
}

internal sealed class CheckChannelHandler(Connecting connecting) : IJobHandler<CheckChannel>
{
    public async Task<JobOutcome> RunAsync(CheckChannel job, JobRun run, CancellationToken stop) =>
        await connecting.CheckAsync(job.Channel, stop) is null ? JobOutcome.Done() : JobOutcome.Dropped("The channel is gone.");
}

/// <summary>Looks at every connected account of every workspace.</summary>
public sealed record CheckChannels : IJob
{
    public static string Kind => "check_channels";
    public string Lane => "work/system";
    public string OrderKey => "check-channels";
}

internal sealed class CheckChannelsHandler(WorkspaceScopes scopes, TimeProvider time) : IJobHandler<CheckChannels>
{
    public async Task<JobOutcome> RunAsync(CheckChannels job, JobRun run, CancellationToken stop)
    {
        foreach (var workspace in await scopes.WithAnyAsync<Channel>(c => c.State != ChannelState.Disconnected, stop))
        {
            await using var scope = scopes.Open(workspace);
            foreach (var id in await scope.Db.Channels.Where(c => c.State != ChannelState.Disconnected).Select(c => c.Id).ToListAsync(stop)) scope.Db.Later(new CheckChannel(id), time.GetUtcNow());
            await scope.Db.SaveChangesAsync(stop);
        }
        // Dialogues nobody came back from, and choices nobody made.
        var old = time.GetUtcNow() - ConnectAttempt.Keeps;
        foreach (var workspace in await scopes.WithAnyAsync<ConnectAttempt>(a => a.StartedAt < old, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Db.InTransactionAsync(() => scope.Db.ConnectAttempts.Where(a => a.StartedAt < old).ExecuteDeleteAsync(stop), stop);
        }
        return JobOutcome.Done();
    }
}
