using System.Globalization;

namespace OrderClosr.Sandbox;

/// <summary>Everything a sandbox is told before it starts. Every secret here is invented and harmless.</summary>
public sealed record SandboxOptions
{
    /// <summary>Port to listen on; 0 takes a free one (read it from <c>app.Urls</c> after the start).</summary>
    public int Port { get; init; } = 5090;

    /// <summary>Name or address to listen on; <c>0.0.0.0</c> lets a real phone in the same network open the page.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Port of the mail server on this machine; null: there is none.</summary>
    public int? MailPort { get; init; }

    /// <summary>Base address of the product, where webhooks go.</summary>
    public string App { get; init; } = "http://localhost:5080";

    /// <summary>Id of the operator's Meta app; appears in <c>subscribed_apps</c>, <c>debug_token</c> and echoes.</summary>
    public string MetaAppId { get; init; } = "424200000000001";

    /// <summary>Signs Messenger and WhatsApp webhooks.</summary>
    public string MetaAppSecret { get; init; } = "invented-app-secret-0001";

    /// <summary>Signs Instagram webhooks (facts: meta.md section 14 row 3).</summary>
    public string InstagramAppSecret { get; init; } = "invented-instagram-secret-0001";

    /// <summary>The word the product expects in the verification call.</summary>
    public string VerifyToken { get; init; } = "invented-verify-token-0001";

    /// <summary>The only key that opens the payment service; it also signs its webhooks.</summary>
    public string ChargilySecretKey { get; init; } = "test_sk_invented_orderclosr";

    /// <summary>True when the app was given a key for the real Claude: the phone page then says so.</summary>
    public bool RealClaude { get; init; }

    /// <summary>Seed of the sandbox's randomness (fault rates), so that a run can be repeated.</summary>
    public int RandomSeed { get; init; } = 20260101;

    /// <summary>Pages, accounts, numbers and goods that exist from the start.</summary>
    public SandboxSeed Seed { get; init; } = new();

    /// <summary>The clock of windows, limits, retries and waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How webhooks travel to the product; null is plain HTTP. A test may give its own handler.</summary>
    public Func<HttpMessageHandler>? Wire { get; init; }

    /// <summary>How soon customers' apps confirm: statuses sent, delivered and read after an answer.</summary>
    public StatusPace Pace { get; init; } = new();

    /// <summary>Reads the command line, then the environment (<c>Meta__AppSecret</c> and so on, as the product names them).</summary>
    public static SandboxOptions Read(string[] args)
    {
        var defaults = new SandboxOptions();
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        return defaults with
        {
            Port = int.Parse(settings["port"] ?? "5090", CultureInfo.InvariantCulture),
            Host = settings["host"] ?? defaults.Host,
            MailPort = int.Parse(settings["mail-port"] ?? "5025", CultureInfo.InvariantCulture),
            App = (settings["app"] ?? defaults.App).TrimEnd('/'),
            MetaAppId = settings["Meta:AppId"] ?? defaults.MetaAppId,
            MetaAppSecret = settings["Meta:AppSecret"] ?? defaults.MetaAppSecret,
            InstagramAppSecret = settings["Meta:InstagramAppSecret"] ?? defaults.InstagramAppSecret,
            VerifyToken = settings["Meta:VerifyToken"] ?? defaults.VerifyToken,
            ChargilySecretKey = settings["Chargily:SecretKey"] ?? defaults.ChargilySecretKey,
            RealClaude = settings["Claude:ApiKey"] is { Length: > 0 },
        };
    }
}

