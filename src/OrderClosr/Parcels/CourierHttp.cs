using System.Text.Json;
using System.Text.RegularExpressions;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>A courier's answer that can be read: JSON, a file, or a redirect that was asked for.</summary>
/// <param name="Body">Undefined when it was no JSON.</param>
public sealed record CourierReply(string Courier, bool IsRead, int Status, JsonElement Body, byte[] Bytes, Uri? Location)
{
    public bool IsSuccess => Status is >= 200 and < 300;
    public bool IsJson => Body.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    /// <summary>The answer does not say whether it was done: a read is asked again, a write may have happened.</summary>
    public VendorFailure Unclear() => CourierHttp.Unclear(Courier, IsRead);

    /// <summary>A no that is about us and not about the parcel: an address or a form this courier does not know.</summary>
    public VendorFailure NotOurs() => new(FailureCategory.Configuration, $"{Courier} does not know what we asked (HTTP {Status}): check the address of its account.", "address_wrong");

    /// <summary>The PDF in it; an empty or blank one is asked for again later.</summary>
    /// <param name="least">Bytes that a page with anything on it has.</param>
    public byte[] Pdf(int least = 200) =>
        !IsSuccess ? throw new VendorFailure(FailureCategory.Refused, $"{Courier} has no label of this parcel.", "label_refused")
        : Bytes.Length >= least && Bytes.AsSpan().StartsWith("%PDF"u8) ? Bytes
        : throw new VendorFailure(FailureCategory.Transient, $"{Courier}'s label is empty.", "label_empty");
}

/// <summary>One call to a courier: its turn in the account's budget, the gate, and what an HTTP status means for the job that asked (facts/couriers/common.md section 5).</summary>
public sealed partial class CourierHttp(OutboundGate gate, string vendor, string title)
{
    /// <summary>How long an account waits after "too many calls" that names no time.</summary>
    private static readonly TimeSpan UsualHold = TimeSpan.FromSeconds(60), LongestHold = TimeSpan.FromHours(1);

    /// <summary>Sends it. Comes back with an answer of the courier's own (2xx and 4xx as JSON); everything else is a <see cref="VendorFailure"/>.</summary>
    /// <param name="isRead">It changes nothing at the courier, whatever its method: without an answer it is simply asked again.</param>
    /// <param name="isFile">A success may be something else than JSON.</param>
    /// <param name="seen">Is shown whatever came back before it is judged: for headers and statuses that mean something at one courier only.</param>
    public async Task<CourierReply> SendAsync(CourierAccess access, HttpRequestMessage request, bool isRead, CancellationToken stop, bool isFile = false, Action<HttpResponseMessage>? seen = null)
    {
        await access.StartCallAsync(stop);
        try
        {
            using var answer = await gate.ClientOf(vendor).SendAsync(request, stop);
            seen?.Invoke(answer);
            var bytes = await answer.Content.ReadAsByteArrayAsync(stop);
            var reply = new CourierReply(title, isRead, (int)answer.StatusCode, Parse(bytes), bytes, answer.Headers.Location is { } to ? new Uri(request.RequestUri!, to) : null);
            return Judge(access, reply, isFile, WaitOf(answer));
        }
        catch (VendorFailure failure) when (isRead && failure.Category == FailureCategory.OutcomeUnknown)
        {
            throw new VendorFailure(FailureCategory.Transient, failure.Message, failure.Code, inner: failure);
        }
        finally
        {
            await access.ShareHoldAsync();
        }
    }

    private CourierReply Judge(CourierAccess access, CourierReply reply, bool isFile, TimeSpan? wait)
    {
        switch (reply.Status)
        {
            case 401:
            case 403 when reply.IsJson:
                throw new VendorFailure(FailureCategory.Credentials, $"{title} refuses the account's key: connect it again with a valid one.", "token_refused");
            case 429:
                var hold = wait is { } said && said > TimeSpan.Zero ? said < LongestHold ? said : LongestHold : UsualHold;
                access.HoldCalls(hold);
                throw new VendorFailure(FailureCategory.RateLimited, $"{title} asks us to wait.", "rate_limited", hold);
            case 408 or >= 500:
                throw reply.Unclear();
            case >= 300 and < 400 when isFile && reply.Location is not null:
                return reply;
            case >= 300 and < 400:
                // A POST that follows it arrives as a GET without its content.
                throw new VendorFailure(FailureCategory.Configuration, $"{title} has moved to another address: change it in the account.", "address_wrong");
            case 405:
            case 404 or 410 when !reply.IsJson:
                throw reply.NotOurs();
        }
        return reply.IsJson || (isFile && reply.IsSuccess) ? reply : throw reply.Unclear();
    }

    internal static VendorFailure Unclear(string courier, bool isRead) => isRead
        ? new(FailureCategory.Transient, $"{courier}'s answer could not be read.", "no_answer")
        : new(FailureCategory.OutcomeUnknown, $"{courier}'s answer does not say whether it was done.", "no_answer");

    /// <summary>A failure as the answer to "do the credentials work".</summary>
    public static async Task<CourierPing> PingAsync(Func<Task<CourierPing>> ask)
    {
        try
        {
            return await ask();
        }
        catch (VendorFailure failure)
        {
            return new(failure.Category switch
            {
                FailureCategory.Credentials => failure.Code ?? "token_refused",
                FailureCategory.Configuration or FailureCategory.Refused => "address_wrong",
                _ => "courier_down",
            }, failure.Message);
        }
    }

    /// <summary>A courier's own sentence for a person: one line, without the customer's data, should the courier have repeated it.</summary>
    public static string Sentence(string? said, ParcelToBook? about = null)
    {
        var line = PlainText.Line(said);
        foreach (var theirs in (string?[])[about?.Name, about?.Address])
            if (theirs is { Length: > 2 }) line = line.Replace(theirs, "…", StringComparison.OrdinalIgnoreCase);
        line = Number().Replace(line, "…");
        return line.Length switch { 0 => "The courier refused it without saying why.", > 200 => line[..200], _ => line };
    }

    /// <summary>Text without characters beyond the basic plane: they have brought couriers' systems down.</summary>
    public static string Plain(string? text) => string.Concat((text ?? "").Where(c => !char.IsSurrogate(c)));

    private static JsonElement Parse(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default; // a web page, a PDF, or nothing
        }
    }

    private static TimeSpan? WaitOf(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } until } when answer.Headers.Date is { } now => until - now,
        _ => null,
    };

    [GeneratedRegex(@"\+?\d[\d .\-]{6,}\d")]
    private static partial Regex Number();
}
