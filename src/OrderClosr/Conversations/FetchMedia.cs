using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Conversations;

/// <summary>Copies one photo, voice note or file of a customer before the channel forgets it.</summary>
public sealed record FetchMedia(Ground.Values.Id<Attachment> Attachment, MessageId Message, ChannelId Channel) : IJob
{
    /// <summary>What a customer may send; WhatsApp itself stops at 100 MB.</summary>
    public const long LargestFile = 25 * 1024 * 1024;

    public static string Kind => "fetch_media";

    /// <summary>Beside the channel's sends: a long film must not hold an answer up.</summary>
    public string Lane => $"meta-media/{Channel}";

    public string OrderKey => Attachment.ToString();
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(6);
}

/// <summary>Every attachment of a new message is fetched.</summary>
internal sealed class FetchOnMessageReceived(OrderClosrDb db, TimeProvider time) : IListener<MessageReceived>
{
    public Task OnAsync(MessageReceived fact, CancellationToken stop)
    {
        foreach (var attachment in fact.Message.Attachments.Where(a => a.Trouble is null)) db.Later(new FetchMedia(attachment.Id, fact.Message.Id, fact.Message.ChannelId), time.GetUtcNow());
        return Task.CompletedTask;
    }
}

internal sealed class FetchMediaHandler(OrderClosrDb db, ISender sender, MediaFiles files) : IJobHandler<FetchMedia>
{
    /// <summary>What customers may send; a page, a program or an archive is none of it.</summary>
    private static readonly HashSet<string> Taken =
    [
        "image/jpeg", "image/png", "image/webp", "image/gif", "audio/ogg", "audio/amr", "audio/mpeg", "audio/aac", "audio/mp4", "video/mp4", "application/pdf",
    ];

    public async Task<JobOutcome> RunAsync(FetchMedia job, JobRun run, CancellationToken stop)
    {
        if (await db.Attachments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.Attachment, stop) is not { File: null, Trouble: null } attachment) return JobOutcome.Done();
        var channel = await db.Channels.AsNoTracking().SingleAsync(c => c.Id == job.Channel, stop);
        byte[] content;
        try
        {
            content = await sender.FetchAsync(channel, attachment, stop);
        }
        catch (VendorFailure failure) when (failure.Category is FailureCategory.Refused or FailureCategory.Configuration)
        {
            return Trouble(job, failure.Code is "too_big" or "not_media" ? failure.Code : "gone");
        }
        if (!IsWhole(attachment.Hash, content)) return Trouble(job, "damaged");
        using var stream = new MemoryStream(content);
        var saved = await files.SaveAsync(channel.WorkspaceId, stream, Taken, FetchMedia.LargestFile, stop);
        if (!saved.Ok) return Trouble(job, saved.Refusal.Code == "media_too_large" ? "too_big" : "not_media");
        var kept = saved.Value;
        return JobOutcome.Done(async (scope, inner) =>
        {
            if (await scope.Db.Attachments.SingleOrDefaultAsync(a => a.Id == job.Attachment, inner) is not { } row)
            {
                // Its customer was erased meanwhile: nobody names the file.
                files.Delete(scope.Db.WorkspaceId, kept.File);
                return;
            }
            (row.File, row.MediaType, row.Bytes, row.Url) = (kept.File, kept.MediaType, kept.Bytes, null);
            await TellAsync(scope, job, inner);
        });
    }

    public async Task OnFailedAsync(FetchMedia job, string words, CancellationToken stop)
    {
        if (await db.Attachments.SingleOrDefaultAsync(a => a.Id == job.Attachment, stop) is { File: null } attachment) (attachment.Trouble, attachment.Url) = (attachment.Trouble ?? "gone", null);
    }

    private static JobOutcome Trouble(FetchMedia job, string trouble) => JobOutcome.Refused($"No copy: {trouble}.", async (scope, inner) =>
    {
        if (await scope.Db.Attachments.SingleOrDefaultAsync(a => a.Id == job.Attachment, inner) is not { } row) return;
        (row.Trouble, row.Url) = (trouble, null);
        await TellAsync(scope, job, inner);
    });

    private static async Task TellAsync(WorkspaceScope scope, FetchMedia job, CancellationToken stop)
    {
        var conversation = await scope.Db.Messages.Where(m => m.Id == job.Message).Select(m => m.ConversationId).SingleOrDefaultAsync(stop);
        if (!conversation.IsNone) scope.Db.Tell("conversation", conversation);
    }

    /// <summary>The announced hash comes in base64 or in hex.</summary>
    private static bool IsWhole(string? hash, byte[] content)
    {
        if (string.IsNullOrEmpty(hash)) return true;
        var ours = SHA256.HashData(content);
        return hash == Convert.ToBase64String(ours) || hash.Equals(Convert.ToHexStringLower(ours), StringComparison.OrdinalIgnoreCase);
    }
}
