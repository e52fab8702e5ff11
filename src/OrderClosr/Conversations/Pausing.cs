using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations;

/// <summary>Pauses the agent for the workspace, a channel or one conversation, effective before the next send (promise P16), and lets it go on.</summary>
/// <remarks>The send itself asks the same switches again, so a reply being written stops too; here the list and the sweep are put right.</remarks>
public sealed class Pausing(OrderClosrDb db, Audit audit, TimeProvider time)
{
    /// <summary>The workspace's switch.</summary>
    /// <param name="account">The member who turns it; null: a program.</param>
    /// <param name="note">Why, in the member's words.</param>
    public Task PauseAsync(bool isPaused, Guid? account, string? note, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var now = time.GetUtcNow();
        var controls = await ControlsAsync(stop);
        if (controls.PausedAt is not null == isPaused) return;
        controls.PausedAt = isPaused ? now : null;
        audit.Write(ActionOf(isPaused));
        await KeepAsync(null, null, isPaused, account, note, stop);
        await db.SaveChangesAsync(stop);
        await SettleAsync(db.Conversations, stop);
        db.Tell("controls", db.WorkspaceId);
    }, stop);

    /// <summary>One channel.</summary>
    public Task<Refusal?> PauseChannelAsync(ChannelId id, bool isPaused, Guid? account, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        if (await db.Channels.SingleOrDefaultAsync(c => c.Id == id, stop) is not { } channel) return Refusal.NotFound("channel");
        if (channel.PausedAt is not null != isPaused)
        {
            channel.PausedAt = isPaused ? time.GetUtcNow() : null;
            audit.Write(ActionOf(isPaused), id, channel.Name);
            await KeepAsync(id, null, isPaused, account, null, stop);
            await db.SaveChangesAsync(stop);
            await SettleAsync(db.Conversations.Where(c => c.ChannelId == id), stop);
            db.Tell("controls", db.WorkspaceId);
            db.Tell("channel", id);
        }
        return (Refusal?)null;
    }, stop);

    /// <summary>One conversation.</summary>
    public Task<Refusal?> PauseConversationAsync(ConversationId id, bool isPaused, Guid? account, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
        if (await db.Conversations.SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return Refusal.NotFound("conversation");
        if (conversation.PausedAt is not null != isPaused)
        {
            conversation.PausedAt = isPaused ? time.GetUtcNow() : null;
            audit.Write(ActionOf(isPaused), id);
            await KeepAsync(null, id, isPaused, account, null, stop);
            await db.SaveChangesAsync(stop);
            await SettleAsync(db.Conversations.Where(c => c.Id == id), stop);
            db.Tell("conversation", id);
        }
        return (Refusal?)null;
    }, stop);

    /// <summary>How long a take-over lasts after the person's last message.</summary>
    public Task<Refusal?> ResumeAfterAsync(int hours, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        if (hours is < 1 or > 168) return new Refusal("hours_out_of_range", "Between 1 and 168 hours.", "resume_after_hours");
        (await ControlsAsync(stop)).ResumeAfterHours = hours;
        await db.SaveChangesAsync(stop);
        db.Tell("controls", db.WorkspaceId);
        return (Refusal?)null;
    }, stop);

    /// <summary>The workspace's controls, made when nobody touched them yet.</summary>
    public async Task<Controls> ControlsAsync(CancellationToken stop)
    {
        if (await db.Controls.SingleOrDefaultAsync(stop) is { } controls) return controls;
        controls = new() { Id = Id<Controls>.New(time.GetUtcNow()) };
        db.Add(controls);
        return controls;
    }

    private static AuditAction ActionOf(bool isPaused) => isPaused ? AuditAction.AgentPaused : AuditAction.AgentResumed;

    /// <summary>Writes the story of a switch: a pause that begins, or the end of the one that runs.</summary>
    private async Task KeepAsync(ChannelId? channel, ConversationId? conversation, bool isPaused, Guid? account, string? note, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        foreach (var running in await db.Pauses.Where(p => p.EndedAt == null && p.ChannelId == channel && p.ConversationId == conversation).ToListAsync(stop))
            (running.EndedAt, running.EndedBy) = (now, account);
        if (!isPaused) return;
        var words = Receiving.Clean(note ?? "").ReplaceLineEndings(" ").Trim();
        if (words.Length > Pause.LongestNote) words = words[..(char.IsHighSurrogate(words[Pause.LongestNote - 1]) ? Pause.LongestNote - 1 : Pause.LongestNote)];
        db.Add(new Pause { Id = Id<Pause>.New(now), ChannelId = channel, ConversationId = conversation, AccountId = account, At = now, Note = words });
    }

    /// <summary>Says of each conversation anew whether and why the agent is silent: with two statements per state of the gates, not row by row.</summary>
    internal async Task SettleAsync(IQueryable<Conversation> conversations, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var isPaused = await db.Controls.AnyAsync(c => c.PausedAt != null, stop);
        if (isPaused)
        {
            await Silence(conversations.Where(c => c.HeldBy == HeldBy.Agent), Gate.Paused, stop);
            return;
        }
        var channels = await db.Channels.AsNoTracking().ToListAsync(stop);
        foreach (var channel in channels)
        {
            var here = conversations.Where(c => c.ChannelId == channel.Id && c.HeldBy == HeldBy.Agent);
            var silent = channel.State == ChannelState.Disconnected ? Gate.ChannelGone : channel.PausedAt is not null ? Gate.ChannelPaused : channel.State == ChannelState.Broken ? Gate.ChannelBroken : null;
            if (silent is not null)
            {
                await Silence(here, silent, stop);
                continue;
            }
            await Silence(here.Where(c => c.PausedAt != null), Gate.ConversationPaused, stop);
            var speaking = here.Where(c => c.PausedAt == null && !db.Set<Customer>().Any(p => p.Id == c.CustomerId && (p.BlockedAt != null || p.UnreachableAt != null)));
            // Only what these switches silenced is woken: other reasons (spending, an old message) stay.
            string[] ours = [Gate.Paused, Gate.ChannelPaused, Gate.ConversationPaused, Gate.ChannelBroken, Gate.ChannelGone];
            await speaking.Where(c => ours.Contains(c.SilentBecause)).ExecuteUpdateAsync(set => set
                .SetProperty(c => c.SilentBecause, (string?)null).SetProperty(c => c.DueAt, c => c.FirstUnansweredAt == null ? null : (DateTimeOffset?)now).SetProperty(c => c.Version, c => c.Version + 1), stop);
        }
    }

    private static Task Silence(IQueryable<Conversation> conversations, string reason, CancellationToken stop) => conversations.Where(c => c.SilentBecause != reason || c.DueAt != null)
        .ExecuteUpdateAsync(set => set.SetProperty(c => c.SilentBecause, reason).SetProperty(c => c.DueAt, (DateTimeOffset?)null).SetProperty(c => c.Version, c => c.Version + 1), stop);
}

/// <summary>A channel works again, or no more: the agent answers what waited on it, or falls silent there.</summary>
internal sealed class SettleOnChannelChange(OrderClosrDb db, Pausing pausing) : IListener<ChannelMended>, IListener<ChannelDisconnected>
{
    public Task OnAsync(ChannelMended fact, CancellationToken stop) => pausing.SettleAsync(db.Conversations.Where(c => c.ChannelId == fact.Channel), stop);

    public Task OnAsync(ChannelDisconnected fact, CancellationToken stop) => pausing.SettleAsync(db.Conversations.Where(c => c.ChannelId == fact.Channel), stop);
}
