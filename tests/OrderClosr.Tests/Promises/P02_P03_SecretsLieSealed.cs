using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Parcels;
using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Promises;

/// <summary>Credentials of channels and couriers are encrypted at rest: whoever reads the database alone finds none in clear.</summary>
/// <remarks>The scan knows nothing of where secrets are meant to be: it reads every column of every table, and on SQLite the bytes of the files.
/// Seen to fail: with a channel's token in place of its name in the line of the audit log.</remarks>
public sealed class P02_P03_SecretsLieSealed
{
    [Theory, OnBothDatabases]
    public async Task No_token_of_a_channel_and_no_key_of_a_courier_is_found_in_the_database(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false, VendorsPlay = true });
        var shop = await app.NewShopAsync();
        var secrets = new List<string>();
        await using (var scope = app.In(shop.Id))
        {
            // What a merchant pastes, through the verbs behind the pages.
            foreach (var channel in (ShopChannel[])[shop.Messenger, shop.Instagram, shop.Whatsapp])
            {
                var parent = (await scope.Db.Set<Channel>().AsNoTracking().SingleAsync(c => c.Id == channel.Id)).ParentId;
                var connected = await scope.Get<Connecting>().ConnectAsync(new(channel.Kind, channel.Account, parent, channel.Token), default);
                Assert.True(connected.Ok, connected.Refusal?.Words);
                secrets.Add(channel.Token);
            }
        }
        foreach (var courier in CourierRoad.All)
        {
            await using var scope = app.In(shop.Id);
            var made = await scope.Get<ConnectCourier>().RunAsync(new(courier.Name, courier.Fields, 16) { WebhookSecret = courier.Secret }, default);
            Assert.True(made.Ok, $"{courier.Name}: {made.Refusal?.Code} {made.Refusal?.Words}");
            secrets.AddRange(courier.Fields.Values.Append(courier.Secret).OfType<string>().Where(v => v.StartsWith("invented-", StringComparison.Ordinal)));
        }
        await using (var scope = app.In(shop.Id))
        {
            // The key of the merchant's Google Sheet: any line of it.
            var file = System.Text.Json.Nodes.JsonNode.Parse(await app.Sandbox.GetStringAsync("/google/_accounts/orderclosr@dar-lina-2026.iam.gserviceaccount.com/key"))!;
            Assert.Null(await scope.Get<OrderClosr.Sheets.ConnectSheet>().SaveKeyAsync(file.ToJsonString(), "fr", default));
            secrets.Add(((string)file["private_key"]!).Split('\n')[3]);
        }
        Assert.Equal(13, secrets.Count);

        var everything = await EverythingAsync(app);
        Assert.Contains("Shop 1", everything, StringComparison.Ordinal); // the scan finds what is there
        foreach (var secret in secrets) Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
    }

    /// <summary>Every column of every table as text, and on SQLite the bytes of the files.</summary>
    internal static async Task<string> EverythingAsync(TestApp app)
    {
        var text = new StringBuilder();
        await using var all = app.Get<WorkspaceScopes>().OpenEverywhere("the test reads the database as a thief would");
        await all.Db.Database.OpenConnectionAsync();
        foreach (var table in all.Db.Model.GetEntityTypes().Select(t => t.GetTableName()).OfType<string>().Distinct())
        {
            await using var command = all.Db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"select * from {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var n = 0; n < reader.FieldCount; n++) text.Append(reader.GetValue(n) switch { byte[] bytes => Encoding.Latin1.GetString(bytes), var value => value.ToString() }).Append('\n');
        }
        await all.Db.Database.CloseConnectionAsync();
        if (all.Db is not SqliteDb) return text.ToString();
        foreach (var file in Directory.EnumerateFiles(app.Folder, "*.db*"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(open, Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync());
        }
        return text.ToString();
    }
}
