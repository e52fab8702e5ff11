using System.Net.Http.Headers;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Outbound;

namespace OrderClosr.Vendors.Meta;

/// <summary>Fetches what customers send (facts/meta.md section 8): WhatsApp in two steps with the token, the others from Meta's own hosts without it.</summary>
internal sealed class MetaMedia(MetaClient meta, OutboundGate gate)
{
    internal async Task<byte[]> FetchAsync(Channel channel, Attachment attachment, CancellationToken stop)
    {
        if (channel.Kind != ChannelKind.Whatsapp) return await DownloadAsync(attachment.Url ?? throw Gone(), null, stop);
        var token = meta.TokenOf(channel);
        try
        {
            // The address in the webhook lives five minutes; an old one costs one try.
            if (attachment.Url is { } fresh) return await DownloadAsync(fresh, token, stop);
        }
        catch (VendorFailure failure) when (failure.Code is "gone" or "not_media")
        {
            // Looked up again below.
        }
        if (attachment.MediaId is null) throw Gone();
        return await DownloadAsync(await LookUpAsync(channel, attachment.MediaId, stop), token, stop);
    }

    private async Task<string> LookUpAsync(Channel channel, string id, CancellationToken stop)
    {
        try
        {
            var found = await meta.GetAsync(channel, $"{Uri.EscapeDataString(id)}?phone_number_id={channel.ExternalId}", stop);
            if (found.Number("file_size") > FetchMedia.LargestFile) throw new VendorFailure(FailureCategory.Refused, "The file is too large.", "too_big");
            return found.Text("url") ?? throw Gone();
        }
        catch (MetaRefusal refusal) when (refusal.Error.Category is FailureCategory.Refused or FailureCategory.Configuration)
        {
            throw Gone();
        }
        catch (MetaRefusal refusal)
        {
            throw refusal.ToFailure();
        }
    }

    private async Task<byte[]> DownloadAsync(string url, string? token, CancellationToken stop)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) throw Gone();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await gate.ClientOf("meta").SendAsync(request, stop);
        if ((int)answer.StatusCode is 404 or 410 or 401 or 403 or 400) throw Gone();
        if ((int)answer.StatusCode == 429) throw new VendorFailure(FailureCategory.RateLimited, "Meta is busy.", "rate_limited");
        if (!answer.IsSuccessStatusCode) throw new VendorFailure(FailureCategory.Transient, "Meta's media host is down.", "meta_is_down");
        if (answer.Content.Headers.ContentLength > FetchMedia.LargestFile) throw new VendorFailure(FailureCategory.Refused, "The file is too large.", "too_big");
        if (answer.Content.Headers.ContentType?.MediaType is "text/html") throw new VendorFailure(FailureCategory.Refused, "A page came instead of a file.", "not_media");
        return await answer.Content.ReadAsByteArrayAsync(stop);
    }

    private static VendorFailure Gone() => new(FailureCategory.Refused, "The file is no longer there.", "gone");
}
