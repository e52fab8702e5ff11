namespace OrderClosr.Sandbox.Meta;

/// <summary>What a merchant connects.</summary>
public enum MetaKind
{
    /// <summary>A Facebook Page (Messenger).</summary>
    Page,
    /// <summary>An Instagram professional account.</summary>
    Instagram,
    /// <summary>A WhatsApp phone number.</summary>
    WhatsApp,
}

/// <summary>One Page, Instagram account or WhatsApp number with its switches (facts: meta.md section 1 fact 8).</summary>
public sealed class MetaAccount
{
    /// <summary>An account as the seed describes it.</summary>
    public MetaAccount(MetaAccountSeed seed)
    {
        Kind = KindOf(seed.Kind) ?? throw new ArgumentException($"no kind of account is called \"{seed.Kind}\"", nameof(seed));
        (Id, Name, Token) = (seed.Id, seed.Name, seed.Token);
        WabaId = Kind == MetaKind.WhatsApp ? seed.WabaId ?? throw new ArgumentException("a WhatsApp number belongs to a WABA", nameof(seed)) : null;
        DisplayPhone = seed.DisplayPhone ?? "";
        PageId = Kind == MetaKind.Instagram ? seed.PageId : null;
        Registered = seed.Registered;
        Owner = seed.Owner;
        if (seed.Subscribed) Fields.UnionWith(SubscribedFields.Of(Kind));
        Scopes = [.. ScopesOf(this)];
    }

    /// <summary>Page, Instagram or WhatsApp.</summary>
    public MetaKind Kind { get; }

    /// <summary>Page id, Instagram professional account id, or phone number id: the id seen in webhooks.</summary>
    public string Id { get; }

    /// <summary>Page name, user name or verified name.</summary>
    public string Name { get; }

    /// <summary>The token that opens it; changes when the merchant connects again.</summary>
    public string Token { get; set; }

    /// <summary>When <see cref="Token"/> ends by itself; null is never.</summary>
    public DateTimeOffset? TokenUntil { get; set; }

    /// <summary>When <see cref="Token"/> was made; one of Instagram's is not refreshed on its first day.</summary>
    public DateTimeOffset TokenSince { get; set; }

    /// <summary>When the person must agree again for data to flow (90 days); null: nobody agreed in a dialogue yet.</summary>
    public DateTimeOffset? DataUntil { get; set; }

    /// <summary>The person who agreed last.</summary>
    public string? User { get; set; }

    /// <summary>The person in whose dialogues it is offered; null: in everybody's.</summary>
    public string? Owner { get; set; }

    /// <summary>Page: what the person may do on it; MESSAGING and MODERATE are needed.</summary>
    public HashSet<string> Tasks { get; } = new(["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"], StringComparer.Ordinal);

    /// <summary>Instagram: a business or creator account; a personal one has no API.</summary>
    public bool Professional { get; set; } = true;

    /// <summary>Instagram through a Page: <i>Allow access to messages</i> in its own settings.</summary>
    public bool AllowsMessages { get; set; } = true;

    /// <summary>WhatsApp: the PIN of its two-step verification; null: none was ever set.</summary>
    public string? Pin { get; set; }

    /// <summary>WhatsApp: where it is registered when that is not here, e.g. <c>ON_PREMISE</c>.</summary>
    public string? Elsewhere { get; set; }

    /// <summary>WhatsApp: the merchant goes on using the phone app (coexistence): never registered.</summary>
    public bool OnPhone { get; set; }

    /// <summary>WhatsApp: GREEN, YELLOW or RED.</summary>
    public string Quality { get; set; } = "GREEN";

    /// <summary>WhatsApp: review of the displayed name: APPROVED, PENDING_REVIEW, DECLINED.</summary>
    public string NameStatus { get; set; } = "APPROVED";

    private readonly List<(string Token, DateTimeOffset? Until)> _older = [];

    /// <summary>Does this token open it, were it alive?</summary>
    public bool Has(string token, DateTimeOffset now) => Same(token, Token) || _older.Any(o => Same(token, o.Token) && !(o.Until <= now));

