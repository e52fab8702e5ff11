using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Channels;

/// <summary>What a shop's owners are told of a channel by letter; part of the names of its words (<c>mails.channel_broken_subject</c>).</summary>
public enum OwnerLetter
{
    /// <summary>Nothing is sent any more until a person connects it again.</summary>
    Broken,

    /// <summary>The permission ends soon and only a person can renew it.</summary>
    Ends,

    /// <summary>No message has come for unusually long.</summary>
    Silent,

    /// <summary>Who had connected it has taken the permission back.</summary>
    Left,

    /// <summary>Answers go on; what nobody asked for does not until a person has looked.</summary>
    Limited,
}

/// <summary>Writes the letters to a shop's owners, in the transaction of their cause.</summary>
public sealed class OwnerLetters(OrderClosrDb db, TimeProvider time)
{
    public Task WriteAsync(Channel channel, OwnerLetter letter, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return db.TellOwnersAsync((key, owner) => new SendOwnerLetter(key, owner, channel.Id, letter, now), now, stop);
    }
}

/// <summary>Sends an owner a letter about a channel; <paramref name="Key"/> is its Message-Id, so a repeat is a copy.</summary>
/// <param name="At">When its cause was found.</param>
public sealed record SendOwnerLetter(Guid Key, Guid AccountId, ChannelId Channel, OwnerLetter Letter, DateTimeOffset At) : IShopLetter
{
    public static string Kind => "send_owner_letter";
    public string Lane => MailSetup.Lane;
    public string OrderKey => Key.ToString("N");
}

/// <inheritdoc cref="SendOwnerLetter"/>
internal sealed class SendOwnerLetterHandler(OrderClosrDb db, ShopLetters letters) : IJobHandler<SendOwnerLetter>
{
    public async Task<JobOutcome> RunAsync(SendOwnerLetter job, JobRun run, CancellationToken stop)
    {
        var channel = await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Channel, stop);
        var isOver = channel is null || job.Letter switch
        {
            OwnerLetter.Ends => !(channel.EndToldOf == channel.TokenEndsAt && channel.TokenEndsAt is not null),
            OwnerLetter.Silent => channel.LastEventAt > job.At,
            OwnerLetter.Limited => !channel.TakesNoTemplate,
            _ => channel.State != ChannelState.Broken,
        };
        return await letters.SendAsync(job, isOver ? null : new($"channel_{job.Letter.Word()}", "channels", LetterPaper.Plain(channel!.Kind.ToString()), channel.TokenEndsAt is { } end ? LetterPaper.Day(end) : ""), stop);
    }
}
