using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Verbs.Demo;

/// <summary>Plays the stories of the demo shop's week into the database, through the verbs of the rooms, each at its own time.</summary>
internal sealed class DemoWeek(WorkspaceScope scope, IReadOnlyDictionary<ChannelKind, Channel> channels, Guid owner, TimeProvider time)
{
    private OrderClosrDb Db => scope.Db;

    internal async Task PlayAsync(CancellationToken stop)
    {
        var products = await Db.Products.AsNoTracking().Include(p => p.Variants).ToListAsync(stop);
        var prices = products.SelectMany(p => p.Variants.Select(v => (v.Sku, Price: v.Price ?? p.Price))).ToDictionary(v => v.Sku, v => v.Price);
        foreach (var story in DemoStory.ReadAll())
        {
            await PlayAsync(story, prices, stop);
            Db.ChangeTracker.Clear();
        }
    }

    private async Task PlayAsync(DemoStory story, IReadOnlyDictionary<string, Dinars> prices, CancellationToken stop)
    {
        var kind = Enum.Parse<ChannelKind>(story.Channel, ignoreCase: true);
        var channel = channels[kind];
        var begun = AlgiersTime.StartOf(time.TodayInAlgiers().AddDays(-story.DaysAgo)) + story.At.ToTimeSpan();
        // Nothing of the demo lies in the future, whenever of the day it is made.
        if (begun > time.GetUtcNow().AddMinutes(-20)) begun = begun.AddDays(-1);
        var phone = Phone.Stored("+213" + story.Phone[1..]);

        var customer = new Customer { Id = CustomerId.New(begun), Name = story.Name, Phones = [phone.E164], CreatedAt = begun };
        customer.Search = KnownCustomers.SearchOf(customer);
        var conversation = new Conversation { Id = ConversationId.New(begun), ChannelId = channel.Id, ChannelKind = kind, CustomerId = customer.Id, CreatedAt = begun };
        Db.AddRange(customer, conversation, Handle(customer, channel, kind, phone, begun));

        var order = story.Outcome[0].StartsWith("order ", StringComparison.Ordinal) ? await DraftAsync(story, customer, conversation, begun, stop) : null;
        var said = Say(story, conversation, order, prices, begun);
        await Db.SaveChangesAsync(stop);
        if (order is not null) await MoveAsync(story, order, said, stop);
        if (story.Outcome[0].StartsWith("lead ", StringComparison.Ordinal)) await LeadAsync(story, customer, conversation, said, stop);
    }

    private static CustomerHandle Handle(Customer customer, Channel channel, ChannelKind kind, Phone phone, DateTimeOffset at) => new()
    {
        Id = Id<CustomerHandle>.New(at), CustomerId = customer.Id, ChannelId = channel.Id,
        Kind = kind switch { ChannelKind.Messenger => HandleKind.PageScoped, ChannelKind.Instagram => HandleKind.InstagramScoped, _ => HandleKind.WaId },
        Handle = kind == ChannelKind.Whatsapp ? phone.DigitsOnly : $"70{phone.DigitsOnly[3..]}",
    };

    private async Task<Order> DraftAsync(DemoStory story, Customer customer, Conversation conversation, DateTimeOffset at, CancellationToken stop)
    {
        var items = story.Outcome[0].Split(' ')[2].Split(',').Select(i => i.Split('*')).Select(i => new DraftItem(null, null, int.Parse(i[1], CultureInfo.InvariantCulture), Sku: i[0])).ToList();
        var isAddressed = story.Outcome[1].Length > 0;
        var order = new Order { Id = OrderId.New(at), CustomerId = customer.Id, ConversationId = conversation.Id, Origin = OrderOrigin.Agent, CreatedAt = at.AddMinutes(1) };
        var change = new DraftChange
        {
            Items = items, Wilaya = isAddressed ? story.Outcome[1] : null, Commune = isAddressed ? story.Outcome[2] : null, Name = isAddressed ? story.Name : null,
            Phone = isAddressed ? story.Phone : null, Address = story.Outcome[4], Delivery = story.Outcome[3] == "desk" ? Delivery.Desk : Delivery.Home,
        };
        var view = await scope.Get<Drafts>().ApplyAsync(order, change, stop);
        if (!view.Ok) throw new InvalidOperationException($"The demo's own story is refused: {story.Name}: {view.Refusal.Code}.");
        Db.Add(order);
        return order;
    }

