using System.Text.RegularExpressions;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Meta;

/// <summary>All that Meta remembers here. Whoever reads or changes it holds <see cref="Gate"/>.</summary>
public sealed partial class MetaWorld(SandboxOptions options, VendorBook book, TimeProvider time)
{
    private readonly Dictionary<string, MetaAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Waba> _wabas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetaPerson> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string Person), MetaThread> _threads = [];
    private readonly Dictionary<(string Account, string Handle), MetaThread> _handles = [];
    private readonly Dictionary<string, List<MetaThread>> _ofPerson = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (MetaThread Thread, ThreadItem Item)> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetaComment> _comments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _phones = new(StringComparer.Ordinal);

    /// <summary>One lock for the whole little world.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Faults and switches of the vendor.</summary>
    public FaultList Faults { get; } = book["meta"].Faults;

    /// <summary>Keeps the answer of a send call back: for the fault's seconds, or while <c>hold-answers</c> is on, but not longer than a client waits.</summary>
    public async Task HoldAnswerAsync(Fault fault)
    {
        if (!Faults.IsOn("hold-answers")) await Task.Delay(TimeSpan.FromSeconds(fault.Seconds ?? 3), time);
        for (var i = 0; i < 240 && Faults.IsOn("hold-answers"); i++) await Task.Delay(TimeSpan.FromMilliseconds(50), time);
    }

    /// <summary>Accounts by kind and name, as they were added.</summary>
    public IEnumerable<MetaAccount> Accounts => _accounts.Values;

    /// <summary>Every conversation.</summary>
    public IEnumerable<MetaThread> Threads => _threads.Values;

    /// <summary>Back to the seed.</summary>
    public void Reset()
    {
        lock (Gate)
        {
            _accounts.Clear(); _wabas.Clear(); _people.Clear(); _threads.Clear(); _handles.Clear(); _ofPerson.Clear(); _items.Clear(); _comments.Clear(); _phones.Clear();
            foreach (var seed in options.Seed.Accounts) Add(seed);
        }
    }

    /// <summary>Adds an account that is not there yet.</summary>
    public MetaAccount Add(MetaAccountSeed seed)
    {
        var account = _accounts[seed.Id] = new(seed);
        if (account.WabaId is { } id)
        {
            if (!_wabas.TryGetValue(id, out var waba))
            {
                _wabas[id] = waba = new(id);
                waba.Templates.AddRange(options.Seed.Templates.Select(t => new MetaTemplate(MetaIds.Derived(16, id, t.Name, t.Language), t.Name, t.Language, t.Category, t.Body)));
            }
            waba.Subscribed |= seed.Subscribed;
        }
        return account;
    }

    /// <summary>The account of an id, or null.</summary>
    public MetaAccount? Account(string? id) => id is not null && _accounts.TryGetValue(id, out var account) ? account : null;

    /// <summary>The WhatsApp business account of an id, or null.</summary>
    public Waba? Waba(string? id) => id is not null && _wabas.TryGetValue(id, out var waba) ? waba : null;

    /// <summary>Will an event of this field reach our app?</summary>
    public bool Wants(MetaAccount account, string field) => account switch
    {
        _ when Account(account.Id) != account => false, // forgotten meanwhile
        { Kind: MetaKind.WhatsApp } => Waba(account.WabaId)?.Subscribed == true,
        // Through a Page the fields are chosen in the dashboard for the whole app; the Page must still be subscribed.
        { Kind: MetaKind.Instagram, PageId: { } page } => Account(page)?.Fields.Count > 0,
        _ => account.Fields.Contains(field),
    };

    /// <summary>The person the doors call by this id; met now when unknown.</summary>
    public MetaPerson Person(string key)
    {
        if (_people.TryGetValue(key, out var known)) return known;
        var phone = WaId().IsMatch(key) ? key : FreePhone(key);
        _phones.Add(phone);
        return _people[key] = new(key) { Phone = phone };
    }

    /// <summary>The conversation of a person with an account; begun now when there is none.</summary>
    public MetaThread Thread(MetaAccount account, string key)
    {
        if (_threads.TryGetValue((account.Id, key), out var thread)) return thread;
        // A door may also call a person by the id the channel knows.
        if (_handles.TryGetValue((account.Id, key), out thread)) return thread;
        var person = Person(key);
        var prefix = Faults.Value("bsuid-prefix") is { } p && p != "on" ? p : "DZ.";
        thread = new(account, person,
            account.Kind == MetaKind.WhatsApp ? "" : MetaIds.Derived(account.Kind == MetaKind.Page ? 16 : 17, "scoped", account.Id, key),
            prefix + MetaIds.Derived(16, "bsuid", account.WabaId ?? account.Id, key));
        _threads[(account.Id, key)] = thread;
        if (!_ofPerson.TryGetValue(key, out var all)) _ofPerson[key] = all = [];
        all.Add(thread);
        Reindex(thread);
        return thread;
    }

    /// <summary>The conversation with whoever has this number; somebody new when nobody does.</summary>
    public MetaThread ThreadOfPhone(MetaAccount account, string digits)
    {
        if (_handles.TryGetValue((account.Id, digits), out var thread)) return thread;
        var person = _people.Values.FirstOrDefault(p => p.Phone == digits) ?? (_people[digits] = new(digits) { Phone = digits });
        _phones.Add(digits);
        return Thread(account, person.Key);
    }

    /// <summary>Makes a conversation findable under the number and ids it has now.</summary>
    public void Reindex(MetaThread thread)
    {
        _handles[(thread.Account.Id, thread.Handle)] = thread;
        if (thread.Account.Kind == MetaKind.WhatsApp) _handles[(thread.Account.Id, thread.UserId)] = thread;
    }

    /// <summary>The conversation behind a PSID, IGSID, number or BSUID of this account, or null.</summary>
    public MetaThread? ByHandle(MetaAccount account, string handle) => _handles.GetValueOrDefault((account.Id, handle));

    /// <summary>Conversations of a person, on all or one channel.</summary>
    public IEnumerable<MetaThread> Of(string key, MetaKind? kind, string? account)
    {
        var all = _ofPerson.GetValueOrDefault(key) ?? [.. _accounts.Values.Select(a => ByHandle(a, key)).OfType<MetaThread>()];
        return all.Where(t => (kind is null || t.Account.Kind == kind) && (account is null || t.Account.Id == account));
    }

    /// <summary>Writes a message into a conversation.</summary>
    public ThreadItem Keep(MetaThread thread, ThreadItem item)
    {
        thread.Items.Add(item);
        _items[item.Id] = (thread, item);
        if (thread.Items.Count > 2_000)
        {
            _items.Remove(thread.Items[0].Id);
            thread.Items.RemoveAt(0);
        }
        return item;
    }

    /// <summary>A message by its id, or null.</summary>
    public (MetaThread Thread, ThreadItem Item)? Item(string? id) => id is not null && _items.TryGetValue(id, out var found) ? found : null;

    /// <summary>Keeps a comment, for private and public replies.</summary>
    public void Keep(MetaComment comment) => _comments[comment.Id] = comment;

    /// <summary>A comment by its id, or null.</summary>
    public MetaComment? Comment(string? id) => id is not null ? _comments.GetValueOrDefault(id) : null;

    /// <summary>Who controls a thread: null is our app. Control of another app ends after 24 idle hours (facts: meta.md section 11).</summary>
    public string? OwnerOf(MetaThread thread)
    {
        if (thread.Owner is not null && (!Faults.IsOn("conversation-routing") || time.GetUtcNow() - thread.OwnerSince >= TimeSpan.FromHours(24))) thread.Owner = null;
        return thread.Owner;
    }

    /// <summary>App id of the Page inbox: two documents differ by one digit, so it can be switched (section 14 row 2).</summary>
    public string? InboxApp => Faults.Value("inbox-app-id") switch { null or "on" => "263902037430900", "missing" => null, "14" => "26390203743090", var id => id };

    // Test numbers begin 0500; the rest is derived, so the same customer keeps the same number.
    private string FreePhone(string key)
    {
        for (var i = 0; ; i++)
        {
            var phone = "213500" + MetaIds.Derived(6, "phone", key, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (!_phones.Contains(phone) && _accounts.Values.All(a => a.DisplayPhone != phone)) return phone;
        }
    }

    [GeneratedRegex(@"^[1-9]\d{10,14}$")]
    private static partial Regex WaId();
}

/// <summary>A comment under a post; one private reply within 7 days (facts: meta.md section 6.1).</summary>
public sealed record MetaComment(string Id, MetaAccount Account, MetaThread Author, string Post, string Text, DateTimeOffset At)
{
    /// <summary>The one private reply has been used.</summary>
    public bool Answered { get; set; }
}
