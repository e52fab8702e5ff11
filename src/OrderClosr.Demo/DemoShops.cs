using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Sandbox;
using OrderClosr.Verbs.Demo;

namespace OrderClosr.Demo;

/// <summary>The demo's two shops, what programs are told of them, and whom the sandbox must know.</summary>
internal static class DemoShops
{
    internal const string DarLinaSlug = "dar-lina", TechnoSlug = "techno-setif", OwnerEmail = "lina@dar-lina.example", OtherEmail = "anis@techno-setif.example";

    /// <summary>What the WhatsApp catalogue on the phone shows; the prices are the shop's, and are never used.</summary>
    internal static readonly IReadOnlyList<CatalogueItem> WhatsAppCatalogue =
    [
        new("ROBE-M-NOIR", "Robe d'été, M, noir", 3500), new("ROBE-L-BLEU", "Robe d'été, L, bleu", 3500), new("HIJAB-BEIGE", "Hijab soie de Médine, beige", 1200),
        new("SAC-CAMEL", "Sac à main, camel", 4200), new("BASKET-42", "Baskets blanches, 42", 5400), new("THEIERE", "Service à thé", 3600),
    ];

    internal static DemoShop DarLina(DemoSecrets secrets) => new(DarLinaSlug, "Dar Lina", "Lina Bensalem", OwnerEmail, secrets.OwnerPassword, [.. secrets.DarLina.Select(Channel)]);

    internal static DemoShop TechnoSetif(DemoSecrets secrets) => new(TechnoSlug, "Techno Sétif", "Anis Mekki", OtherEmail, secrets.OtherPassword, [.. secrets.TechnoSetif.Select(Channel)]);

    /// <summary>The object of <c>demo.json</c>.</summary>
    internal static object HandOut(DemoSecrets secrets, string app, string sandbox) => new
    {
        app, sandbox,
        owner = new { email = OwnerEmail, password = secrets.OwnerPassword }, workspace = DarLinaSlug, api_key = secrets.ApiKey,
        other = new { owner = new { email = OtherEmail, password = secrets.OtherPassword }, workspace = TechnoSlug, api_key = secrets.OtherApiKey },
        meta = new
        {
            app_secret = secrets.AppSecret, instagram_secret = secrets.InstagramSecret, verify_token = secrets.VerifyToken,
            page_id = secrets.DarLina[0].Id, instagram_id = secrets.DarLina[1].Id, phone_number_id = secrets.DarLina[2].Id, waba_id = secrets.DarLina[2].WabaId,
        },
        google = new { sheet_id = DemoSheet.Id },
        secrets = secrets.All,
    };

    /// <summary>Tells the sandbox, which forgets when it stops, which customers the shop has written with, so that they can be answered.</summary>
    internal static async Task IntroduceCustomersAsync(IServiceProvider services, string sandbox)
    {
        using var http = new HttpClient();
        await using var none = services.GetRequiredService<WorkspaceScopes>().OpenNone();
        var shops = await none.Db.Set<Workspace>().Where(w => w.Slug == DarLinaSlug || w.Slug == TechnoSlug).Select(w => w.Id).ToListAsync();
        foreach (var shop in shops)
        {
            await using var scope = services.GetRequiredService<WorkspaceScopes>().Open(shop);
            var (conversations, handles, channels, customers, messages) = (scope.Db.Conversations, scope.Db.CustomerHandles, scope.Db.Channels, scope.Db.Customers, scope.Db.Messages);
            var known = await (from conversation in conversations
                               join handle in handles on new { conversation.CustomerId, conversation.ChannelId } equals new { handle.CustomerId, handle.ChannelId }
                               join channel in channels on conversation.ChannelId equals channel.Id
                               join customer in customers on conversation.CustomerId equals customer.Id
                               where messages.Any(m => m.ConversationId == conversation.Id && m.ChannelMessageId!.StartsWith("demo."))
                               select new { channel.Kind, channel.ExternalId, customer.Name, handle.Handle, conversation.LastCustomerActionAt }).ToListAsync();
            foreach (var one in known)
                await http.PostAsJsonAsync($"{sandbox}/meta/_customers/known-{one.Handle}", new
                {
                    channel = one.Kind.ToString().ToLowerInvariant(), account = one.ExternalId, name = one.Name, handle = one.Handle, last_action_at = one.LastCustomerActionAt,
                });
        }
    }

    /// <summary>Five weeks of orders that came to their end, counted.</summary>
    internal static async Task TellOfThePastAsync(IServiceProvider services, CancellationToken stop)
    {
        var scopes = services.GetRequiredService<WorkspaceScopes>();
        OrderClosr.Ground.Values.Id<Workspace> shop;
        await using (var none = scopes.OpenNone()) shop = await none.Db.Set<Workspace>().Where(w => w.Slug == DarLinaSlug).Select(w => w.Id).SingleAsync(stop);
        await using var scope = scopes.Open(shop);
        // The week's own orders begin at 1001.
        const int First = 301, OfTheWeek = 1001;
        if (await scope.Db.Orders.AnyAsync(o => o.Number >= First && o.Number < OfTheWeek, stop)) return;
        await ActivatorUtilities.CreateInstance<DemoHistory>(services).AddAsync(shop, days: 35, until: 1, perDay: 6, First, stop);
        await scope.Get<OrderClosr.Dashboard.RollUp>().SettleAsync(100, stop);
    }

    private static DemoChannel Channel(MetaAccountSeed seed) => new(
        seed.Kind switch { "page" => ChannelKind.Messenger, "instagram" => ChannelKind.Instagram, _ => ChannelKind.Whatsapp },
        seed.Id, seed.WabaId ?? seed.PageId, seed.Name, seed.Token);
}