    /// <summary>Writes the messages and answers them by their place in the talk.</summary>
    private List<Message> Say(DemoStory story, Conversation conversation, Order? order, IReadOnlyDictionary<string, Dinars> prices, DateTimeOffset begun)
    {
        var said = new List<Message>();
        var at = begun;
        foreach (var (line, i) in story.Lines.Select((line, i) => (line, i)))
        {
            at = at.AddSeconds(line.Who == 'c' ? 35 + i * 7 % 40 : 6 + i % 3);
            var author = line.Who switch { 'c' => Author.Customer, 'a' => Author.Agent, _ => Author.Member };
            said.Add(new()
            {
                Id = MessageId.New(at), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = i + 1, ChannelMessageId = $"demo.{conversation.Id}.{i + 1}",
                Direction = author == Author.Customer ? Direction.In : Direction.Out, Author = author, AccountId = author == Author.Member ? owner : null, Kind = MessageKind.Text,
                Text = Fill(line.Text, order, prices, arabic: story.Language.EndsWith("arabic", StringComparison.Ordinal)),
                Status = author == Author.Customer ? MessageStatus.Stored : MessageStatus.Read, At = at, StoredAt = at,
            });
        }
        Db.AddRange(said);
        var last = said[^1];
        var lastOfCustomer = said.Last(m => m.Author == Author.Customer);
        (conversation.LastSeq, conversation.AnsweredUpTo, conversation.LastMessageAt, conversation.LastCustomerActionAt) = (last.Seq, last.Seq, last.At, lastOfCustomer.At);
        (conversation.Preview, conversation.PreviewAuthor, conversation.Language) = (last.Text.Length > 120 ? last.Text[..120] : last.Text, last.Author, story.Language.Split(' ')[0]);
        if (story.Outcome[0].StartsWith("handed ", StringComparison.Ordinal))
        {
            var taken = said.Any(m => m.Author == Author.Member);
            (conversation.HeldBy, conversation.HandOverReason, conversation.HandOverNote) = (taken ? HeldBy.Person : HeldBy.Nobody, story.Outcome[0].Split(' ')[1], story.Outcome[1]);
            (conversation.HeldByAccount, conversation.HeldSince, conversation.ResumesAt) = (taken ? owner : null, last.At, time.GetUtcNow().AddHours(12));
            conversation.Unread = last.Author == Author.Customer ? 1 : 0;
        }
        return said;
    }

    private static string Fill(string text, Order? order, IReadOnlyDictionary<string, Dinars> prices, bool arabic)
    {
        text = text.Replace("{fee}", Say(order?.DeliveryFee), StringComparison.Ordinal).Replace("{total}", Say(order?.Total), StringComparison.Ordinal)
            .Replace("{free}", Say(DemoFees.FreeFrom), StringComparison.Ordinal);
        while (text.IndexOf("{p:", StringComparison.Ordinal) is var from and >= 0)
        {
            var to = text.IndexOf('}', from);
            text = text[..from] + Say(prices[text[(from + 3)..to]]) + text[(to + 1)..];
        }
        return text;

        string Say(Dinars? amount) => amount is { } a ? a.Digits + (arabic ? " دج" : " DA") : "";
    }

    private async Task MoveAsync(DemoStory story, Order order, List<Message> said, CancellationToken stop)
    {
        var state = story.Outcome[0].Split(' ')[1];
        if (state == "draft") return;
        var yes = said.Last(m => m.Author == Author.Customer);
        var at = yes.At.AddSeconds(5);
        var byCustomer = new Cause(ActorKind.Customer, at, MessageId: yes.Id);
        var confirm = scope.Get<ConfirmOrder>();
        if (state is "confirmed" or "cancelled")
        {
            var confirmed = Must(await confirm.RunAsync(order.Id, null, byCustomer, stop));
            if (state == "confirmed" && confirmed.State != OrderState.Confirmed) Must(await confirm.RunAsync(order.Id, null, ByMember(at.AddMinutes(12)), stop));
        }
        else
        {
            Must(await confirm.QueueAsync(order.Id, new(ActorKind.Agent, at, MessageId: yes.Id), stop));
        }
        var why = story.Outcome.Count > 5 ? story.Outcome[5] : null;
        switch (state)
        {
            case "cancelled":
                Must(await scope.Get<CancelOrder>().RunAsync(order.Id, why is "changed_mind" or "too_far" ? byCustomer with { At = at.AddMinutes(1), Reason = why } : ByMember(at.AddHours(2), why), stop));
                break;
            case "contacting":
                Must(await scope.Get<FollowOrder>().NotReachedAsync(order.Id, ByMember(at.AddMinutes(40), why), stop));
                break;
            case "postponed":
                Must(await scope.Get<FollowOrder>().PostponeAsync(order.Id, ByMember(at.AddMinutes(15), why) with { Until = time.GetUtcNow().AddDays(4) }, stop));
                break;
        }

        Cause ByMember(DateTimeOffset when, string? reason = null) => new(ActorKind.Member, when, reason, owner);
        Order Must(Result<Order> result) => result.Ok ? result.Value : throw new InvalidOperationException($"The demo's own order is refused: {story.Name}: {result.Refusal.Code}.");
    }

    private async Task LeadAsync(DemoStory story, Customer customer, Conversation conversation, List<Message> said, CancellationToken stop)
    {
        var sku = story.Outcome[0].Split(' ')[1];
        var product = await Db.Products.AsNoTracking().Where(p => p.Variants.Any(v => v.Sku == sku)).Select(p => p.Id).SingleAsync(stop);
        Db.Add(new Lead { Id = Id<Lead>.New(said[^1].At), CustomerId = customer.Id, ConversationId = conversation.Id, ProductId = product, Note = said[0].Text, At = said[^1].At });
        await Db.SaveChangesAsync(stop);
    }
}
