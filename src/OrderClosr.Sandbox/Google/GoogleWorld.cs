using System.Security.Cryptography;
using System.Text.Json;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Google;

/// <summary>All spreadsheets, in memory, and the calls of each account as Google counts them.</summary>
public sealed class GoogleWorld
{
    /// <summary>What the demo's and the seed's spreadsheet is called by.</summary>
    public const string SeedSheet = "1DarLinaCommandesInventeesPourLaDemo000000001";

    private static readonly JsonSerializerOptions Acts = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Vendor _vendor;
    private readonly SandboxOptions _options;
    private readonly Dictionary<string, GoogleSheet> _sheets = new(StringComparer.Ordinal);

    public GoogleWorld(VendorBook book, GoogleAccounts accounts, SandboxOptions options, TimeProvider time)
    {
        (_vendor, Accounts, _options, Rates) = (book["google"], accounts, options, new RateBuckets(time));
        Seed();
    }

    /// <summary>Held while a spreadsheet is read or changed.</summary>
    public Lock Gate { get; } = new();

    public GoogleAccounts Accounts { get; }

    /// <summary>Reads and writes of each account.</summary>
    public RateBuckets Rates { get; }

    public Vendor Vendor => _vendor;

    public IReadOnlyList<GoogleSheet> All => [.. _sheets.Values];

    public GoogleSheet? Find(string id) => _sheets.GetValueOrDefault(id);

    /// <summary>A new spreadsheet with one empty tab.</summary>
    public GoogleSheet Make(string title, string? id = null, string tab = "Feuille 1")
    {
        var sheet = new GoogleSheet(id ?? "1" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_').TrimEnd('='), title);
        sheet.Add(tab);
        return _sheets[sheet.Id] = sheet;
    }

    public void Reset()
    {
        lock (Gate)
        {
            Accounts.Reset();
            Rates.Clear();
            Seed();
        }
    }

    /// <summary>The merchant does something right after a read was answered: the knob <c>merchant</c>, its value a <see cref="GoogleAct"/> or a list of them.</summary>
    internal void AfterRead(GoogleSheet sheet, string path)
    {
        if (_vendor.Faults.Take(path, "merchant") is not { Value: { } text }) return;
        var acts = text.TrimStart().StartsWith('[') ? JsonSerializer.Deserialize<List<GoogleAct>>(text, Acts)! : [JsonSerializer.Deserialize<GoogleAct>(text, Acts)!];
        foreach (var act in acts)
            if (GoogleMerchant.Act(sheet, act) is { } why) throw new InvalidOperationException($"The merchant cannot: {why}");
    }

    /// <summary>Counts a call against the minute of its account, as Google does per project and user.</summary>
    internal void Count(GoogleAccount account, bool isWrite)
    {
        var limit = int.TryParse(_vendor.Faults.Value("quota"), System.Globalization.CultureInfo.InvariantCulture, out var own) ? Math.Max(1, own) : 60;
        var kind = isWrite ? "Write" : "Read";
        if (Rates.Count($"{account.Email} {kind.ToLowerInvariant()}", [new("minute", TimeSpan.FromMinutes(1), limit)]).IsRefused) throw GoogleRefusal.TooMany(kind);
    }

    private void Seed()
    {
        _sheets.Clear();
        foreach (var account in _options.Seed.GoogleAccounts)
            foreach (var id in account.Sheets) (_sheets.GetValueOrDefault(id) ?? Make("Commandes Dar Lina", id)).SharedWith[account.Email] = "writer";
    }
}
