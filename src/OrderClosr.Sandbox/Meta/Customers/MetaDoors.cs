using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta.Graph;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>Addresses for people and tests: <c>/meta/_…</c>. They speak plain JSON and are neither logged nor faulted.</summary>
public static class MetaDoors
{
    /// <summary>Maps them.</summary>
    public static void MapDoors(this RouteGroupBuilder group)
    {
        var doors = group.MapGroup("").AddEndpointFilter(async (context, next) =>
        {
            try { return await next(context); }
            catch (DoorRefusal no) { return Results.Json(new { error = no.Message }, statusCode: no.Status); }
        });
        doors.MapPost("/_customers/{id}/say", (string id, SayRequest say, SayDoor door) =>
        {
            var (ids, webhook) = door.Say(id, say);
            // No webhook is what a merchant without a subscription has; saying so saves people an hour.
            return Results.Json(webhook ? new { id = ids[0], ids, webhook, why = (string?)null } : new { id = ids[0], ids, webhook, why = (string?)"the app is not subscribed to this account or field" }, statusCode: 202);
        });
        doors.MapGet("/_customers/{id}/thread", (string id, string? channel, string? account, ThreadDoor door) => door.Show(id, channel, account));
        doors.MapPost("/_customers/{id}", Known);
        doors.MapPost("/_business/{customer}/say", (string customer, BusinessSay say, BusinessDoor door) => Results.Json(new { id = door.Say(customer, say) }, statusCode: 202));
        doors.MapPost("/_comments", Comment);
        doors.MapPost("/_raw", RawAsync);
        doors.MapPost("/_verify", async (string? token, Handshake handshake, SandboxOptions options) =>
        {
            var (ok, status, answer) = await handshake.TryAsync(options.App + "/webhooks/meta", token ?? options.VerifyToken);
            return new { ok, status, answer };
        });
        doors.MapPost("/_templates/{name}", Review);
        doors.MapPost("/_callbacks/{which}", CallbackAsync);
    }

    private static IResult Known(string id, KnownCustomer known, MetaWorld world, SayDoor door)
    {
        lock (world.Gate)
        {
            var thread = world.Thread(door.Account(known.Channel, known.Account), id);
            if (known.Name is { Length: > 0 }) thread.Person.Name = known.Name;
            if (known.Handle is { Length: > 0 } handle)
            {
                if (thread.Account.Kind == MetaKind.WhatsApp) thread.Person.Phone = handle.TrimStart('+');
                else thread.ScopedId = handle;
                world.Reindex(thread);
            }
            if (known.LastActionAt is { } last && last > (thread.LastCustomerAction ?? default)) (thread.LastCustomerAction, thread.HasWritten) = (last, true);
            return Results.Json(new { handle = thread.Handle, user_id = thread.Account.Kind == MetaKind.WhatsApp ? thread.UserId : null, last_action_at = thread.LastCustomerAction });
        }
    }

    private static IResult Comment(NewComment comment, MetaWorld world, SayDoor door, Comments comments)
    {
        if (string.IsNullOrWhiteSpace(comment.Text) || string.IsNullOrWhiteSpace(comment.From)) throw new DoorRefusal(422, "from and text are needed");
        lock (world.Gate)
        {
            var account = door.Account(comment.Channel, comment.Account);
            if (account.Kind == MetaKind.WhatsApp) throw new DoorRefusal(422, "WhatsApp has no comments");
            return Results.Json(new { id = comments.Write(account, world.Thread(account, comment.From), comment.Post ?? "55", comment.Text).Id }, statusCode: 202);
        }
    }

    private static async Task<IResult> RawAsync(HttpRequest request, string? secret, string? signature, MetaOutbox outbox, SandboxOptions options)
    {
        if (secret is not (null or "meta" or "instagram")) throw new DoorRefusal(422, "secret is meta or instagram");
        if (signature is not (null or "wrong" or "missing")) throw new DoorRefusal(422, "signature is wrong or missing, or left out");
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        var (status, ms) = await outbox.RawAsync(copy.ToArray(), secret == "instagram" ? options.InstagramAppSecret : options.MetaAppSecret, signature);
        return Results.Json(new { status, ms });
    }

    private static IResult Review(string name, TemplateReview review, MetaWorld world, SayDoor door, MetaOutbox outbox)
    {
        if (review.Status is not ("APPROVED" or "REJECTED" or "PAUSED" or "DISABLED")) throw new DoorRefusal(422, "status is APPROVED, REJECTED, PAUSED or DISABLED");
        lock (world.Gate)
        {
            var account = door.Account("whatsapp", review.Account);
            var template = world.Waba(account.WabaId)!.Templates.FirstOrDefault(t => t.Name == name && (review.Language is null || t.Language == review.Language)) ?? throw new DoorRefusal(404, $"there is no template \"{name}\"");
            template.Status = review.Status;
            outbox.Change(account, "message_template_status_update", new()
            {
                ["event"] = review.Status, ["message_template_id"] = long.Parse(template.Id, System.Globalization.CultureInfo.InvariantCulture),
                ["message_template_name"] = template.Name, ["message_template_language"] = template.Language, ["reason"] = review.Reason ?? "NONE",
            });
            return Results.Json(new { template.Name, template.Language, template.Status });
        }
    }

    // Meta's two mandatory callbacks (facts: meta.md section 10.1).
    private static async Task<IResult> CallbackAsync(string which, CallbackRequest asked, SandboxOptions options, SignedCallbacks callbacks)
    {
        if (which is not ("data-deletion" or "deauthorize")) throw new DoorRefusal(404, "callbacks are data-deletion and deauthorize");
        var (status, answer) = await callbacks.CallAsync(which, asked.UserId ?? "990001", asked.Secret == "instagram" ? options.InstagramAppSecret : options.MetaAppSecret, asked.Signature);
        return Results.Json(new { status, answer });
    }

    private sealed record NewComment(string? Channel, string? Account, string? From, string? Text, string? Post);

    private sealed record TemplateReview(string? Account, string? Language, string? Status, string? Reason);

    private sealed record CallbackRequest(string? UserId, string? Secret, string? Signature);
}

/// <summary>Calls the product's data-deletion and deauthorize addresses with a <c>signed_request</c>.</summary>
public sealed class SignedCallbacks(SandboxOptions options, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(options.Wire?.Invoke() ?? new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The product's status (0 for none) and what it said.</summary>
    public async Task<(int Status, string Answer)> CallAsync(string which, string userId, string secret, string? signature)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var json = new JsonObject { ["user_id"] = userId, ["algorithm"] = "HMAC-SHA256", ["issued_at"] = now, ["expires"] = now + 3600 }.ToJsonString();
        using var form = new FormUrlEncodedContent([new("signed_request", MetaSignature.SignedRequest(signature == "wrong" ? secret + "-not" : secret, json))]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        try
        {
            using var answer = await _http.PostAsync(new Uri($"{options.App}/webhooks/meta/{which}"), form, patience.Token);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException) { return (0, ""); }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();
}
