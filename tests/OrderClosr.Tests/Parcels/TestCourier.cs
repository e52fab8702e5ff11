using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Parcels;

/// <summary>What goes wrong with one call at the played courier.</summary>
internal enum Fault
{
    None,

    /// <summary>The parcel is made, the answer never comes.</summary>
    TimeoutAfterWork,

    /// <summary>Nothing is made, and nobody can know.</summary>
    TimeoutBeforeWork,

    /// <summary>The answer never comes; the parcel is made 30 s later.</summary>
    WorkComesLate,

    /// <summary>The connection was refused.</summary>
    NotReached,
    Busy,
    Credentials,

    /// <summary>Made, and then our own code falls over.</summary>
    Bug,

    /// <summary>Made, but the answer lacks it.</summary>
    Unclear,
    Refused,
}

/// <summary>A courier of these tests: a company that forgets nothing, behind a line that may be made to fail. It is no mock of ours: it stands where a vendor stands.</summary>
internal sealed class TestCourier(string name, TimeProvider time) : ICourier
{
    internal const string Secret = "invented-courier-secret";
    private readonly List<(DateTimeOffset At, Action Do)> _later = [];

    internal sealed class AtCourier
    {
        internal required string Reference { get; init; }
        internal required string Tracking { get; init; }
        internal required ParcelToBook Book { get; set; }
        internal bool IsCancelled { get; set; }
        internal bool IsReady { get; set; }
        internal List<CourierEvent> Events { get; } = [];
    }

    /// <summary>Every parcel the company has, cancelled ones too.</summary>
    internal List<AtCourier> All { get; } = [];
    internal List<string> Calls { get; } = [];
    internal Queue<Fault> BookFaults { get; } = new();
    internal Func<ParcelToBook, Fault>? FaultOf { get; set; }
    internal List<PlaceRow> Rows { get; set; } = [];
    internal List<FeeLine> Fees { get; set; } = [];
    internal bool KeyIsGood { get; set; } = true;
    internal bool IsDown { get; set; }

    /// <summary>The label of a reference; null: bytes that only begin like one.</summary>
    internal Func<string, byte[]?>? LabelOf { get; set; }

    /// <summary>Runs while a booking is under way, before the work.</summary>
    internal Func<Task>? WhileBooking { get; set; }

    internal IEnumerable<AtCourier> Living => All.Where(p => !p.IsCancelled);

    public string Name => name;
    public CourierProfile Profile { get; } = new($"Courier {name}", [new("token"), new("shop_id", IsSecret: false, IsOptional: true)], [new("shape", "plain", "odd")]);
    public CourierAbilities Abilities { get; set; } = new() { Lookup = Lookup.Direct, Repeat = Repeat.MakesAnother, Editable = ParcelFields.All, Webhook = WebhookKind.ByHand, TrackAtOnce = 50, MostToCollect = new(150_000) };

    public Task<CourierPing> PingAsync(CourierAccess access, CancellationToken stop)
    {
        Calls.Add("ping");
        return Task.FromResult(KeyIsGood && access.Credentials["token"] == "good" ? CourierPing.Fine : new("token_refused", "The token is not known: copy it again.", "token"));
    }

    public async Task<ListPart> ReadListsAsync(CourierAccess access, string? from, CancellationToken stop)
    {
        await CallAsync("lists", access, stop);
        return from is null ? new([.. Rows.Where(r => r.Kind != CourierPlaceKind.Desk)], [], "rest") : new([.. Rows.Where(r => r.Kind == CourierPlaceKind.Desk)], Fees, null);
    }

