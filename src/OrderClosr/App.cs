using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Billing;
using OrderClosr.Cash;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Conversations.Pages;
using OrderClosr.Customers;
using OrderClosr.Dashboard;
using OrderClosr.Ground;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Privacy;
using OrderClosr.Vendors.Chargily;
using OrderClosr.Vendors.Claude;
using OrderClosr.Sheets;
using OrderClosr.Shipping;
using OrderClosr.Vendors.Ecotrack;
using OrderClosr.Vendors.Google;
using OrderClosr.Vendors.Maystro;
using OrderClosr.Vendors.Meta;
using OrderClosr.Vendors.Noest;
using OrderClosr.Vendors.Procolis;
using OrderClosr.Vendors.Sentry;
using OrderClosr.Vendors.Smtp;
using OrderClosr.Vendors.Yalidine;
using OrderClosr.Vendors.ZrExpress;
using OrderClosr.Web;
using OrderClosr.Web.Api;
using OrderClosr.Web.Hooks;
using OrderClosr.Web.Jobs;
using OrderClosr.Web.Live;
using OrderClosr.Workspaces;

namespace OrderClosr;

/// <summary>Wires the product: one line per room, one per vendor.</summary>
/// <example>Tests and the demo: <c>await using var app = App.Build([], settings); await app.StartAsync();</c></example>
public static class App
{
    /// <summary>Makes the app. Settings come from the environment and the command line; <paramref name="settings"/> go before both.</summary>
    public static WebApplication Build(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings = null, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = "OrderClosr" });
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.UseQuietLogs().UseTelemetry().UseCluster();

        var services = builder.Services;
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddGround(builder.Configuration);
        services.AddWeb().AddJobsPages().AddProxies(builder.Configuration);
        services.AddApi();

        // Rooms, in their order.
        services.AddWorkspaces(builder.Configuration);
        services.AddBilling();
        services.AddChannels();
        services.AddCustomers();
        services.AddConversations();
        services.AddInboxPages();
        services.AddCatalogue();
        services.AddShipping();
        services.AddOrders();
        services.AddParcels();
        services.AddCash();
        services.AddAgent();
        services.AddSheets();
        services.AddDashboard();
        services.AddPrivacy(builder.Configuration);
        services.AddPersonRequests();
        services.AddHooks(builder.Configuration);

        // Vendors.
        services.AddChargily(builder.Configuration);
        services.AddClaude(builder.Configuration);
        services.AddMeta(builder.Configuration);
        services.AddEcotrack(builder.Configuration);
        services.AddGoogle(builder.Configuration);
        services.AddMaystro(builder.Configuration);
        services.AddNoest(builder.Configuration);
        services.AddProcolis(builder.Configuration);
        builder.UseSentryReports();
        services.AddSmtp(builder.Configuration);
        services.AddYalidine(builder.Configuration);
        services.AddZrExpress(builder.Configuration);

        adjust?.Invoke(builder);
        var app = builder.Build();
        app.UseMetrics();
        app.UseProxies();
        app.UseWeb();
        app.MapAssets();
        app.MapHealth();
        app.MapMetaWebhook();
        app.MapMetaCallbacks();
        app.MapPublicMedia();
        app.MapCourierWebhooks();
        app.MapChargilyWebhook();

        // Pages.
        app.MapAccountPages();
        app.MapOwnAccountPages();
        app.MapPasskeyPages();
        app.MapPasswordPages();
        app.MapConfirmPages();
        app.MapInvitationPages();
        app.MapLanguagePages();
        app.MapTrackingPages();
        app.MapPolicyPage();
        app.MapConnectBack();
        app.MapDeletionPages();
        app.MapPayPages();
        if (app.Environment.IsDevelopment() || app.Configuration.GetValue<bool>("Kit")) app.MapGet("/kit", () => Results.Page<Web.Layout.KitPage>());
        var workspace = app.MapWorkspace();
        workspace.MapLivePages();
        workspace.MapInboxPages();
        workspace.MapCustomersPages();
        workspace.MapControlsPages();
        workspace.MapJobsPages();
        workspace.MapMediaPages();
        workspace.MapChannelsPages();
        workspace.MapOrdersPages();
        workspace.MapCashPages();
        workspace.MapDashboardPages();
        workspace.MapNotificationsPages();
        workspace.MapApiKeyPages();
        workspace.MapHooksPages();
        workspace.MapAuditPages();
        workspace.MapMembersPages();
        workspace.MapRegisterPages();
        workspace.MapDeleteWorkspacePages();
        workspace.MapExportPages();
        workspace.MapBillingPages();
        workspace.MapCustomerExportPages();

        // The merchant's API.
        var api = app.MapApi();
        api.MapCatalogueApi();
        api.MapOrdersApi();
        api.MapDashboardApi();
        api.MapParcelsApi();
        api.MapCustomersApi();
        api.MapConversationsApi();
        api.MapHooksApi();
        workspace.MapCataloguePages();
        workspace.MapShippingPages();
        workspace.MapCourierPages();
        workspace.MapParcelsPages();
        workspace.MapHandoverPages();
        workspace.MapExchangePages();
        workspace.MapRescuePages();
        workspace.MapAgentPages();
        workspace.MapSheetPages();
        return app;
    }

    /// <summary>Brings the database to this version's tables; on PostgreSQL also its second lock.</summary>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken stop = default)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrderClosrDb>();
        // Asking first spares nearly every start the comparing of two whole models.
        if ((await db.Database.GetPendingMigrationsAsync(stop)).Any()) await db.Database.MigrateAsync(stop);
        if (db is SqliteDb) DataFolder.Protect(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource);
        if (db is PostgresDb) await RowSecurity.ApplyAsync(db, stop);
    }
}
