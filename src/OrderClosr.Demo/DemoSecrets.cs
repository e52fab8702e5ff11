using System.Security.Cryptography;
using System.Text.Json;
using OrderClosr.Ground.Secrets;
using OrderClosr.Sandbox;

namespace OrderClosr.Demo;

/// <summary>Keys, tokens and passwords of one demo: made at random on its first start, kept beside its data, worth nothing elsewhere.</summary>
internal sealed record DemoSecrets
{
    public string FernetKey { get; init; } = Ground.Secrets.FernetKey.Generate();
    public string AppSecret { get; init; } = Random("app");
    public string InstagramSecret { get; init; } = Random("instagram");
    public string VerifyToken { get; init; } = Random("verify");
    public string ClaudeKey { get; init; } = Random("claude");

    /// <summary>Of the played payment service; by its beginning a key of the test mode.</summary>
    public string ChargilyKey { get; init; } = $"test_sk_{Random("chargily")}";
    public string OwnerPassword { get; init; } = Random("lina");
    public string OtherPassword { get; init; } = Random("techno");
    public IReadOnlyList<string> Tokens { get; init; } = [Random("page"), Random("ig"), Random("wa"), Random("page2"), Random("wa2")];

    /// <summary>Of the shop's accounts at the couriers, in the order of <see cref="DemoCouriers.All"/>, then what two of them sign with.</summary>
    public IReadOnlyList<string> CourierTokens { get; init; } = [.. DemoCouriers.Names.Select(Random), Random("anderson-hook"), Random("yalidine-hook")];

    /// <summary>Of the shop's service account at the played Google, PKCS#8 in PEM.</summary>
    public string GoogleKey { get; init; } = NewGoogleKey();

    /// <summary>Workspace API keys; known once the shops are seeded.</summary>
    public string ApiKey { get; init; } = "";
    public string OtherApiKey { get; init; } = "";

    /// <summary>Every one of them in clear, so that a scan can prove that none is stored so.</summary>
    internal IReadOnlyList<string> All => [FernetKey, AppSecret, InstagramSecret, VerifyToken, ClaudeKey, ChargilyKey, OwnerPassword, OtherPassword, ApiKey, OtherApiKey, .. Tokens, .. CourierTokens, .. GoogleKey.Split('\n').Where(l => l.Length == 64)];

    /// <summary>The accounts of the demo's two shops at the played Meta.</summary>
    internal IReadOnlyList<MetaAccountSeed> DarLina =>
    [
        new("page", "101000000000001", "Dar Lina", Tokens[0]),
        new("instagram", "178000000000001", "dar.lina.dz", Tokens[1]),
        new("whatsapp", "106000000000001", "Dar Lina", Tokens[2]) { WabaId = "206000000000001", DisplayPhone = "213500009001" },
    ];

    /// <inheritdoc cref="DarLina"/>
    internal IReadOnlyList<MetaAccountSeed> TechnoSetif =>
    [
        new("page", "101000000000002", "Techno Sétif", Tokens[3]),
        new("whatsapp", "106000000000002", "Techno Sétif", Tokens[4]) { WabaId = "206000000000002", DisplayPhone = "213500009002" },
    ];

    /// <summary>The kept ones, or new ones on the first start.</summary>
    internal static DemoSecrets ReadOrMake(string folder)
    {
        var file = FileIn(folder);
        var secrets = File.Exists(file) ? JsonSerializer.Deserialize<DemoSecrets>(File.ReadAllText(file))! : new DemoSecrets();
        secrets.Keep(folder);
        return secrets;
    }

    /// <summary>Keeps them, readable by this user alone.</summary>
    internal void Keep(string folder)
    {
        var file = FileIn(folder);
        File.WriteAllText(file, JsonSerializer.Serialize(this));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string FileIn(string folder) => Path.Combine(folder, "demo-secrets.json");

    private static string NewGoogleKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Random(string what) => $"demo-{what}-{RandomNumberGenerator.GetHexString(20, lowercase: true)}";
}
