using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Sandbox.Google;
using OrderClosr.Sheets;

namespace OrderClosr.Demo;

/// <summary>The Google Sheet of the demo's shop, connected as a merchant would: its service account's file, its address.</summary>
internal static class DemoSheet
{
    /// <summary>What <c>demo.json</c> calls <c>google.sheet_id</c>.</summary>
    internal const string Id = GoogleWorld.SeedSheet;

    private const string Email = "orderclosr@dar-lina-2026.iam.gserviceaccount.com";

    internal static GoogleAccountSeed Account(DemoSecrets secrets) => new(Email) { PrivateKey = secrets.GoogleKey, Sheets = [Id] };

    /// <summary>Connects it. The sandbox forgets its sheets when it stops: one that was connected is connected anew and written whole; one that was disconnected by hand stays so.</summary>
    internal static async Task ConnectAsync(IServiceProvider services, DemoSecrets secrets, string sandbox)
    {
        var scopes = services.GetRequiredService<WorkspaceScopes>();
        Workspace shop;
        await using (var none = scopes.OpenNone()) shop = await none.Db.Set<Workspace>().SingleAsync(w => w.Slug == DemoShops.DarLinaSlug);
        await using var scope = scopes.Open(shop.Id);
        var before = await scope.Db.SheetConnections.AsNoTracking().SingleOrDefaultAsync();
        if (before is not null && before.Spreadsheet != Id) return;
        var connect = scope.Get<ConnectSheet>();
        if (before is not null) await connect.DisconnectAsync(default);
        if ((await connect.SaveKeyAsync(new GoogleAccount(Email, secrets.GoogleKey).KeyFile().ToJsonString(), shop.Language ?? "fr", default)
            ?? await connect.SaveLinkAsync($"{sandbox}/google/spreadsheets/d/{Id}/edit", default)) is { } refusal) throw new InvalidOperationException($"The demo's sheet does not answer: {refusal.Words}");
    }
}