/// <summary>Waits between the business's send call and what the customer's phone reports.</summary>
public sealed record StatusPace
{
    /// <summary>After the send call, until "sent".</summary>
    public TimeSpan Sent { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>After "sent", until "delivered".</summary>
    public TimeSpan Delivered { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After "delivered", until "read".</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromMilliseconds(900);
}

/// <summary>The little world the vendors know from the start.</summary>
public sealed record SandboxSeed
{
    /// <summary>Pages, Instagram accounts and WhatsApp numbers with their tokens.</summary>
    public IReadOnlyList<MetaAccountSeed> Accounts { get; init; } =
    [
        new("page", "101000000000001", "Dar Lina", "invented-page-token-dar-lina"),
        new("instagram", "178000000000001", "dar.lina.dz", "invented-instagram-token-dar-lina"),
        new("whatsapp", "106000000000001", "Dar Lina", "invented-whatsapp-token-dar-lina") { WabaId = "206000000000001", DisplayPhone = "213500009001" },
    ];

    /// <summary>What the WhatsApp catalogue shows on the phone page.</summary>
    public IReadOnlyList<CatalogueItem> Catalogue { get; init; } =
    [
        new("ROBE-M-NOIR", "Robe d'été, M, noir", 3500),
        new("ROBE-L-NOIR", "Robe d'été, L, noir", 3500),
        new("HIJAB-BEIGE", "Hijab soie de Médine, beige", 1200),
        new("SAC-CAMEL", "Sac à main, camel", 4200),
    ];

    /// <summary>Merchants' accounts at the couriers: one each, so that the demo can connect; more as a test likes.</summary>
    public IReadOnlyList<Couriers.CourierAccountSeed> Couriers { get; init; } =
    [
        new("ecotrack", "dar-lina", "invented-ecotrack-token-dar-lina") { WebhookSecret = "invented-ecotrack-webhook-secret" },
        new("maystro", "4101", "invented-maystro-token-dar-lina"),
        new("noest", "DLN0A1B2", "invented-noest-token-dar-lina"),
        new("yalidine", "10000000000000000001", "invented-yalidine-token-dar-lina") { WebhookSecret = "invented-webhook-secret" },
        new("zr", "0d0a11a0-0000-4000-8000-000000000001", "invented-zr-key-dar-lina"),
        new("procolis", "invented-procolis-key-dar-lina", "invented-procolis-token-dar-lina"),
    ];

    /// <summary>Merchants' service accounts at Google, with the spreadsheets shared with them.</summary>
    public IReadOnlyList<Google.GoogleAccountSeed> GoogleAccounts { get; init; } = [new("orderclosr@dar-lina-2026.iam.gserviceaccount.com") { Sheets = [Google.GoogleWorld.SeedSheet] }];

    /// <summary>Message templates that are approved on every WhatsApp number.</summary>
    public IReadOnlyList<TemplateSeed> Templates { get; init; } =
    [
        new("order_confirmed", "fr", "UTILITY", "Votre commande {{1}} est confirmée. Total {{2}} DA à la livraison."),
        new("order_confirmed", "ar", "UTILITY", "تم تأكيد طلبك {{1}}. المجموع {{2}} دج عند الاستلام."),
        new("parcel_shipped", "fr", "UTILITY", "Votre colis {{1}} est en route vers {{2}}."),
        new("parcel_shipped", "ar", "UTILITY", "طردك {{1}} في الطريق إلى {{2}}."),
    ];
}

/// <summary>One account of a merchant.</summary>
/// <param name="Kind"><c>page</c>, <c>instagram</c> or <c>whatsapp</c>.</param>
/// <param name="Id">Page id, Instagram professional account id, or phone number id.</param>
/// <param name="Name">Page name, user name, or verified name.</param>
/// <param name="Token">The only token that opens it.</param>
public sealed record MetaAccountSeed(string Kind, string Id, string Name, string Token)
{
    /// <summary>WhatsApp only: the business account the number belongs to.</summary>
    public string? WabaId { get; init; }

    /// <summary>WhatsApp only: the number, digits without +.</summary>
    public string? DisplayPhone { get; init; }

    /// <summary>Instagram only: the linked Page when it is connected through one; null means Instagram Login.</summary>
    public string? PageId { get; init; }

    /// <summary>True starts with our app already in <c>subscribed_apps</c>; the default is what a fresh account has.</summary>
    public bool Subscribed { get; init; }

    /// <summary>The person in whose sign-in dialogues it is offered; null: in everybody's.</summary>
    public string? Owner { get; init; }

    /// <summary>WhatsApp only: false starts before <c>/register</c>.</summary>
    public bool Registered { get; init; } = true;
}

/// <summary>One article of the WhatsApp catalogue; price in whole dinars.</summary>
public sealed record CatalogueItem(string RetailerId, string Name, int Price);

/// <summary>An approved message template; <c>{{n}}</c> are its parameters.</summary>
public sealed record TemplateSeed(string Name, string Language, string Category, string Body);
