using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Tenancy;

namespace OrderClosr.Tests.Promises;

/// <summary>Keys are rotated when staff with access leaves, while the app serves. (Database TLS: <c>Ground/CheckTests.cs</c>, <c>Ground/RunningTests.cs</c>.)</summary>
/// <remarks>Seen to fail: when a value is replaced without asking whether it still is what was read, the newer token is lost; when the count of
/// unreadable values does not stop it, a key too few changes rows; when marked columns are not looked for, a value stays under the old key.</remarks>
public sealed class P17_KeysAreRotatedWhileServing
{
    private static readonly string Young = FernetKey.Generate();

    [Theory, OnBothDatabases]
    public async Task A_rotation_that_was_stopped_goes_on_and_what_was_written_meanwhile_stays(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var (shop, cookie) = await FillAsync(app, 40);
        var rotation = new KeyRotation(app.Get<WorkspaceScopes>(), FernetKeys.Read($"{Young},{TestApp.FernetKey}"), app.Get<TimeProvider>()) { AtOnce = 7, Rest = TimeSpan.Zero };
        var before = await rotation.CountAsync(default);
        Assert.Equal((45L, 45L), (before.Left, before.Total)); // 3 + 40 channels, a key of cookies, a delivery nobody could read

        // Stopped after two batches.
        using var stop = new CancellationTokenSource();
        var batches = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rotation.RunAsync(false, _ =>
        {
            if (++batches == 3) stop.Cancel();
            return Task.CompletedTask;
        }, stop.Token));
        var half = await rotation.CountAsync(default);
        Assert.InRange(half.Left, 1, before.Left - 1);

        // Goes on with what is left; a token that the app writes with the old key between reading and writing is the one that stays.
        var renewed = false;
        var end = await rotation.RunAsync(false, async step =>
        {
            if (renewed || step.Place != "channels.token") return;
            renewed = true;
            await using var scope = app.In(shop.Id);
            foreach (var channel in await scope.Db.Set<Channel>().ToListAsync()) channel.Token = app.Get<SecretBox>().Seal(shop.Id, "channel.token", "newer");
            await scope.Db.SaveChangesAsync();
        }, default);
        Assert.True(renewed);
        Assert.Equal((0L, 45L), (end.Now.Left, end.Now.Total));

