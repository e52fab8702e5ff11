using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Api;

namespace OrderClosr.Conversations;

/// <summary>Conversations, messages and the pause for a merchant's programs.</summary>
public static class ConversationsApi
{
    public static void MapConversationsApi(this RouteGroupBuilder api)
    {
        api.MapGet("/conversations", ListAsync).Answers<ApiList<ConversationShape>>().WithSummary("Conversations, newest first; `held_by` says whose hand they are in.");
        api.MapGet("/conversations/{id}", async (string id, OrderClosrDb db, CancellationToken stop) => ApiAnswers.Of(await FindAsync(db, id, stop))).Answers<ConversationShape>().WithSummary("One conversation.");
        api.MapGet("/conversations/{id}/messages", MessagesAsync).Answers<ApiList<MessageShape>>().WithSummary("Its messages, oldest first.");
        api.MapPost("/conversations/{id}/messages", (string id, HttpContext http, Answering answering, MediaAddresses addresses) => ApiWrites.WriteAsync<NewMessageShape, MessageShape>(http, async body =>
        {
            var key = ApiAnswers.Id<Conversation>(id, "conversation");
            if (!key.Ok) return key.Refusal;
            var said = await answering.AnswerAsync(key.Value, null, body.Text, http.RequestAborted);
            return said.Ok ? MessageShape.Of(said.Value, addresses) : said.Refusal;
        }, StatusCodes.Status201Created)).Takes<NewMessageShape>().Answers<MessageShape>(StatusCodes.Status201Created).WithSummary("A person's answer: takes the conversation over and sends it.");
        api.MapPost("/conversations/{id}/take", (string id, HttpContext http, OrderClosrDb db, Holding holding) =>
            ApiWrites.WriteAsync<Nothing, ConversationShape>(http, _ => MoveAsync(db, id, key => holding.TakeAsync(key, null, http.RequestAborted), http.RequestAborted))).Takes<Nothing>().Answers<ConversationShape>().WithSummary("A person answers from now on.");
        api.MapPost("/conversations/{id}/release", (string id, HttpContext http, OrderClosrDb db, Holding holding) =>
            ApiWrites.WriteAsync<Nothing, ConversationShape>(http, _ => MoveAsync(db, id, key => holding.ReleaseAsync(key, http.RequestAborted), http.RequestAborted))).Takes<Nothing>().Answers<ConversationShape>().WithSummary("Gives it back to the agent.");

        api.MapGet("/controls", async (OrderClosrDb db, CancellationToken stop) =>
            Results.Json(ControlsShape.Of(await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop) ?? new() { Id = default }), ApiJson.Options)).Answers<ControlsShape>().WithSummary("Is the agent paused, and when does it go on by itself?");
        api.MapPut("/controls", (HttpContext http, Pausing pausing) => ApiWrites.WriteAsync<ChangeControlsShape, ControlsShape>(http, async body =>
        {
            if (body.ResumeAfterHours is { } hours && await pausing.ResumeAfterAsync(hours, http.RequestAborted) is { } refusal) return refusal;
            if (body.Paused is { } paused) await pausing.PauseAsync(paused, null, null, http.RequestAborted);
            return ControlsShape.Of(await pausing.ControlsAsync(http.RequestAborted));
        })).Takes<ChangeControlsShape>().Answers<ControlsShape>().WithSummary("Pauses the agent or lets it go on: takes effect before the next message is sent.");
    }

    private static async Task<IResult> ListAsync(HttpContext http, string? held_by, OrderClosrDb db, CancellationToken stop)
    {
        var page = ApiPage.Read(http);
        if (!page.Ok) return Problems.Of(page.Refusal);
        var conversations = db.Conversations.AsNoTracking();
        if (held_by is not null)
        {
            HeldBy? known = held_by switch { "agent" => HeldBy.Agent, "person" => HeldBy.Person, "nobody" => HeldBy.Nobody, _ => null };
            if (known is not { } wanted) return Problems.Of(new("held_by_unknown", "Held by agent, person or nobody.", "held_by", ["agent", "person", "nobody"]));
            conversations = conversations.Where(c => c.HeldBy == wanted);
        }
        var channels = await db.Channels.AsNoTracking().ToDictionaryAsync(c => c.Id, stop);
        return ApiAnswers.Of(await page.Value.OfAsync(conversations, (rows, last) => rows.Where(c => c.Id < last), c => ConversationShape.Of(c, channels[c.ChannelId]), stop));
    }

    /// <summary>Oldest first, as people read a thread. The pages go by the order of storing, so that a program that reads on misses nothing that came late. Members' notes are for members.</summary>
    private static async Task<IResult> MessagesAsync(string id, HttpContext http, OrderClosrDb db, MediaAddresses addresses, CancellationToken stop)
    {
        var page = ApiPage.Read(http);
        if (!page.Ok) return Problems.Of(page.Refusal);
        var found = await FindAsync(db, id, stop);
        if (!found.Ok) return Problems.Of(found.Refusal);
        var after = 0;
        if (page.Value.After is { } cursor && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after)) return Problems.Of(ApiPage.BadCursor);
        var messages = await db.Messages.AsNoTracking().Include(m => m.Attachments).Where(m => m.ConversationId == found.Value.Id && m.Seq > after && !(m.Kind == MessageKind.Note && m.Author == Author.Member)).OrderBy(m => m.Seq).Take(page.Value.Limit + 1).ToListAsync(stop);
        var shown = messages.Take(page.Value.Limit).ToList();
        var next = messages.Count > page.Value.Limit ? ApiPage.CursorAfter(shown[^1].Seq.ToString(CultureInfo.InvariantCulture)) : null;
        return Results.Json(new ApiList<MessageShape>([.. shown.AsWritten(found.Value.Channel.Kind).Select(m => MessageShape.Of(m, addresses))], next), ApiJson.Options);
    }

    private static async Task<Result<ConversationShape>> FindAsync(OrderClosrDb db, string text, CancellationToken stop)
    {
        var id = ApiAnswers.Id<Conversation>(text, "conversation");
        if (!id.Ok || await db.Conversations.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id.Value, stop) is not { } conversation) return Refusal.NotFound("conversation");
        return ConversationShape.Of(conversation, await db.Channels.AsNoTracking().SingleAsync(c => c.Id == conversation.ChannelId, stop));
    }

    private static async Task<Result<ConversationShape>> MoveAsync(OrderClosrDb db, string text, Func<ConversationId, Task<Refusal?>> move, CancellationToken stop)
    {
        var id = ApiAnswers.Id<Conversation>(text, "conversation");
        if (!id.Ok) return id.Refusal;
        return await move(id.Value) is { } refusal ? refusal : await FindAsync(db, text, stop);
    }
}

