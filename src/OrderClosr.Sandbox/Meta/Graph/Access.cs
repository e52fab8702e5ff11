using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>Whom a token speaks for.</summary>
/// <param name="Account">The account it opens; null for a person's or the app's token.</param>
/// <param name="UserId">The person who connected, for a user token.</param>
/// <param name="IsApp">The app's own token, <c>{app id}|{app secret}</c>.</param>
/// <param name="Grant">What that person agreed to.</param>
/// <param name="IsLong">A person's token that lasts 60 days.</param>
public sealed record Principal(MetaAccount? Account, string? UserId, bool IsApp, Grant? Grant = null, bool IsLong = false);

/// <summary>What a person agreed to in a dialogue.</summary>
/// <param name="Way"><c>facebook</c>, <c>instagram</c> or <c>whatsapp</c>.</param>
/// <param name="Scopes">Permissions left ticked.</param>
/// <param name="Targets">Ids of the accounts left ticked.</param>
public sealed record Grant(string Way, string User, IReadOnlyList<string> Scopes, IReadOnlyList<string> Targets);

/// <summary>Decides what a token may do: validity, proof, account, permission (facts: meta.md sections 7.1 and 9.1).</summary>
public sealed class Access(MetaWorld world, SandboxOptions options, OAuthTokens people, TimeProvider time)
{
    /// <summary>Who calls; refuses dead, unknown and missing tokens and false proofs. Call it while holding the world.</summary>
    public Principal Of(GraphCall call)
    {
        if (call.Token is not { Length: > 0 } token) throw new GraphRefusal(104, "An access token is required to request this resource.", 400);
        CheckProof(call, token);
        if (Same(token, $"{options.MetaAppId}|{options.MetaAppSecret}")) return new(null, null, true);
        if (people.Find(token) is var (grant, isLong)) return new(null, grant.User, false, grant, isLong);
        var now = time.GetUtcNow();
        var mine = world.Accounts.Where(a => a.Has(token, now)).ToList();
        if (mine.Count == 0) throw GraphRefusal.Token(null, world.Account(call.Path.FirstOrDefault())?.Kind ?? (world.Waba(call.Path.FirstOrDefault()) is null ? null : MetaKind.WhatsApp));
        // One token may open several accounts (a Page and its Instagram account, two numbers): the path says which is meant.
        var account = mine.FirstOrDefault(a => a.Id == call.Path.FirstOrDefault()) ?? mine.OrderBy(a => a.Kind).First();
        if (DeadWith(account) is { } subcode) throw GraphRefusal.Token(subcode, account.Kind);
        if (Same(token, account.Token) && account.TokenUntil <= now) throw GraphRefusal.Token(463, account.Kind);
        return new(account, null, false);
    }

    /// <summary>Does this caller's token open the account?</summary>
    public bool Opens(Principal who, MetaAccount account) => who.Account is { } own &&
        (own.Id == account.Id || Same(own.Token, account.Token) || (account.PageId is { } page && own.Id == page) || (own.WabaId is { } waba && own.WabaId == waba && account.WabaId == waba));

    /// <summary>Refuses unless the account's token has the permission.</summary>
    public void Need(MetaAccount account, string scope)
    {
        if (!account.Scopes.Contains(scope) || world.Faults.Value("permission-removed") is { } gone && (gone == scope || gone == "on"))
            throw GraphRefusal.Permission(scope, account.Kind);
    }

    /// <summary>The permission that messages of an account need.</summary>
    public static string Messaging(MetaAccount account) => account switch
    {
        { Kind: MetaKind.Page } => "pages_messaging",
        { Kind: MetaKind.Instagram, PageId: null } => "instagram_business_manage_messages",
        { Kind: MetaKind.Instagram } => "instagram_manage_messages",
        _ => "whatsapp_business_messaging",
    };

    /// <summary>Why the account's token is dead (subcode of 190), or null.</summary>
    public int? DeadWith(MetaAccount account) => account.DeadWith
        ?? (world.Faults.Value("token-dead") is { } value ? int.TryParse(value, out var subcode) ? subcode : 460 : null);

    private void CheckProof(GraphCall call, string token)
    {
        if (call.Arg("appsecret_proof") is not { } proof)
        {
            if (world.Faults.IsOn("require-appsecret-proof")) throw new GraphRefusal(100, "API calls from the server require an appsecret_proof argument", type: "GraphMethodException");
            return;
        }
        if (!Same(proof, MetaSignature.Proof(options.MetaAppSecret, token)) && !Same(proof, MetaSignature.Proof(options.InstagramAppSecret, token)))
            throw new GraphRefusal(100, "Invalid appsecret_proof provided in the API argument", type: "GraphMethodException");
    }

    private static bool Same(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}

/// <summary>Tokens of people and codes on their way to one, from the sign-in dialogues (facts: meta.md section 9).</summary>
public sealed class OAuthTokens(TimeProvider time)
{
    private readonly Dictionary<string, (Grant Grant, bool IsLong, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Grant Grant, string Redirect, DateTimeOffset Until)> _codes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>What the person behind a living user token agreed to, or null.</summary>
    public (Grant Grant, bool IsLong)? Find(string token) { lock (_lock) return _tokens.TryGetValue(token, out var found) && found.Until > time.GetUtcNow() ? (found.Grant, found.IsLong) : null; }

    /// <summary>When a user token ends.</summary>
    public DateTimeOffset UntilOf(string token) { lock (_lock) return _tokens[token].Until; }

    /// <summary>A new user token.</summary>
    public string Token(Grant grant, bool isLong, TimeSpan life)
    {
        var token = Fresh("EAAinvented");
        lock (_lock) _tokens[token] = (grant, isLong, time.GetUtcNow() + life);
        return token;
    }

    /// <summary>A code for a redirect address (none for the script's own dialogue), to be used once.</summary>
    public string Code(Grant grant, string redirect, TimeSpan life)
    {
        var code = "AQinvented" + MetaIds.Letters(40);
        lock (_lock) _codes[code] = (grant, redirect, time.GetUtcNow() + life);
        return code;
    }

    /// <summary>Uses a code up, also when it is late or for another redirect address; null then, and when it is unknown or used.</summary>
    public Grant? Use(string? code, string? redirect)
    {
        lock (_lock) return code is not null && _codes.Remove(code, out var found) && found.Until > time.GetUtcNow() && found.Redirect == (redirect ?? "") ? found.Grant : null;
    }

    /// <summary>A token nobody had before.</summary>
    public static string Fresh(string start) => start + MetaIds.Letters(60);

    /// <summary>Forgets all.</summary>
    public void Clear() { lock (_lock) { _tokens.Clear(); _codes.Clear(); } }
}
