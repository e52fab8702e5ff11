using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Channels;

/// <summary>What a merchant pastes to connect an account.</summary>
public sealed record NewConnection(ChannelKind Kind, string? ExternalId, string? ParentId, string? Token);

/// <summary>Connects, reconnects and disconnects accounts. An account belongs to one workspace only.</summary>
public sealed class Connecting(OrderClosrDb db, IChannelVendor vendor, ChannelHealth health, Facts facts, SecretBox secrets, Audit audit, TimeProvider time)
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

        var name = await vendor.LookAsync(given.Kind, id, parent, token, stop);
        if (!name.Ok) return name.Refusal;
        Channel channel;
        try
        {
            channel = await db.InTransactionAsync(() => SaveAsync(given.Kind, id, parent, token, name.Value, stop), stop);
        }
        catch (DbUpdateException)
        {
            // Another workspace connected it in the same moment.
            db.ChangeTracker.Clear();
            return await TakenAsync(given.Kind, id, parent, stop) ?? throw new InvalidOperationException("A channel could not be saved.");
        }
        await vendor.SubscribeAsync(channel, stop);
        await CheckAsync(channel.Id, stop);
        return channel;
    }

    /// <summary>Looks at every switch again, asks for events again when they were lost, and writes what was found.</summary>
    /// <param name="byPerson">A person looked: a stop that only a person may lift is lifted when all is well.</param>
    public async Task<Refusal?> CheckAsync(ChannelId id, CancellationToken stop, bool byPerson = false)
    {
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } seen) return Refusal.NotFound("channel");
        if (seen.State == ChannelState.Disconnected) return null;
        var checks = await vendor.CheckAsync(seen, stop);
        if (checks.Any(c => c is { Check: "subscribed", Ok: false }) && await vendor.SubscribeAsync(seen, stop)) checks = await vendor.CheckAsync(seen, stop);
        var templates = await vendor.TemplatesAsync(seen, stop);
        await db.InTransactionAsync(async () =>
        {
            var channel = await LockAsync(id, stop);
            if (templates is not null) channel.Templates = JsonSerializer.Serialize(templates, JsonSerializerOptions.Web);
            channel.Health = JsonSerializer.Serialize(checks.Append(EventsCheck(channel)), JsonSerializerOptions.Web);
            var bad = checks.FirstOrDefault(c => c.Ok == false);
            if (bad is not null) health.Trouble(channel, TroubleOf(bad), stops: bad.Check is "token" or "permissions" or "registered");
            // Restrictions are lifted by the vendor's word or a person's look, the rest heals by itself.
            else if (channel.Trouble is null or "token_refused" or "permission_missing" or "not_registered" or "not_subscribed" or "number_deleted" || byPerson) await health.MendAsync(channel, stop);
            await db.SaveChangesAsync(stop);
        }, stop);
        return null;
    }

    /// <summary>Disconnects: no events, no sends, the agent silent; what was said stays.</summary>
    public async Task<Refusal?> DisconnectAsync(ChannelId id, CancellationToken stop)
    {
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } seen) return Refusal.NotFound("channel");
        await vendor.UnsubscribeAsync(seen, stop);
        await db.InTransactionAsync(async () =>
        {
            var channel = await LockAsync(id, stop);
            (channel.State, channel.Trouble, channel.Health, channel.Templates) = (ChannelState.Disconnected, null, null, null);
            // The token is of no more use: it is not kept.
            channel.Token = secrets.Seal(db.WorkspaceId, "channel.token", "");
            await db.Set<AccountRoute>().Where(r => r.WorkspaceId == db.WorkspaceId && r.Target == id.Value).ExecuteDeleteAsync(stop);
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

    private HealthCheck EventsCheck(Channel channel)
    {
        var now = time.GetUtcNow();
        // A fresh connection has not had the time to be written to.
        bool? ok = channel.LastEventAt is { } last ? now - last < ChannelHealth.SuspiciousSilence : now - channel.ConnectedAt < ChannelHealth.SuspiciousSilence ? null : false;
        return new("events", ok, now);
    }

    private static string TroubleOf(HealthCheck bad) => bad.Check switch
    {
        "token" => "token_refused",
        "permissions" => "permission_missing",
        "registered" => "not_registered",
        _ => "not_subscribed",
    };

    private async Task<Refusal?> TakenAsync(ChannelKind kind, string id, string? parent, CancellationToken stop)
    {
        foreach (var (source, account) in vendor.RoutesOf(kind, id, parent))
            if (await db.Set<AccountRoute>().AnyAsync(r => r.Source == source && r.Account == account && r.WorkspaceId != db.WorkspaceId, stop))
                return new("account_taken", "This account is connected to another workspace. Disconnect it there first.", "external_id", Kind: RefusalKind.Conflict);
        return null;
    }

    private async Task<Channel> SaveAsync(ChannelKind kind, string id, string? parent, string token, string name, CancellationToken stop)
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
        (channel.ParentId, channel.Name, channel.Token, channel.ConnectedAt) = (parent, name, sealed_, now);
        foreach (var (source, account) in vendor.RoutesOf(kind, id, parent))
        {
            if (await db.Set<AccountRoute>().SingleOrDefaultAsync(r => r.Source == source && r.Account == account, stop) is { } route) route.Target = channel.Id.Value;
            else db.Add(new AccountRoute { Source = source, Account = account, WorkspaceId = db.WorkspaceId, Target = channel.Id.Value });
        }
        if (channel.State != ChannelState.Connected) channel.State = ChannelState.Broken; // mended below: what waited goes on
        await db.SaveChangesAsync(stop);
        await health.MendAsync(channel, stop);
        return channel;
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
        return JobOutcome.Done();
    }
}
