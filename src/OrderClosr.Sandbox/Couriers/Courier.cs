using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>A played courier: accounts, parcels, slips and what moving a parcel means. Each courier's folder has its own heir.</summary>
public abstract class Courier
{
    private readonly SandboxOptions _options;
    private readonly List<CourierAccount> _accounts = [];
    private readonly List<PlayedParcel> _parcels = [];
    private readonly Dictionary<string, PlayedParcel> _byKey = new(StringComparer.Ordinal);
    private readonly List<PaymentSlip> _slips = [];

    // Numbers begin anew with each sandbox; a product that kept its data must not see an old one again.
    private readonly string _series = System.Security.Cryptography.RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ", 3);

    /// <summary>Knobs and switches every courier has (facts: couriers/common.md section 7); README.md of this folder tells what each does.</summary>
    public static readonly IReadOnlyList<string> CommonKnobs =
        [.. OddTypes.Knobs, "key-revoked", "empty-label", "wilaya-model", "spelling", "unserved", "wrong-signature", "retry-schedule", "webhooks-off"];

    /// <summary>A courier with the accounts of the seed.</summary>
    protected Courier(string name, VendorBook book, SandboxOptions options, TimeProvider time)
    {
        (Name, Vendor, _options, Time) = (name, book[name], options, time);
        Rates = new(time);
        Seed();
    }

    /// <summary>The prefix.</summary>
    public string Name { get; }

    /// <summary>Its log and faults.</summary>
    public Vendor Vendor { get; }

    /// <summary>The clock of everything.</summary>
    public TimeProvider Time { get; }

    /// <summary>Held while accounts and parcels are read or changed.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Calls counted per account.</summary>
    public RateBuckets Rates { get; }

    /// <summary>All accounts.</summary>
    public IReadOnlyList<CourierAccount> Accounts => _accounts;

    /// <summary>All parcels that exist, oldest first.</summary>
    public IReadOnlyList<PlayedParcel> Parcels => _parcels;

    /// <summary>All payment slips, oldest first.</summary>
    public IReadOnlyList<PaymentSlip> Slips => _slips;

    /// <summary>The courier's clock on the wall: Algiers, UTC+1 all year.</summary>
    public DateTimeOffset Now => Time.GetUtcNow().ToOffset(TimeSpan.FromHours(1));

    /// <summary>How many wilayas it counts: 58, or 69 with the switch <c>wilaya-model</c>.</summary>
    public int Model => Vendor.Faults.Value("wilaya-model") == "69" ? 69 : 58;

    /// <summary>Every word <c>move</c> takes, as the courier spells it.</summary>
    public abstract IReadOnlyCollection<string> Statuses { get; }

    /// <summary>Columns of its payment slip.</summary>
    public abstract IReadOnlyList<SlipColumn> SlipColumns { get; }

    /// <summary>The account a token opens, revoked or not.</summary>
    public CourierAccount? AccountOf(string? token) => token is { Length: > 0 } ? _accounts.FirstOrDefault(a => a.Token == token) : null;

    /// <summary>Is the key dead, by its own switch or by <c>key-revoked</c>?</summary>
    public bool IsDead(CourierAccount account) => account.IsRevoked || Vendor.Faults.Value("key-revoked") is { } whose && (whose == "on" || whose == account.Id);

    /// <summary>Opens an account.</summary>
    public CourierAccount Open(CourierAccountSeed seed)
    {
        var account = new CourierAccount(seed);
        _accounts.Add(account);
        return account;
    }

    /// <summary>Takes a parcel in.</summary>
    public void Keep(PlayedParcel parcel)
    {
        _parcels.Add(parcel);
        _byKey[parcel.Tracking] = _byKey[parcel.Id] = parcel;
    }

    /// <summary>Deletes a parcel as if it had never been.</summary>
    public void Remove(PlayedParcel parcel)
    {
        _parcels.Remove(parcel);
        _byKey.Remove(parcel.Tracking);
        _byKey.Remove(parcel.Id);
    }

    /// <summary>The parcel of a tracking or inner id; with an account, only its own.</summary>
    public PlayedParcel? Find(string? key, CourierAccount? account = null) =>
        key is not null && _byKey.TryGetValue(key, out var parcel) && (account is null || parcel.Account == account) ? parcel : null;

    /// <summary>The courier's spelling of a commune; the switch <c>spelling</c> = <c>upper</c> writes capitals without accents.</summary>
    public virtual string Spell(string name) => Vendor.Faults.Value("spelling") == "upper" ? Unaccented(name).ToUpperInvariant() : name;

