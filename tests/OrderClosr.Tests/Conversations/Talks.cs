using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Conversations;

/// <summary>Writes conversations into a shop as if they had happened, for pages that show them.</summary>
internal static class Talks
{
    /// <summary>One conversation with its messages; each text is a customer's unless it begins with <c>agent:</c> or <c>member:</c>.</summary>
    internal static async Task<ConversationId> AddAsync(TestApp app, Shop shop, ChannelKind kind, string name, DateTimeOffset last, string[] texts, Action<Conversation>? change = null, Action<IReadOnlyList<Message>>? messages = null)
    {
        await using var scope = app.In(shop.Id);
        var now = app.Get<TimeProvider>().GetUtcNow();
        var customer = new Customer { Id = CustomerId.New(now), Name = name, CreatedAt = last.AddDays(-20), Search = Folding.Fold(name) };
        var conversation = new Conversation { Id = ConversationId.New(now), ChannelId = shop.On(kind).Id, ChannelKind = kind, CustomerId = customer.Id, CreatedAt = last.AddHours(-2), LastMessageAt = last, LastCustomerActionAt = last };
        var all = new List<Message>();
        foreach (var text in texts)
        {
            var author = text.StartsWith("agent:", StringComparison.Ordinal) ? Author.Agent : text.StartsWith("member:", StringComparison.Ordinal) ? Author.Member : Author.Customer;
            var words = author == Author.Customer ? text : text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
            var at = last.AddMinutes(-2 * (texts.Length - all.Count - 1));
            all.Add(new()
            {
                Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = all.Count + 1, ChannelMessageId = Guid.NewGuid().ToString("N"),
                Direction = author == Author.Customer ? Direction.In : Direction.Out, Author = author, AccountId = author == Author.Member ? shop.OwnerId : null, Kind = MessageKind.Text, Text = words,
                At = at, StoredAt = at, Status = author == Author.Customer ? MessageStatus.Stored : MessageStatus.Read,
            });
        }
        conversation.LastSeq = all.Count;
        conversation.AnsweredUpTo = all.Count;
        messages?.Invoke(all);
        conversation.Show(all[^1]);
        change?.Invoke(conversation);
        scope.Db.Add(customer);
        scope.Db.Add(conversation);
        scope.Db.AddRange(all);
        await scope.Db.SaveChangesAsync();
        return conversation.Id;
    }

    /// <summary>The morning of the mock-ups: three wait for a person, one is with the owner, others with the agent.</summary>
    internal static async Task<ConversationId> AddMorningAsync(TestApp app, Shop shop)
    {
        var now = app.Get<TimeProvider>().GetUtcNow();
        await AddAsync(app, shop, ChannelKind.Whatsapp, "Walid Hamdi", now.AddMinutes(-12), ["لحقني الكولي مكسر، حاب نبدلو"], c => Waits(c, "damaged", 12));
        await AddAsync(app, shop, ChannelKind.Messenger, "Nadia Kaci", now.AddMinutes(-4), [""], c => Waits(c, "voice_note", 4), m => m[0].Kind = MessageKind.Audio);
        await AddAsync(app, shop, ChannelKind.Instagram, "imane.rahmani", now.AddMinutes(-1), ["بغيت 50 حبة للمحل تاعي"], c => Waits(c, "price", 1));
        await AddAsync(app, shop, ChannelKind.Whatsapp, "Karim Zerrouki", now.AddMinutes(-1), ["2 pièces, l'eulma bureau"]);
        await AddAsync(app, shop, ChannelKind.Messenger, "Meriem Touati", now.AddMinutes(-5), ["صح مليح، سجلها"]);
        await AddAsync(app, shop, ChannelKind.Instagram, "houda.boufarik", now.AddMinutes(-34), ["Toujours dispo ?"]);
        await AddAsync(app, shop, ChannelKind.Whatsapp, "Rachid Mansouri", now.AddHours(-27), ["Merci bcp"]);
        return await AddAsync(app, shop, ChannelKind.Whatsapp, "Amina Belkacem", now.AddMinutes(-2),
        [
            "السلام، شحال السومة تاع الصباط لي في التصويرة؟", "agent:وعليكم السلام، هذا Basket Nour، السومة 3 900 دج. كاين من 36 حتى 41، أكحل وبيج. واش من نمرة تلبسي؟", "39 كحلة", "ch7al livraison l wahran?",
            "agent:كاين 39 أكحل. التوصيل لوهران 600 دج للدار، 400 دج للمكتب. واش من بلدية، ودار ولا مكتب؟", "bir el djir, hay el yasmine 9bal la pharmacie. l dar", "Amina Belkacem 0500 00 00 12",
            "member:معاك سارة. تقدري تحلي الكولي قبل ما تخلصي، وإذا ما جاتكش نبدلوهالك في 3 أيام.", "C bon, confirmiha",
        ], c =>
        {
            (c.HeldBy, c.HeldByAccount, c.HandOverReason, c.HeldSince) = (HeldBy.Person, shop.OwnerId, "taken", now.AddMinutes(-6));
            (c.FirstUnansweredAt, c.AnsweredUpTo, c.Unread) = (now.AddMinutes(-2), 8, 1);
        });

        void Waits(Conversation c, string reason, int minutes)
        {
            (c.HeldBy, c.HandOverReason, c.HeldSince, c.FirstUnansweredAt, c.Unread) = (HeldBy.Nobody, reason, now.AddMinutes(-minutes), now.AddMinutes(-minutes), 1);
            c.SilentBecause = "closed";
        }
    }
}
