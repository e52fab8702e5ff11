using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>What a batch of news touches, looked up together: channels, customers, conversations (locked), known messages.</summary>
internal sealed class ReceivedBatch
{
    private readonly Dictionary<ChannelId, Channel> _channels = [];
    private readonly Dictionary<CustomerId, Customer> _people = [];
    private readonly Dictionary<(ChannelId, CustomerId), Conversation> _conversations = [];
    private readonly Dictionary<ConversationId, Conversation> _byId = [];
    private readonly Dictionary<(ChannelId, string), Message> _messages = [];
    private readonly Dictionary<MessageId, Message> _marked = [];
    private readonly Dictionary<(ChannelId, string, EarlyKind), EarlyWord> _early = [];
    private Controls? _controls;

    private ReceivedBatch(KnownCustomers customers) => Customers = customers;

    internal KnownCustomers Customers { get; }

    /// <summary>Messages of customers stored now.</summary>
    internal List<(Conversation Conversation, Message Message, IReadOnlyList<CartItem>? Items)> Fresh { get; } = [];

    /// <summary>Conversations whose pages must be drawn again.</summary>
    internal HashSet<Conversation> Touched { get; } = [];

    internal TimeSpan ResumeAfter => TimeSpan.FromHours(_controls?.ResumeAfterHours ?? new Controls { Id = default }.ResumeAfterHours);

    internal static async Task<ReceivedBatch> LoadAsync(OrderClosrDb db, KnownCustomers customers, IReadOnlyList<ChannelNews> news, DateTimeOffset now, CancellationToken stop)
    {
        var batch = new ReceivedBatch(customers);
        var channelIds = news.Select(n => n.Channel).Distinct().ToList();
        foreach (var channel in await db.Channels.AsNoTracking().Where(c => channelIds.Contains(c.Id)).ToListAsync(stop)) batch._channels.Add(channel.Id, channel);
        batch._controls = await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop);
        var people = news.Select(n => (n.Channel, Person: PersonOf(n.News), Makes(n.News))).Where(p => p.Person is not null).Select(p => (p.Channel, p.Person!, p.Item3)).ToList();
        await customers.MeetAsync(people, stop);

        // Which conversations: those of the people, and those of the messages that are spoken about.
        var pairs = people.Select(p => (p.Channel, Customer: customers.Of(p.Channel, p.Item2), p.Item3)).Where(p => p.Customer is not null).ToList();
        var about = news.Select(n => (n.Channel, Id: MessageIdOf(n.News))).Where(m => m.Id is not null).Select(m => m.Id!).Distinct().ToList();
        var marks = news.Select(n => MarkOf(n.News)).OfType<MessageId>().Distinct().ToList();
        var ids = new HashSet<Guid>();
        foreach (var chunk in pairs.Select(p => p.Customer!.Id).Distinct().Chunk(500))
            ids.UnionWith((await db.Conversations.Where(c => channelIds.Contains(c.ChannelId) && chunk.Contains(c.CustomerId)).Select(c => c.Id).ToListAsync(stop)).Select(id => id.Value));
        foreach (var chunk in about.Chunk(500))
            ids.UnionWith((await db.Messages.Where(m => channelIds.Contains(m.ChannelId) && chunk.Contains(m.ChannelMessageId!)).Select(m => m.ConversationId).Distinct().ToListAsync(stop)).Select(id => id.Value));
        foreach (var chunk in marks.Chunk(500))
            ids.UnionWith((await db.Messages.Where(m => channelIds.Contains(m.ChannelId) && chunk.Contains(m.Id)).Select(m => m.ConversationId).Distinct().ToListAsync(stop)).Select(id => id.Value));

        if (ids.Count > 0) await db.Dialect.LockRowsAsync(db, "conversations", ids, stop);
        foreach (var chunk in ids.Select(id => new ConversationId(id)).Chunk(500))
            foreach (var conversation in await db.Conversations.Where(c => chunk.Contains(c.Id)).ToListAsync(stop)) batch.Remember(conversation);
        foreach (var (channel, customer, makes) in pairs)
        {
            batch._people[customer!.Id] = customer;
            if (!makes || batch._conversations.ContainsKey((channel, customer.Id)) || !batch._channels.TryGetValue(channel, out var home)) continue;
            var conversation = new Conversation { Id = ConversationId.New(now), ChannelId = channel, ChannelKind = home.Kind, CustomerId = customer.Id, CreatedAt = now, LastMessageAt = default };
            db.Add(conversation);
            batch.Remember(conversation);
        }
        foreach (var chunk in batch._byId.Values.Select(c => c.CustomerId).Where(id => !batch._people.ContainsKey(id)).Distinct().Chunk(500))
            foreach (var customer in await db.Customers.Where(c => chunk.Contains(c.Id)).ToListAsync(stop)) batch._people[customer.Id] = customer;