        await using var second = await TestApp.StartAsync(database, new() { Started = false, Beside = app, Settings = new Dictionary<string, string?> { ["FERNET_KEYS"] = Young } });
        await using var seen = second.In(shop.Id);
        foreach (var channel in await seen.Db.Set<Channel>().ToListAsync()) Assert.Equal("newer", second.Get<SecretBox>().Open(shop.Id, "channel.token", channel.Token));
        Assert.Equal("owner", second.Get<IDataProtectionProvider>().CreateProtector("cookie").Unprotect(cookie));
        Assert.Empty(await TokensNotOfAsync(seen.Db, FernetKey.TryRead(Young)!));
    }

    [Theory, OnBothDatabases]
    public async Task With_a_key_too_few_nothing_is_changed_unless_the_operator_leaves_what_cannot_be_read(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var (shop, _) = await FillAsync(app, 0);
        await using (var scope = app.In(shop.Id))
        {
            var stranger = FernetKey.TryRead(FernetKey.Generate())!;
            (await scope.Db.Set<Channel>().FirstAsync()).Token = new(Fernet.Encrypt(stranger, "x"u8, DateTimeOffset.UnixEpoch));
            await scope.Db.SaveChangesAsync();
        }
        var rotation = new KeyRotation(app.Get<WorkspaceScopes>(), FernetKeys.Read($"{Young},{TestApp.FernetKey}"), app.Get<TimeProvider>()) { Rest = TimeSpan.Zero };
        var refused = await rotation.RunAsync(false, _ => throw new InvalidOperationException("Nothing may be written."), default);
        Assert.Equal((0L, 1L, 4L), (refused.Changed, refused.Now.Unreadable["channels.token"], refused.Now.Left));
        var forced = await rotation.RunAsync(true, _ => Task.CompletedTask, default);
        Assert.Equal((4L, 1L, 0L), (forced.Changed, forced.Now.Unreadable["channels.token"], forced.Now.Left));
    }

    [Fact]
    public async Task The_verb_rotates_beside_a_running_app_and_says_what_is_left()
    {
        var both = new Dictionary<string, string?> { ["FERNET_KEYS"] = $"{Young},{TestApp.FernetKey}" };
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps with { Settings = both });
        var shop = await app.NewShopAsync();
        var swapped = new Dictionary<string, string> { ["FERNET_KEYS"] = $"{TestApp.FernetKey},{Young}" };
        var (code, output) = await AppProcess.VerbAsync(app, swapped, "rotate-keys");
        Assert.Equal(0, code);
        Assert.Contains("0 of", output, StringComparison.Ordinal);
        Assert.Contains($"under key {FernetKey.TryRead(TestApp.FernetKey)!.Fingerprint}", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Young[..20], output, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.Http.GetAsync("/health/ready")).StatusCode);
        await using var scope = app.In(shop.Id);
        foreach (var channel in await scope.Db.Set<Channel>().ToListAsync()) Assert.True(Fernet.IsOf(FernetKey.TryRead(TestApp.FernetKey)!, channel.Token.Token));
    }

    /// <summary>Planted by the type of the property alone, looked for by how a token looks: where the rotation thinks that tokens lie is asked of neither.</summary>
    [Theory, OnBothDatabases]
    public async Task Every_sealed_column_of_the_model_is_rotated(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await Planting.AddAsync(app, shop, "mot-de-a");
        app.Get<IDataProtectionProvider>().CreateProtector("cookie").Protect("owner");
        var (box, now) = (app.Get<SecretBox>(), app.Get<TimeProvider>().GetUtcNow());
        await using var all = app.Get<WorkspaceScopes>().OpenEverywhere("the test plants a secret in every column that holds some");
        var db = all.Db;
        // Tables of no workspace.
        db.AddRange(
            new Deletion { WorkspaceId = WorkspaceId.New(now), AskedAt = now },
            new OrderClosr.Privacy.PersonRequest { Id = Id<OrderClosr.Privacy.PersonRequest>.New(now), Kind = OrderClosr.Privacy.PersonRequestKind.Deletion, Code = "c", RequestHash = "h", IsWithoutPages = false, IssuedAt = now, ReceivedAt = now },
            new OrderClosr.Workspaces.SecondStep { AccountId = shop.OwnerId, Secret = new(box.Seal(Guid.Empty, "planted", "x")), CreatedAt = now, LastStep = 0 },
            new InboundEvent { Id = Id<InboundEvent>.New(now), Key = "k1", Source = "meta", ReceivedAt = now, State = EventState.Unreadable, Body = Encoding.ASCII.GetBytes(box.Seal(Guid.Empty, "inbound_event", "x")) });
        await db.SaveChangesAsync();
        var planted = 0;
        foreach (var entity in db.Model.GetEntityTypes())
            foreach (var column in entity.GetFlattenedProperties().Where(p => (Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType) == typeof(Sealed)))
            {
#pragma warning disable EF1002 // names come from the model
                var rows = await db.Database.ExecuteSqlRawAsync($"update {entity.GetTableName()} set {column.GetColumnName()} = {{0}}", box.Seal(Guid.Empty, "planted", column.Name));
#pragma warning restore EF1002
                Assert.True(rows > 0, $"{entity.GetTableName()} has no row: give this test one");
                planted++;
            }
        Assert.True(planted >= 15, $"only {planted} sealed columns");
        var (old, young) = (FernetKey.TryRead(TestApp.FernetKey)!, FernetKey.TryRead(Young)!);
        var found = (await TokensNotOfAsync(db, young)).Distinct().ToList();
        Assert.Equal(planted + 2, found.Count); // with the deliveries and the keys of cookies

        var end = await new KeyRotation(app.Get<WorkspaceScopes>(), FernetKeys.Read($"{Young},{TestApp.FernetKey}"), app.Get<TimeProvider>()) { Rest = TimeSpan.Zero }.RunAsync(false, _ => Task.CompletedTask, default);
        Assert.Equal((0L, 0), (end.Now.Left, end.Now.Unreadable.Count));
        Assert.Empty(await TokensNotOfAsync(db, young));
        Assert.Equal(found.Order(), (await TokensNotOfAsync(db, old)).Distinct().Order());
    }

    [Fact]
    public void Every_column_that_is_sealed_is_found_in_the_model()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        var places = SealedPlace.In(db.Model).Select(p => p.Name).ToList();
        foreach (var known in (string[])["channels.token", "courier_accounts.credentials", "courier_accounts.webhook_secret", "data_protection_keys.xml", "inbound_events.body", "parcels.label_address"])
            Assert.Contains(known, places);
    }

    /// <summary>A shop whose channels, a key of cookies and an unreadable delivery lie under the test's usual key.</summary>
    private static async Task<(Shop Shop, string Cookie)> FillAsync(TestApp app, int channels)
    {
        var shop = await app.NewShopAsync();
        var cookie = app.Get<IDataProtectionProvider>().CreateProtector("cookie").Protect("owner");
        await using var scope = app.In(shop.Id);
        var (box, now) = (app.Get<SecretBox>(), app.Get<TimeProvider>().GetUtcNow());
        for (var n = 0; n < channels; n++)
            scope.Db.Add(new Channel { Id = ChannelId.New(now), Kind = ChannelKind.Messenger, ExternalId = $"9{n}", Name = $"Page {n}", ConnectedAt = now, Token = box.Seal(shop.Id, "channel.token", "older") });
        scope.Db.Add(new InboundEvent { Id = Id<InboundEvent>.New(now), Key = "k1", Source = "meta", ReceivedAt = now, State = EventState.Unreadable, Body = Encoding.ASCII.GetBytes(box.Seal(Guid.Empty, "inbound_event", "x")) });
        scope.Db.Add(new InboundEvent { Id = Id<InboundEvent>.New(now), Key = "k2", Source = "meta", ReceivedAt = now, State = EventState.Unread, Body = "gAAAAA is how a stranger's letter begins"u8.ToArray() });
        await scope.Db.SaveChangesAsync();
        return (shop, cookie);
    }

    /// <summary>Every value of the whole database that looks like a Fernet token and is not this key's: knows nothing of where tokens are meant to be.</summary>
    private static async Task<List<string>> TokensNotOfAsync(OrderClosrDb scoped, FernetKey key)
    {
        var found = new List<string>();
        await scoped.Database.OpenConnectionAsync();
        foreach (var table in scoped.Model.GetEntityTypes().Select(t => t.GetTableName()).OfType<string>().Distinct())
        {
            await using var command = scoped.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"select * from {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var n = 0; n < reader.FieldCount; n++)
                {
                    var text = reader.GetValue(n) switch { string value => value, byte[] bytes => Encoding.Latin1.GetString(bytes), _ => "" };
                    foreach (System.Text.RegularExpressions.Match token in System.Text.RegularExpressions.Regex.Matches(text, "gAAAAA[A-Za-z0-9_=-]{94,}"))
                        if (!Fernet.IsOf(key, token.Value)) found.Add($"{table}.{reader.GetName(n)}");
                }
        }
        await scoped.Database.CloseConnectionAsync();
        return found;
    }
}
