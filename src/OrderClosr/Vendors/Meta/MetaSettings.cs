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

    /// <summary>The address of the app as Meta sees it, for photos it fetches from us.</summary>
    public string PublicUrl { get; init; } = "http://localhost:5080";

    /// <summary>Proves to Meta that the caller of a token also knows the app secret (section 9.1).</summary>
    public static string ProofOf(string secret, string token) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(token)));

    internal static MetaSettings Read(IConfiguration settings)
    {
        var meta = settings.GetSection("Meta");
        var usual = new MetaSettings();
        return new()
        {
            AppId = meta["AppId"] ?? "", AppSecret = meta["AppSecret"] ?? "", InstagramAppSecret = meta["InstagramAppSecret"] ?? "", VerifyToken = meta["VerifyToken"] ?? "",
            GraphUrl = (meta["GraphUrl"] ?? usual.GraphUrl).TrimEnd('/'), InstagramGraphUrl = (meta["InstagramGraphUrl"] ?? usual.InstagramGraphUrl).TrimEnd('/'),
            Version = meta["Version"] ?? usual.Version, PublicUrl = (settings["Public:BaseUrl"] ?? usual.PublicUrl).TrimEnd('/'),
        };
    }
}
