using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Vendors.Meta;

/// <summary>Asks Meta for a message that only a senderless edit told us of (facts/meta.md section 4.2), unless it came by itself meanwhile.</summary>
internal sealed record LookUpMessage(ChannelId Channel, string ChannelMessageId) : IJob
{
    /// <summary>How long the message itself may take to come.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static string Kind => "look_up_message";
    public string Lane => OrderClosr.Channels.Channel.LaneOf(Channel);
    public string OrderKey => ChannelMessageId.Length <= 120 ? ChannelMessageId : ChannelMessageId[..120];
    public static TimeSpan GiveUpAfter => TimeSpan.FromMinutes(15);
}

internal sealed class LookUpMessageHandler(OrderClosrDb db, MetaClient meta, TimeProvider time) : IJobHandler<LookUpMessage>
{
    public async Task<JobOutcome> RunAsync(LookUpMessage job, JobRun run, CancellationToken stop)
    {
        if (await db.Messages.AnyAsync(m => m.ChannelId == job.Channel && m.ChannelMessageId == job.ChannelMessageId, stop)) return JobOutcome.Done();
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Channel && c.State != ChannelState.Disconnected, stop) is not { } channel) return JobOutcome.Dropped("The channel is gone.");
        if (await meta.FindMessageAsync(channel, job.ChannelMessageId, stop) is not { } found) return JobOutcome.Done();
        var from = found.At("from").Text("id");
        if (from is null || from == channel.ExternalId || from == channel.ParentId) return JobOutcome.Done();
        var isInstagram = channel.Kind == ChannelKind.Instagram;
        var at = DateTimeOffset.TryParse(found.Text("created_time"), System.Globalization.CultureInfo.InvariantCulture, out var created) ? created.ToUniversalTime() : time.GetUtcNow();
        var media = found.At("attachments").Items("data").Select(a => a.At("image_data").Text("url") ?? a.At("video_data").Text("url") ?? a.Text("file_url")).OfType<string>()
            .Select(url => new AttachmentNews(MessageKind.Image, Url: url)).ToList();
        var text = found.Text("message") ?? "";
        var news = new MessageNews(job.ChannelMessageId, new([new(isInstagram ? HandleKind.InstagramScoped : HandleKind.PageScoped, from)], found.At("from").Text("username") ?? found.At("from").Text("name")), at,
            media.Count > 0 ? MessageKind.Image : text.Length > 0 ? MessageKind.Text : MessageKind.Unsupported, text) { Attachments = media };
        return JobOutcome.Done((scope, inner) => scope.Get<Receiving>().ReceiveAsync([new(job.Channel, news)], inner));
    }
}
