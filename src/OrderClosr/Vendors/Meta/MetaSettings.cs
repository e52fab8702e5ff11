using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Vendors.Meta;

/// <summary>The operator's Meta app (<c>Meta__AppId</c> …) and where its Graph API lies.</summary>
public sealed record MetaSettings
{
    public string AppId { get; init; } = "";
    public string AppSecret { get; init; } = "";

    /// <summary>Instagram Login has a secret of its own, which signs its webhooks (facts/meta.md section 2.2).</summary>
    public string InstagramAppSecret { get; init; } = "";

    public string VerifyToken { get; init; } = "";
    public string GraphUrl { get; init; } = "https://graph.facebook.com";
    public string InstagramGraphUrl { get; init; } = "https://graph.instagram.com";

    /// <summary>A call without a version is silently served by the oldest one (section 9.4).</summary>
    public string Version { get; init; } = "v25.0";

    /// <summary>Where a person agrees to a connection by Facebook or WhatsApp (section 9.1).</summary>
    public string LoginUrl { get; init; } = "https://www.facebook.com";

    /// <summary>Where a person agrees to a connection by Instagram (section 9.2).</summary>
    public string InstagramLoginUrl { get; init; } = "https://www.instagram.com";

    /// <summary>Where Instagram gives a token for a code.</summary>
    public string InstagramTokenUrl { get; init; } = "https://api.instagram.com";

    /// <summary>The product Instagram Login has an id of its own beside its own secret; that of the app where the operator names none.</summary>
    public string InstagramAppId { get; init; } = "";

    /// <summary>The operator's configuration of Facebook Login for Business; without one the permissions are asked for by name.</summary>
    public string LoginConfigId { get; init; } = "";

    /// <summary>The operator's configuration of WhatsApp's embedded sign-up; without one numbers are connected by pasting a token.</summary>
    public string WhatsappConfigId { get; init; } = "";

    /// <summary>How the embedded sign-up is opened: by our own redirect (<c>redirect</c>), or by Meta's script on one page of ours (<c>script</c>), the only way the facts describe (section 9.3).</summary>
    public bool SignsUpByScript { get; init; }

    /// <summary>Meta's script, for the variant that needs it.</summary>
    public string ScriptUrl { get; init; } = "https://connect.facebook.net/en_US/sdk.js";

    /// <summary>The address of the app as Meta sees it, for photos it fetches from us.</summary>
    public string PublicUrl { get; init; } = "http://localhost:5080";

    /// <summary>Proves to Meta that the caller of a token also knows the app secret (section 9.1).</summary>
    public static string ProofOf(string secret, string token) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(token)));

    internal static MetaSettings Read(IConfiguration settings)
    {
        var meta = settings.GetSection("Meta");
        var usual = new MetaSettings();
        var graph = (meta["GraphUrl"] ?? usual.GraphUrl).TrimEnd('/');
        // Who plays Meta's API plays its dialogues, too, unless told otherwise.
        string Beside(string name, string real) => (meta[name] ?? (graph == usual.GraphUrl ? real : graph)).TrimEnd('/');
        return new()
        {
            AppId = meta["AppId"] ?? "", AppSecret = meta["AppSecret"] ?? "", InstagramAppSecret = meta["InstagramAppSecret"] ?? "", VerifyToken = meta["VerifyToken"] ?? "",
            GraphUrl = graph, LoginUrl = Beside("LoginUrl", usual.LoginUrl), InstagramLoginUrl = Beside("InstagramLoginUrl", usual.InstagramLoginUrl), InstagramTokenUrl = Beside("InstagramTokenUrl", usual.InstagramTokenUrl),
            InstagramAppId = meta["InstagramAppId"] ?? meta["AppId"] ?? "", LoginConfigId = meta["LoginConfigId"] ?? "", WhatsappConfigId = meta["WhatsappConfigId"] ?? "",
            SignsUpByScript = meta["WhatsappSignup"] is "script", ScriptUrl = meta["ScriptUrl"] ?? (graph == usual.GraphUrl ? usual.ScriptUrl : $"{graph}/sdk.js"),
            InstagramGraphUrl = (meta["InstagramGraphUrl"] ?? usual.InstagramGraphUrl).TrimEnd('/'),
            Version = meta["Version"] ?? usual.Version, PublicUrl = (settings["Public:BaseUrl"] ?? usual.PublicUrl).TrimEnd('/'),
        };
    }
}