    /// <summary>A new token beside the old one, which lives until its own end; what was dead stays dead.</summary>
    public string Issue(string token, DateTimeOffset now, DateTimeOffset? until)
    {
        if (DeadWith is null) _older.Add((Token, TokenUntil));
        else _older.Clear();
        (Token, TokenSince, TokenUntil, DeadWith) = (token, now, until, null);
        return token;
    }

    private static bool Same(string a, string b) => System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(a), System.Text.Encoding.UTF8.GetBytes(b));

    /// <summary>WhatsApp: the business account of the number.</summary>
    public string? WabaId { get; }

    /// <summary>WhatsApp: the number, digits without +.</summary>
    public string DisplayPhone { get; }

    /// <summary>Instagram: the linked Page; null is Instagram Login.</summary>
    public string? PageId { get; }

    /// <summary>Instagram Login: the app-scoped id that <c>/me</c> answers as <c>id</c>. Storing it makes every webhook unknown.</summary>
    public string AppScopedId => MetaIds.Derived(17, "app-scoped", Id);

    /// <summary>WhatsApp: registered for the Cloud API.</summary>
    public bool Registered { get; set; }

    /// <summary>Page and Instagram: what our app is subscribed to; empty is not subscribed.</summary>
    public HashSet<string> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Permissions the token has.</summary>
    public HashSet<string> Scopes { get; }

    /// <summary>Set when the token is dead: the subcode of 190 that tells why (facts: meta.md section 7.1).</summary>
    public int? DeadWith { get; set; }

    /// <summary>Since when the product has not answered 200 for this account; null while all is well.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>When <c>/register</c> and <c>/deregister</c> were called (at most 10 in 72 hours).</summary>
    public List<DateTimeOffset> Registrations { get; } = [];

    /// <summary>Coexistence imports already asked for: each may be asked once.</summary>
    public HashSet<string> Synced { get; } = new(StringComparer.Ordinal);

    /// <summary>The word the product's doors use: <c>messenger</c>, <c>instagram</c>, <c>whatsapp</c>.</summary>
    public string Channel => Kind switch { MetaKind.Page => "messenger", MetaKind.Instagram => "instagram", _ => "whatsapp" };

    /// <summary>The kind behind a word of the doors: <c>page</c> and <c>messenger</c> are one.</summary>
    public static MetaKind? KindOf(string? word) => word switch
    {
        "page" or "messenger" => MetaKind.Page,
        "instagram" => MetaKind.Instagram,
        "whatsapp" => MetaKind.WhatsApp,
        _ => null,
    };

    /// <summary>The permissions that a token of this kind of account can have.</summary>
    public static IEnumerable<string> ScopesOf(MetaAccount account) => account switch
    {
        { Kind: MetaKind.Page } => ["pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement", "pages_read_user_content", "pages_manage_engagement"],
        { Kind: MetaKind.Instagram, PageId: null } => ["instagram_business_basic", "instagram_business_manage_messages", "instagram_business_manage_comments"],
        { Kind: MetaKind.Instagram } => ["instagram_basic", "instagram_manage_messages", "instagram_manage_comments", "pages_manage_metadata", "pages_messaging", "pages_show_list"],
        _ => ["whatsapp_business_messaging", "whatsapp_business_management"],
    };
}

/// <summary>A WhatsApp business account: the subscription, the templates and the scope of BSUIDs live here.</summary>
public sealed class Waba(string id)
{
    /// <summary>Id in <c>entry[].id</c>.</summary>
    public string Id { get; } = id;

    /// <summary>Without it numbers can send but nothing comes in.</summary>
    public bool Subscribed { get; set; }

    /// <summary>Another callback for this account alone.</summary>
    public string? OverrideUrl { get; set; }

    /// <summary>Message templates of the account.</summary>
    public List<MetaTemplate> Templates { get; } = [];
}

/// <summary>A message template and its review.</summary>
public sealed record MetaTemplate(string Id, string Name, string Language, string Category, string Body)
{
    /// <summary>APPROVED, PENDING, REJECTED, PAUSED or DISABLED.</summary>
    public string Status { get; set; } = "APPROVED";
}
