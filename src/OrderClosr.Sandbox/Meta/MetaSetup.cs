using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Meta.Customers;
using OrderClosr.Sandbox.Meta.Graph;
using OrderClosr.Sandbox.Meta.Media;
using OrderClosr.Sandbox.Meta.Sending;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta;

/// <summary>Puts Meta into the sandbox: both Graph hosts are <c>/meta</c>, with or without a version in the path.</summary>
public static class MetaSetup
{
    /// <summary>Faults that only Meta knows (facts: meta.md section 13.3) and its switches (section 14); README.md tells what each does.</summary>
    public static readonly IReadOnlyList<string> Knobs =
    [
        "concurrent-duplicate", "edit-first", "phantom-edit", "read-before-delivered", "drop-echoes", "drop-app-echoes", "echo-before-answer", "reports-before-answer", "hold-answers", "no-statuses",
        "fail-later", "window-fails-later", "batch", "malformed-in-batch", "raw-utf8", "older-escapes", "wrong-signature", "missing-signature",
        "token-dead", "permission-removed", "person-unavailable", "no-profile", "require-appsecret-proof", "page-size",
        "bsuid-only", "bsuid-in-from", "bsuid-prefix", "parent-bsuid-key", "conversation-routing", "coexistence",
        "media-expired", "media-404", "media-html", "media-huge", "media-mime-lies", "media-url-in-webhook",
        "retry-schedule", "receiver-timeout", "disable-after", "inbox-app-id", "instagram-signing-secret", "instagram-comments", "instagram-rate", "share-double", "self-ig-scoped-id", "1545041-means", "text-unit",
    ];

    /// <summary>Meta's state and parts.</summary>
    public static IServiceCollection AddMeta(this IServiceCollection services) => services
        .AddSingleton<MetaWorld>().AddSingleton<Access>().AddSingleton<OAuthTokens>().AddSingleton<MediaShelf>().AddSingleton<LinkedMedia>()
        .AddSingleton<MetaOutbox>().AddSingleton<WhatsAppEvents>().AddSingleton<Handshake>().AddSingleton<SignedCallbacks>()
        .AddSingleton<SendRate>().AddSingleton<PageReports>().AddSingleton<WhatsAppReports>().AddSingleton<PageSending>().AddSingleton<WhatsAppSending>()
        .AddSingleton<Comments>().AddSingleton<Nodes>().AddSingleton<PageEdges>().AddSingleton<WhatsAppEdges>().AddSingleton<Subscriptions>().AddSingleton<OAuthDoors>().AddSingleton<LoginDialog>().AddSingleton<MetaGraph>()
        .AddSingleton<PageSay>().AddSingleton<WhatsAppSay>().AddSingleton<SayDoor>().AddSingleton<ThreadDoor>().AddSingleton<BusinessDoor>();

    /// <summary>Meta's addresses.</summary>
    public static void MapMeta(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var world = services.GetRequiredService<MetaWorld>();
        world.Reset();
        var group = app.MapVendor("meta", vendor =>
        {
            vendor.Knobs = Knobs;
            vendor.ErrorBody = GraphRefusal.Injected;
            vendor.Faults.Shape = GraphCall.WithoutVersion;
            vendor.Forget = () =>
            {
                world.Reset();
                services.GetRequiredService<MediaShelf>().Clear();
                services.GetRequiredService<OAuthTokens>().Clear();
            };
        });
        group.MapDoors();
        group.MapAccounts();
        group.MapMedia();
        services.GetRequiredService<LoginDialog>().Map(group);
        var graph = services.GetRequiredService<MetaGraph>();
        group.MapMethods("/{**path}", ["GET", "POST", "DELETE"], (HttpContext http, string? path) => graph.AnswerAsync(http, path ?? ""));
    }
}