    /// <summary>Wilayas named by the switch <c>unserved</c> (<c>"31,16"</c>).</summary>
    public bool IsSwitchedOff(int wilaya) => Vendor.Faults.Value("unserved") is { } list && list.Split(',', StringSplitOptions.TrimEntries).Contains(wilaya.ToString(CultureInfo.InvariantCulture));

    /// <summary>Moves a parcel as the courier's people would; null, or why it cannot be.</summary>
    public string? Move(PlayedParcel parcel, MoveRequest move)
    {
        var to = Statuses.FirstOrDefault(s => string.Equals(s, move.To, StringComparison.OrdinalIgnoreCase)) ?? (move.Any ? move.To : null);
        if (to is null) return $"{Name} knows no status \"{move.To}\"";
        if (!move.Force && RefuseMove(parcel, to) is { } why) return why;
        var e = new ParcelEvent(move.At ?? Now, to, move.Reason, move.Station, move.Driver, move.DriverPhone);
        Moved(parcel, e, move.Silent);
        return null;
    }

    /// <summary>Pays parcels out: makes the slip and marks them paid.</summary>
    public PaymentSlip Pay(CourierAccount account, IEnumerable<SlipLine> lines)
    {
        var slip = new PaymentSlip(NewSlipId(_slips.Count + 1), account.Id, Now, [.. lines]);
        _slips.Add(slip);
        foreach (var line in slip.Lines)
            if (Find(line.Tracking, account) is { Slip: null } parcel)
            {
                parcel.Slip = slip.Id;
                Paid(parcel, slip);
            }
        return slip;
    }

    /// <summary>Back to the seed.</summary>
    public virtual void Reset() => Seed();

    private void Seed()
    {
        lock (Gate)
        {
            _accounts.Clear();
            _parcels.Clear();
            _byKey.Clear();
            _slips.Clear();
            Rates.Clear();
            foreach (var seed in _options.Seed.Couriers.Where(s => s.Courier == Name)) Open(seed);
        }
    }

    /// <summary>Why a parcel cannot go there now (a draft that nobody has seen), or null.</summary>
    protected abstract string? RefuseMove(PlayedParcel parcel, string to);

    /// <summary>Writes a move into the parcel and tells the merchant, unless it is to be silent.</summary>
    protected abstract void Moved(PlayedParcel parcel, ParcelEvent e, bool silent);

    /// <summary>What being paid means here.</summary>
    protected abstract void Paid(PlayedParcel parcel, PaymentSlip slip);

    /// <summary>Does the courier hold cash of this parcel?</summary>
    public abstract bool IsDelivered(PlayedParcel parcel);

    /// <summary>Is it back, so that a return fee is due?</summary>
    public abstract bool IsReturned(PlayedParcel parcel);

    /// <summary>What the courier bills for it: delivery, or return.</summary>
    public abstract int FeeOf(PlayedParcel parcel);

    /// <summary>Number of a payment slip.</summary>
    protected virtual string NewSlipId(int running) => $"{Name[..2].ToUpperInvariant()}{_series}-{Now:yyyyMMdd}-{running:D4}";

    /// <summary>A JSON answer, in the odd types the switches ask for.</summary>
    public IResult Answer(JsonNode body, int status = 200) => Results.Text(Written(body), "application/json", statusCode: status);

    /// <summary>JSON as this courier writes it just now, in answers and webhooks.</summary>
    public string Written(JsonNode body) => OddTypes.Apply(body, Vendor.Faults)!.ToJsonString(CourierJson.Relaxed);

    /// <summary>A label; the knob <c>empty-label</c> answers 200 with nothing in it.</summary>
    public IResult Label(byte[] pdf, string path = "") => Results.Bytes(Vendor.Faults.Knob("empty-label", path) ? [] : pdf, "application/pdf");

    /// <summary>Letters without their accents.</summary>
    public static string Unaccented(string text) =>
        string.Concat(text.Normalize(System.Text.NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark));
}

/// <summary>What a person of the courier does with a parcel.</summary>
public sealed record MoveRequest
{
    /// <summary>The courier's own status.</summary>
    public string To { get; init; } = "";

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>Where it lies.</summary>
    public string? Station { get; init; }

    /// <summary>Who drives it.</summary>
    public string? Driver { get; init; }

    /// <summary>His number.</summary>
    public string? DriverPhone { get; init; }

    /// <summary>When it happened; default now. An earlier time plays an event that comes late.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>True takes a status nobody has heard of.</summary>
    public bool Any { get; init; }

    /// <summary>True moves even what the courier could not move (a draft).</summary>
    public bool Force { get; init; }

    /// <summary>True sends no webhook: only polling finds it.</summary>
    public bool Silent { get; init; }
}
