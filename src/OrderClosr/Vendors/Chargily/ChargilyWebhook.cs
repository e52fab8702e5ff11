using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderClosr.Billing;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Vendors.Chargily;

/// <summary>The door Chargily knocks at. The signature is checked over the raw bytes before anything is parsed; 200 is said only once the event is on disk (facts/chargily.md section 5).</summary>
/// <remarks>The signature covers no time, so an event can be played back: it is never more than a reason to ask what became of the checkout.</remarks>
public static class ChargilyWebhook
{
    /// <summary>The <see cref="InboundEvent.Source"/> of its events.</summary>
    public const string Source = "chargily";

    private const int LargestBody = 256 * 1024;

    public static void MapChargilyWebhook(this IEndpointRouteBuilder app) =>
        // Nobody is signed in here: the signature is the proof.
        app.MapPost("/webhooks/chargily", ReceiveAsync).ExcludeFromDescription().DisableAntiforgery().ShortCircuit();

    private static async Task<IResult> ReceiveAsync(HttpRequest request, EventWriter writer, CancellationToken stop)
    {
        var settings = request.HttpContext.RequestServices.GetRequiredService<ChargilySettings>();
        var given = new byte[32];
        var header = request.Headers["signature"].ToString();
        // Cheap refusals first: a stranger's megabytes are not even read.
        if (!settings.IsOn || header.Length != 64 || Convert.FromHexString(header, given, out _, out var written) != OperationStatus.Done || written != 32) return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (request.ContentLength > LargestBody) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, stop) is var read and > 0)
        {
            if (body.Length + read > LargestBody) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            body.Write(buffer, 0, read);
        }
        var bytes = body.ToArray();
        if (!IsSigned(settings.SecretKey, bytes, given)) return Results.StatusCode(StatusCodes.Status403Forbidden);
        return await writer.StoreAsync(Source, bytes, stop) ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Is it HMAC-SHA256 of the bytes with our key? Takes as long whatever differs.</summary>
    internal static bool IsSigned(string key, ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature)
    {
        Span<byte> ours = stackalloc byte[32];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body, ours);
        return CryptographicOperations.FixedTimeEquals(ours, signature) & key.Length > 0;
    }
}

/// <summary>Reads Chargily's events: whose payment it is about, which is then asked for.</summary>
internal sealed class ChargilyReader : IEventSource
{
    public string Source => ChargilyWebhook.Source;

    public IReadOnlyList<EventPart> Split(InboundEvent e)
    {
        using var body = JsonDocument.Parse(e.Body ?? throw new FormatException("The body is gone."));
        if (ChargilyWire.At(body.RootElement, "data") is not { } checkout) throw new FormatException("An event without its checkout.");
        var type = ChargilyWire.Text(body.RootElement, "type") ?? "event";
        var seen = ChargilyWire.Read(checkout);
        return [new Part(seen, type) { Ignored = type.StartsWith("checkout.", StringComparison.Ordinal) ? null : type }];
    }

    public Task ApplyAsync(WorkspaceScope scope, IReadOnlyList<EventPart> parts, CancellationToken stop)
    {
        var now = scope.Get<TimeProvider>().GetUtcNow();
        foreach (var part in parts.Cast<Part>().DistinctBy(p => p.Target)) scope.Db.Later(new LookAtPayment(new(part.Target), LookAtPayment.ByEvent), now);
        return Task.CompletedTask;
    }

    private sealed record Part(SeenCheckout Seen, string Type) : EventPart(Payment.RouteSource, Seen.Id, Type);
}
