using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderClosr.Ground.Events;

namespace OrderClosr.Vendors.Meta;

/// <summary>The door Meta knocks at: verification (GET) and events (POST) of all three channels.</summary>
/// <remarks>The signature is checked over the raw bytes before anything is parsed; 200 is said only once the delivery is on disk
/// (facts/meta.md sections 2.1 to 2.4). Who the events belong to is decided later, by the ids inside.</remarks>
public static class MetaWebhook
{
    /// <summary>The <see cref="InboundEvent.Source"/> of Meta's deliveries.</summary>
    public const string Source = "meta";

    /// <summary>WhatsApp's bodies reach 3 MB; twice the demanded 4 MB leaves room.</summary>
    public const int LargestBody = 8 * 1024 * 1024;

    public static void MapMetaWebhook(this IEndpointRouteBuilder app)
    {
        app.MapGet("/webhooks/meta", Verify).ExcludeFromDescription();
        // Nobody is signed in here: the signature is the proof.
        app.MapPost("/webhooks/meta", ReceiveAsync).ExcludeFromDescription().DisableAntiforgery().ShortCircuit();
    }

    private static IResult Verify(HttpRequest request, MetaSettings settings)
    {
        var query = request.Query;
        var isOurs = settings.VerifyToken.Length > 0 && query["hub.mode"] == "subscribe"
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(query["hub.verify_token"].ToString()), Encoding.UTF8.GetBytes(settings.VerifyToken));
        return isOurs ? Results.Text(query["hub.challenge"].ToString(), "text/plain") : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> ReceiveAsync(HttpRequest request, MetaSettings settings, EventWriter writer, CancellationToken stop)
    {
        // Cheap refusals first: a stranger's megabytes are not even read.
        if (Signature(request) is not { } signature) return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (await ReadAsync(request, stop) is not { } body) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (!IsSigned(settings, body, signature)) return Results.StatusCode(StatusCodes.Status403Forbidden);
        return await writer.StoreAsync(Source, body, stop) ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>The 32 bytes of <c>X-Hub-Signature-256: sha256=…</c>; null when the header is missing or not of that form.</summary>
    private static byte[]? Signature(HttpRequest request)
    {
        const string Prefix = "sha256=";
        var header = request.Headers["X-Hub-Signature-256"].ToString();
        if (!header.StartsWith(Prefix, StringComparison.Ordinal) || header.Length != Prefix.Length + 64) return null;
        var bytes = new byte[32];
        return Convert.FromHexString(header.AsSpan(Prefix.Length), bytes, out _, out var written) == OperationStatus.Done && written == 32 ? bytes : null;
    }

    /// <summary>Null when it is larger than we take.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength > LargestBody) return null;
        if (request.ContentLength is { } length)
        {
            var exact = new byte[length];
            await request.Body.ReadExactlyAsync(exact, stop);
            return exact;
        }
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await request.Body.ReadAsync(buffer, stop) is var read and > 0)
        {
            if (body.Length + read > LargestBody) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static bool IsSigned(MetaSettings settings, byte[] body, byte[] signature)
    {
        // The Instagram secret vouches for Instagram's events and for no others.
        return Matches(settings.AppSecret, body, signature) || (Matches(settings.InstagramAppSecret, body, signature) && IsInstagram(body));
    }

    private static bool Matches(string secret, byte[] body, byte[] signature)
    {
        Span<byte> ours = stackalloc byte[32];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, ours);
        return CryptographicOperations.FixedTimeEquals(ours, signature) & secret.Length > 0;
    }

    private static bool IsInstagram(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                var isObject = reader.ValueTextEquals("object");
                reader.Read();
                if (isObject) return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("instagram");
                reader.Skip();
            }
            return false;
        }
        catch (JsonException)
        {
            return true; // rightly signed and unreadable: kept for a person to look at
        }
    }
}