        // Messages are read after the lock: what another process stored meanwhile is seen.
        foreach (var chunk in about.Chunk(500))
            foreach (var message in await db.Messages.Where(m => channelIds.Contains(m.ChannelId) && chunk.Contains(m.ChannelMessageId!)).ToListAsync(stop)) batch.Remember(message);
        foreach (var chunk in marks.Chunk(500))
            foreach (var message in await db.Messages.Where(m => channelIds.Contains(m.ChannelId) && chunk.Contains(m.Id)).ToListAsync(stop)) batch.Remember(message);
        foreach (var chunk in about.Chunk(500))
            foreach (var word in await db.EarlyWords.Where(w => channelIds.Contains(w.ChannelId) && chunk.Contains(w.ChannelMessageId)).ToListAsync(stop))
                batch._early[(word.ChannelId, word.ChannelMessageId, word.Kind)] = word;
        return batch;
    }

    internal Conversation? ConversationOf(ChannelId channel, Person person) =>
        Customers.Of(channel, person) is { } customer ? _conversations.GetValueOrDefault((channel, customer.Id)) : null;

    internal Conversation ConversationOf(Message message) => _byId[message.ConversationId];

    internal Customer CustomerOf(Conversation conversation) => _people[conversation.CustomerId];

    internal Channel ChannelOf(ChannelId channel) => _channels[channel];

    internal Message? MessageOf(ChannelId channel, string id) => _messages.GetValueOrDefault((channel, id));

    /// <summary>Our own outgoing message by the id that travelled with it.</summary>
    internal Message? MarkedOf(ChannelId channel, string? mark) =>
        MessageId.TryParse(mark, null, out var id) && _marked.GetValueOrDefault(id) is { } message && message.ChannelId == channel ? message : null;

    internal string? SilentBecause(Conversation conversation) =>
        Gate.SilentBecause(_controls, _channels[conversation.ChannelId], conversation, CustomerOf(conversation));

    internal void Remember(Message message)
    {
        _marked[message.Id] = message;
        if (message.ChannelMessageId is { } id) _messages[(message.ChannelId, id)] = message;
    }

    /// <summary>Keeps news about a message that is not known yet; of two statuses the further one.</summary>
    internal void Keep(OrderClosrDb db, ChannelId channel, string id, EarlyKind kind, News news, DateTimeOffset now, ConversationId? conversation = null)
    {
        var json = JsonSerializer.Serialize(news, news.GetType(), Receiving.ExtrasJson);
        if (_early.TryGetValue((channel, id, kind), out var word))
        {
            if (kind != EarlyKind.Status || Message.IsForward(JsonSerializer.Deserialize<StatusNews>(word.News, Receiving.ExtrasJson)!.Status, ((StatusNews)news).Status)) word.News = json;
            return;
        }
        word = new() { Id = Id<EarlyWord>.New(now), ChannelId = channel, ChannelMessageId = id, Kind = kind, ConversationId = conversation, News = json, At = now };
        db.Add(word);
        _early[(channel, id, kind)] = word;
    }

    private void Remember(Conversation conversation)
    {
        _conversations[(conversation.ChannelId, conversation.CustomerId)] = conversation;
        _byId[conversation.Id] = conversation;
    }

    /// <summary>Whom the news is about.</summary>
    private static Person? PersonOf(News news) => news switch
    {
        MessageNews n => n.From,
        EchoNews n => n.To,
        EditNews n => n.From,
        UnsendNews n => n.From,
        ReferralNews n => n.From,
        ReactionNews n => n.From,
        StatusNews n => n.To,
        WatermarkNews n => n.By,
        ControlNews n => n.Customer,
        AdvertisingNews n => n.Customer,
        _ => null,
    };

    /// <summary>Only what a customer wrote or was written makes a customer and a conversation.</summary>
    private static bool Makes(News news) => news switch
    {
        MessageNews or ReferralNews or EchoNews { Origin: not EchoOrigin.Ours } => true,
        EditNews { ByBusiness: false } or UnsendNews { ByBusiness: false } => true,
        _ => false,
    };

    private static string? MessageIdOf(News news) => news switch
    {
        MessageNews n => n.Id,
        EchoNews n => n.Id,
        EditNews n => n.Id,
        UnsendNews n => n.Id,
        ReactionNews n => n.Id,
        StatusNews n => n.Id,
        _ => null,
    };

    private static MessageId? MarkOf(News news)
    {
        var mark = news switch { EchoNews n => n.Mark, StatusNews n => n.Mark, _ => null };
        return MessageId.TryParse(mark, null, out var id) ? id : null;
    }
}
