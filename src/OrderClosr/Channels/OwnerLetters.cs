using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
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
}

/// <summary>Writes the letters to a shop's owners, in the transaction of their cause.</summary>
public sealed class OwnerLetters(OrderClosrDb db, TimeProvider time)
{
    public async Task WriteAsync(Channel channel, OwnerLetter letter, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        foreach (var owner in await db.Members.Where(m => m.WorkspaceId == db.WorkspaceId && m.Role == Role.Owner).Select(m => m.AccountId).ToListAsync(stop))
            db.Later(new SendOwnerLetter(Guid.CreateVersion7(now), owner, channel.Id, letter, now), now);
    }
}

/// <summary>Sends an owner a letter about a channel; <paramref name="Key"/> is its Message-Id, so a repeat is a copy.</summary>
/// <param name="At">When its cause was found.</param>
public sealed record SendOwnerLetter(Guid Key, Guid AccountId, ChannelId Channel, OwnerLetter Letter, DateTimeOffset At) : IJob
{
    public static string Kind => "send_owner_letter";
    public string Lane => MailSetup.Lane;
    public string OrderKey => Key.ToString("N");
}

/// <inheritdoc cref="SendOwnerLetter"/>
internal sealed class SendOwnerLetterHandler(OrderClosrDb db, LetterPaper paper, IMailServer server) : IJobHandler<SendOwnerLetter>
{
    public async Task<JobOutcome> RunAsync(SendOwnerLetter job, JobRun run, CancellationToken stop)
    {
        if (!server.IsOn) return JobOutcome.Dropped("No mail server is configured.");
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Channel, stop) is not { } channel) return JobOutcome.Dropped("The channel is gone.");
        var isOver = job.Letter switch
        {
            OwnerLetter.Ends => !(channel.EndToldOf == channel.TokenEndsAt && channel.TokenEndsAt is not null),
            OwnerLetter.Silent => channel.LastEventAt > job.At,
            _ => channel.State != ChannelState.Broken,
        };
        if (isOver) return JobOutcome.Dropped("Its reason is gone.");
        if (!await db.Members.AnyAsync(m => m.WorkspaceId == db.WorkspaceId && m.AccountId == job.AccountId && m.Role == Role.Owner, stop)) return JobOutcome.Dropped("No longer an owner.");
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.AccountId, stop);
        if (account?.Email is not { } address) return JobOutcome.Dropped("Nobody has this account.");
        var slug = await db.Set<Workspace>().Where(w => w.Id == db.WorkspaceId).Select(w => w.Slug).SingleAsync(stop);
        var ends = channel.TokenEndsAt is { } end ? LetterPaper.Day(end) : "";
        await server.SendAsync(paper.Write(address, account.Language, $"channel_{job.Letter.ToString().ToLowerInvariant()}", $"w/{slug}/channels", LetterPaper.Plain(channel.Kind.ToString()), ends), job.Key.ToString("N"), stop);
        return JobOutcome.Done();
    }
}