/// <summary>A conversation in the API.</summary>
public sealed record ConversationShape(ConversationId Id, CustomerId CustomerId, ConversationChannelShape Channel, HeldBy HeldBy, string? HandOverReason, DateTimeOffset LastMessageAt, DateTimeOffset? WindowClosesAt)
{
    internal static ConversationShape Of(Conversation c, Channel channel) => new(c.Id, c.CustomerId, new(channel.Kind, channel.Id, channel.Name), c.HeldBy, c.HandOverReason, c.LastMessageAt, c.WindowClosesAt);
}

/// <summary>Where a conversation takes place.</summary>
public sealed record ConversationChannelShape(ChannelKind Kind, ChannelId Id, string Name);

/// <summary>A message in the API.</summary>
public sealed record MessageShape(MessageId Id, ConversationId ConversationId, Direction Direction, Author Author, MessageKind Kind, string Text, IReadOnlyList<AttachmentShape> Attachments,
    MessageStatus Status, string? Error, DateTimeOffset At)
{
    internal static MessageShape Of(Message m, MediaAddresses addresses) => new(m.Id, m.ConversationId, m.Direction, m.Author, m.Kind, m.Text,
        [.. m.Attachments.OrderBy(a => a.Position).Select(a => new AttachmentShape(a.Kind, a.MediaType, a.Bytes, a.File is null ? null : addresses.Of(m.WorkspaceId, a.File, TimeSpan.FromHours(1)), a.Trouble))], m.Status, m.Error, m.At);
}

/// <summary>A photo, voice note or file; its address works for an hour.</summary>
public sealed record AttachmentShape(MessageKind Kind, string? MediaType, long? Bytes, string? Url, string? Trouble);

/// <summary>A person's answer.</summary>
public sealed record NewMessageShape
{
    public required string Text { get; init; }
}

/// <summary>The workspace's switches.</summary>
public sealed record ControlsShape(bool Paused, DateTimeOffset? PausedAt, int ResumeAfterHours)
{
    internal static ControlsShape Of(Controls c) => new(c.PausedAt is not null, c.PausedAt, c.ResumeAfterHours);
}

/// <summary>What to change of them; what is left out stays.</summary>
public sealed record ChangeControlsShape
{
    public bool? Paused { get; init; }
    public int? ResumeAfterHours { get; init; }
}
