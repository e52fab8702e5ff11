using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Api;

/// <summary>How every write of the API runs: strict body, one transaction, and under an <c>Idempotency-Key</c> the same answer again.</summary>
public static class ApiWrites
{
    /// <summary>Answers of keys are kept so long.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>Reads the body, runs the effect in a transaction and answers with what it made; a refusal undoes all of it.</summary>
    /// <param name="effect">Calls one verb; must not call a vendor.</param>
    /// <param name="status">Of the answer: 201 for what was made, 200 for what was changed.</param>
    public static async Task<IResult> WriteAsync<TBody, TShape>(HttpContext http, Func<TBody, Task<Result<TShape>>> effect, int status = StatusCodes.Status200OK) where TBody : notnull
    {
        var stop = http.RequestAborted;
        if (http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0)
            if (!http.Request.HasJsonContentType()) return Problems.Of(new("not_json", "Send application/json."), StatusCodes.Status415UnsupportedMediaType);
        if (await BodyAsync(http.Request, stop) is not { } bytes) return Problems.Of(new("too_long", $"At most {ApiJson.MostBytes} bytes."), StatusCodes.Status413PayloadTooLarge);
        var body = ApiJson.Read<TBody>(bytes);
        if (!body.Ok) return Problems.Of(body.Refusal, body.Refusal == ApiJson.NotJson ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity);

        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 200 || key.Any(c => c is < '!' or > '~')) return Problems.Of(new("key_unreadable", "An Idempotency-Key is at most 200 visible ASCII characters.", "Idempotency-Key"));
        var db = http.RequestServices.GetRequiredService<OrderClosrDb>();
        try
        {
            return await db.InTransactionAsync(async () =>
            {
                var replay = key.Length == 0 ? null : await BeginAsync(db, http, key, bytes, stop);
                if (replay is { Status: > 0 })
                {
                    if (replay.BodyHash != HashOf(bytes)) throw new Undone(new("idempotency_key_reused", "This Idempotency-Key was used with another body.", "Idempotency-Key"));
                    http.Response.Headers["Idempotent-Replayed"] = "true";
                    return Results.Content(replay.Answer, "application/json", Encoding.UTF8, replay.Status);
                }
                var made = await effect(body.Value);
                if (!made.Ok) throw new Undone(made.Refusal);
                var answer = JsonSerializer.Serialize(made.Value, ApiJson.Options);
                if (replay is not null)
                {
                    replay.Status = status;
                    replay.Answer = answer;
                }
                await db.SaveChangesAsync(stop);
                return Results.Content(answer, "application/json", Encoding.UTF8, status);
            }, stop);
        }
        catch (Undone undone)
        {
            return Problems.Of(undone.Refusal);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Problems.Of(new("changed_meanwhile", "It was changed at the same moment: read it and try again.", Kind: RefusalKind.Conflict));
        }
    }

    /// <summary>The row of this key: taken now with status 0, or the one that was answered before. Two at once follow each other here.</summary>
    private static async Task<ApiReplay> BeginAsync(OrderClosrDb db, HttpContext http, string key, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var apiKey = http.ApiKeyId();
        var route = $"{http.Request.Method} {http.Request.Path}";
        var old = now - KeptFor;
        await db.ApiReplays.Where(r => r.At < old).ExecuteDeleteAsync(stop);
        var id = Id<ApiReplay>.New(now);
        var replay = new ApiReplay { Id = id, ApiKeyId = apiKey, Route = route, Key = key, BodyHash = HashOf(body), At = now };
        var taken = await db.AddUnlessThereAsync(replay, stop);
        return taken
            ? await db.ApiReplays.SingleAsync(r => r.Id == id, stop)
            : await db.ApiReplays.SingleAsync(r => r.ApiKeyId == apiKey && r.Route == route && r.Key == key, stop);
    }

    private static async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength > ApiJson.MostBytes) return null;
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, stop)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > ApiJson.MostBytes) return null;
        }
        return body.ToArray();
    }

    private static string HashOf(ReadOnlyMemory<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body.Span));

    /// <summary>Carries a refusal out of the transaction so that it is rolled back.</summary>
    private sealed class Undone(Refusal refusal) : Exception
    {
        internal Refusal Refusal => refusal;
    }
}
