using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>What happens to a merchant's account at Meta's side.</summary>
public sealed record AccountChange
{
    /// <summary>False takes our app off the account; true puts it on, with all fields.</summary>
    public bool? Subscribed { get; init; }

    /// <summary>WhatsApp: registered for the Cloud API.</summary>
    public bool? Registered { get; init; }

    /// <summary>The token dies with this subcode of 190 (460 password changed, 463 expired, 458 app removed …); 0 revives it.</summary>
    public int? TokenDead { get; init; }

    /// <summary>The merchant connects again: a new token, the old one is dead.</summary>
    public string? Token { get; init; }

    /// <summary>Permissions that are taken away.</summary>
    public IReadOnlyList<string>? RemoveScopes { get; init; }

    /// <summary>Permissions that are granted.</summary>
    public IReadOnlyList<string>? GrantScopes { get; init; }

    /// <summary>Page: what its person may still do on it (MESSAGING and MODERATE are needed to connect it).</summary>
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>Instagram: false is a personal account.</summary>
    public bool? Professional { get; init; }

    /// <summary>Instagram through a Page: <i>Allow access to messages</i>.</summary>
    public bool? AllowsMessages { get; init; }

    /// <summary>WhatsApp: the PIN of the two-step verification; empty takes it away.</summary>
    public string? Pin { get; init; }

    /// <summary>WhatsApp: registered at another platform, e.g. <c>ON_PREMISE</c>; empty: no longer.</summary>
    public string? Elsewhere { get; init; }

    /// <summary>WhatsApp: GREEN, YELLOW or RED.</summary>
    public string? Quality { get; init; }

    /// <summary>WhatsApp: APPROVED, PENDING_REVIEW or DECLINED.</summary>
    public string? NameStatus { get; init; }

    /// <summary>WhatsApp: sends <c>account_update</c> with this event (facts: meta.md section 5.5).</summary>
    public string? Event { get; init; }
}

/// <summary><c>/meta/_accounts</c>: the accounts that exist, without their tokens.</summary>
public static class AccountDoors
{
    /// <summary>Maps them.</summary>
    public static void MapAccounts(this RouteGroupBuilder group)
    {
        group.MapGet("/_accounts", (MetaWorld world) =>
        {
            lock (world.Gate) return Results.Json(new { items = world.Accounts.Select(a => Shown(world, a)).ToList() });
        });
        group.MapPost("/_accounts", (MetaAccountSeed seed, MetaWorld world) =>
        {
            if (MetaAccount.KindOf(seed.Kind) is not { } kind || string.IsNullOrEmpty(seed.Id) || string.IsNullOrEmpty(seed.Token)) return Results.Json(new { error = "kind (page, instagram, whatsapp), id, name and token are needed" }, statusCode: 422);
            if (kind == MetaKind.WhatsApp && (string.IsNullOrEmpty(seed.WabaId) || string.IsNullOrEmpty(seed.DisplayPhone))) return Results.Json(new { error = "a WhatsApp number needs waba_id and display_phone" }, statusCode: 422);
            lock (world.Gate)
            {
                // Adding again is connecting again: conversations stay.
                if (world.Account(seed.Id) is not { } known) return Results.Json(Shown(world, world.Add(seed)), statusCode: 201);
                if (known.Kind != kind) return Results.Json(new { error = $"\"{seed.Id}\" is an account of another kind" }, statusCode: 409);
                (known.Token, known.TokenUntil, known.DeadWith, known.Registered) = (seed.Token, null, null, seed.Registered);
                if (seed.Subscribed) Subscribe(world, known, true);
                return Results.Json(Shown(world, known));
            }
        });
        group.MapPost("/_accounts/{id}", Change);
    }

    private static IResult Change(string id, AccountChange change, MetaWorld world, MetaOutbox outbox)
    {
        lock (world.Gate)
        {
            if (world.Account(id) is not { } account) return Results.Json(new { error = $"there is no account \"{id}\"" }, statusCode: 404);
            if (change.Subscribed is { } on) Subscribe(world, account, on);
            if (change.Registered is { } registered) account.Registered = registered;
            if (change.TokenDead is { } subcode) account.DeadWith = subcode == 0 ? null : subcode;
            if (change.Token is { Length: > 0 } token) (account.Token, account.TokenUntil, account.DeadWith) = (token, null, null);
            if (change.Tasks is { } tasks) { account.Tasks.Clear(); account.Tasks.UnionWith(tasks); }
            account.Professional = change.Professional ?? account.Professional;
            account.AllowsMessages = change.AllowsMessages ?? account.AllowsMessages;
            if (change.Pin is { } pin) account.Pin = pin.Length > 0 ? pin : null;
            if (change.Elsewhere is { } elsewhere) account.Elsewhere = elsewhere.Length > 0 ? elsewhere : null;
            account.Quality = change.Quality ?? account.Quality;
            account.NameStatus = change.NameStatus ?? account.NameStatus;
            account.Scopes.ExceptWith(change.RemoveScopes ?? []);
            account.Scopes.UnionWith(change.GrantScopes ?? []);
            if (change.Event is { } name && account.Kind == MetaKind.WhatsApp)
                outbox.Change(account, "account_update", new() { ["event"] = name, ["phone_number"] = account.DisplayPhone });
            return Results.Json(Shown(world, account));
        }
    }

    private static void Subscribe(MetaWorld world, MetaAccount account, bool on)
    {
        account.Fields.Clear();
        if (account.Kind == MetaKind.WhatsApp) world.Waba(account.WabaId)!.Subscribed = on;
        else if (on) account.Fields.UnionWith(SubscribedFields.Of(account.Kind));
    }

    private static object Shown(MetaWorld world, MetaAccount account) => new
    {
        kind = account.Kind switch { MetaKind.Page => "page", MetaKind.Instagram => "instagram", _ => "whatsapp" },
        channel = account.Channel,
        id = account.Id,
        name = account.Name,
        waba_id = account.WabaId,
        display_phone = account.DisplayPhone.Length > 0 ? account.DisplayPhone : null,
        page_id = account.PageId,
        subscribed = account.Kind == MetaKind.WhatsApp ? world.Waba(account.WabaId)!.Subscribed : account.Fields.Count > 0,
        fields = account.Fields.Order(StringComparer.Ordinal).ToList(),
        registered = account.Registered,
        pin_set = account.Pin is not null,
        on_phone = account.OnPhone,
        synced = account.Synced.Order(StringComparer.Ordinal).ToList(),
        token_dead = account.DeadWith,
    };
}