    public async Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop)
    {
        Assert.InRange(parcels.Count, 1, Abilities.BookAtOnce);
        await CallAsync($"book {string.Join(' ', parcels.Select(p => p.Reference))}", access, stop);
        if (WhileBooking is { } meanwhile) await meanwhile();
        var whole = BookFaults.TryDequeue(out var next) ? next : Fault.None;
        switch (whole)
        {
            case Fault.NotReached: throw new VendorFailure(FailureCategory.Transient, "The courier cannot be reached.", "unreachable");
            case Fault.Busy: throw new VendorFailure(FailureCategory.RateLimited, "Too many calls.", "rate_limited", TimeSpan.FromSeconds(7));
            case Fault.Credentials: throw new VendorFailure(FailureCategory.Credentials, "The token is not known.", "token_refused");
            case Fault.TimeoutBeforeWork: throw NoAnswer();
            case Fault.WorkComesLate:
                _later.Add((time.GetUtcNow().AddSeconds(30), () => parcels.ToList().ForEach(p => Make(p))));
                throw NoAnswer();
        }
        var answers = parcels.Select(p => One(p, whole == Fault.None ? FaultOf?.Invoke(p) ?? Fault.None : whole)).ToList();
        if (whole == Fault.TimeoutAfterWork) throw NoAnswer();
        if (whole == Fault.Bug) throw new InvalidOperationException("our own fault");
        return answers;
    }

    public async Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop)
    {
        await CallAsync($"find {string.Join(' ', references)}", access, stop);
        return All.Where(p => references.Contains(p.Reference)).GroupBy(p => p.Reference).ToDictionary(g => g.Key, g => Told(g.OrderBy(p => p.IsCancelled).First()));
    }

    public async Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop)
    {
        Assert.InRange(parcels.Count, 1, Abilities.TrackAtOnce);
        await CallAsync($"track {parcels.Count}", access, stop);
        return [.. All.Where(p => parcels.Any(b => b.Tracking == p.Tracking)).Select(Told)];
    }

    public async Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop)
    {
        Assert.Equal(ParcelFields.None, change.Fields & ~Abilities.EditableAt(parcel.State));
        await CallAsync($"update {parcel.Reference} {change.Fields}", access, stop);
        var row = All.Single(p => p.Tracking == parcel.Tracking);
        if (row.IsReady) return new(BookingCodes.NotEditable, "It is on its way.");
        row.Book = change.Whole;
        return null;
    }

    public async Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        await CallAsync($"cancel {parcel.Reference}", access, stop);
        var row = All.Single(p => p.Tracking == parcel.Tracking);
        if (row.Events.Any(e => e.Movement == Movement.PickedUp)) return new(BookingCodes.NotCancellable, "The driver has it.");
        row.IsCancelled = true;
        return null;
    }

    public async Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        await CallAsync($"ready {parcel.Reference}", access, stop);
        All.Single(p => p.Tracking == parcel.Tracking).IsReady = true;
        return null;
    }

    /// <summary>What new attempts are refused with; null: they are taken.</summary>
    internal Refusal? NoAttempt { get; set; }

    public async Task<Refusal?> AskAttemptAsync(CourierAccess access, BookedParcel parcel, DateOnly? day, CancellationToken stop)
    {
        Assert.True(Abilities.AsksNewAttempt);
        await CallAsync($"attempt {parcel.Reference} {day:yyyy-MM-dd}".TrimEnd(), access, stop);
        return NoAttempt;
    }

    public async Task<byte[]> LabelAsync(CourierAccess access, BookedParcel parcel, LabelFormat format, CancellationToken stop)
    {
        await CallAsync($"label {parcel.Reference}", access, stop);
        return LabelOf?.Invoke(parcel.Reference) ?? [.. "%PDF-1.7\n"u8, .. new byte[2000]];
    }

    public WebhookAnswer? AnswerHandshake(CourierAccess access, WebhookRequest request) => request.Query("token") is { } token ? new(token) : null;

    public bool IsSigned(CourierAccess access, WebhookRequest request) => access.WebhookSecret is { } secret && request.Header("X-Test-Signature") == Sign(secret, request.Body.Span);

    internal static string Sign(string secret, ReadOnlySpan<byte> body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>A delivery: <c>[{"tracking","label","reason","at"}]</c>; a label of <see cref="Movement"/>'s words, or one nobody knows.</summary>
    public IReadOnlyList<WebhookNews> ReadWebhook(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.EnumerateArray().Select(e => new WebhookNews(e.GetProperty("tracking").GetString(), null, null,
            e.TryGetProperty("label", out var label) ? Word(e.GetProperty("at").GetDateTimeOffset(), label.GetString()!, e.TryGetProperty("reason", out var r) ? r.GetString() : null) : null))];
    }

    internal static CourierEvent Word(DateTimeOffset? at, string label, string? reason = null) => new(at, Enum.TryParse<Movement>(label, out var known) ? known : Movement.Unknown, label, reason);

    /// <summary>What was to happen by now at the company has happened.</summary>
    internal void CatchUp()
    {
        foreach (var (at, act) in _later.Where(l => l.At <= time.GetUtcNow()).ToList())
        {
            act();
            _later.RemoveAll(l => l.Do == act);
        }
    }

    private BookingAnswer One(ParcelToBook book, Fault fault)
    {
        if (fault == Fault.Refused) return BookingAnswer.Refused(BookingCodes.Phone, "The phone number is not valid.", "phone");
        if (Abilities.Repeat == Repeat.IsRefused && All.Exists(p => p.Reference == book.Reference)) return BookingAnswer.Exists;
        var made = Make(book);
        return fault == Fault.Unclear ? BookingAnswer.Unclear : BookingAnswer.Registered(Told(made));
    }

    private AtCourier Make(ParcelToBook book)
    {
        if (Abilities.Repeat == Repeat.IsRefused && All.Find(p => p.Reference == book.Reference) is { } there) return there;
        var made = new AtCourier { Reference = book.Reference, Tracking = $"TC{All.Count + 1:0000}", Book = book };
        All.Add(made);
        return made;
    }

    private static CourierParcel Told(AtCourier parcel) => new()
    {
        Reference = parcel.Reference, Tracking = parcel.Tracking, ToCollect = parcel.Book.ToCollect,
        Events = parcel.IsCancelled ? [.. parcel.Events, new(null, Movement.Cancelled, "annulé")] : [.. parcel.Events],
    };

    private async Task CallAsync(string call, CourierAccess access, CancellationToken stop)
    {
        await access.StartCallAsync(stop);
        lock (Calls) Calls.Add(call);
        CatchUp();
        if (IsDown) throw new VendorFailure(FailureCategory.Transient, "The courier is down.", "courier_down");
        if (!KeyIsGood) throw new VendorFailure(FailureCategory.Credentials, "The token is not known.", "token_refused");
    }

    private static VendorFailure NoAnswer() => new(FailureCategory.OutcomeUnknown, "The courier did not answer.", "no_answer");
}
