using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Road.RoadWorld;

namespace OrderClosr.Tests.Road;

/// <summary>The main job, end to end: a customer writes on a phone, an order stands in the database. Only real doors between.</summary>
public sealed class BuyingTests
{
    private static readonly ChannelKind[] Channels = [ChannelKind.Messenger, ChannelKind.Instagram, ChannelKind.Whatsapp];

    /// <summary>The beginning of an Ogg file: what a voice note is known by.</summary>
    private static readonly string VoiceNote = Convert.ToBase64String([.. "OggS"u8, 0, 2, .. new byte[20], .. "OpusHead"u8, .. new byte[64]]);

    private sealed record Script(string Name, bool IsArabic, string[][] Bursts, string Lines, string Commune, Func<int, string> Phone, long Goods, long Fee);

    private static readonly Script[] Scripts =
    [
        new("darja in Arabic letters", true, [["سلام عليكم", "شحال الروبة تاع الصيف؟"], ["حابة وحدة كحلة M"], ["اسمي أمينة", "PHONE", "وهران", "بئر الجير"], ["نعم أكدها"]],
            "1 × Robe d'été, M / Noir", "Bir El Djir", n => $"٠٥٠٠٠٠٠٢{(char)('٠' + n)}٢", 3500, 600),
        new("Arabizi", false, [["slm khoya", "ch7al la robe?"], ["nheb zouj robes", "M ka7la"], ["smiti karim", "PHONE", "wahran", "bir el djir"], ["ih akedha"]],
            "2 × Robe d'été, M / Noir", "Bir El Djir", n => $"0500 00 03 {n}3", 7000, 600),
        new("French", false, [["Bonjour", "Quel est le prix du sac à main svp ?"], ["Je le prends"], ["Sarah Benali", "PHONE", "Sétif, El Eulma"], ["oui confirme"]],
            "1 × Sac à main, Camel", "El Eulma", n => $"+213 500 00 04 {n}4", 4200, 600),
        new("Arabic", true, [["السلام عليكم", "كم سعر الفستان؟"], ["أريد واحد مقاس L أسود"], ["الاسم محمد", "PHONE", "ولاية البليدة بلدية بوفاريك"], ["نعم"]],
            "1 × Robe d'été, L / Noir", "Boufarik", n => $"050000051{n}", 3500, 500),
    ];

    /// <summary>Twelve customers at once, so that the wait for the end of each burst is waited once.</summary>
    [Theory, OnBothDatabases]
    public async Task On_each_channel_in_each_script_a_customer_who_writes_in_bursts_buys(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        await world.EachAsync(from script in Scripts from channel in Channels select ($"{script.Name} on {channel}", (Func<Task>)(async () =>
        {
            var customer = world.Customer(channel);
            var replies = new List<string>();
            // Another phone on each channel: the same one would be a possible duplicate, which waits for a person.
            var phone = script.Phone((int)channel + 1);
            foreach (var burst in script.Bursts) replies.Add(await customer.AskAsync([.. burst.Select(b => b == "PHONE" ? phone : b)]));
            Said(replies);
            await customer.BoughtAsync(script.Lines, script.Commune, Phone.ReadAll(phone)[0].ToString(), script.Goods, 0, script.Fee);
            // The total was read back before the yes, in the customer's letters.
            Assert.Contains(Amount(script.Goods + script.Fee), Digits(replies[^2]), StringComparison.Ordinal);
            Assert.All(replies, r => Assert.Equal(script.IsArabic, r.Any(c => c is >= '\u0600' and <= '\u06FF')));
            Assert.Equal(HeldBy.Agent, (await customer.ConversationAsync())!.HeldBy);
        })));
        await world.NothingWrongWithPromptsAsync();
        await world.NothingIsLeftAsync();
    }

    [Theory, OnBothDatabases]
    public async Task Other_ways_to_buy_end_in_the_same_one_order(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        await world.EachAsync(
        [
            ("everything in one message", async () =>
            {
                var customer = world.Customer(ChannelKind.Whatsapp);
                Said([await customer.AskAsync("slm nheb robe M noir, smiti amine, 0500000016, bab ezzouar alger"), await customer.AskAsync("oui")]);
                await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Bab Ezzouar", "+213500000016", 3500, 0, 400);
            }),
            ("a changed mind", async () =>
            {
                var customer = world.Customer(ChannelKind.Messenger);
                foreach (var said in (string[])["nheb robe M noir, smiti amine, 0500000017, bab ezzouar alger", "la bedelha L", "dirli 2 safi", "badli commune hydra", "oui"]) Said([await customer.AskAsync(said)]);
                await customer.BoughtAsync("2 × Robe d'été, L / Noir", "Hydra", "+213500000017", 7000, 0, 400);
            }),
            ("a question in between", async () =>
            {
                var customer = world.Customer(ChannelKind.Instagram);
                Said([await customer.AskAsync("je veux une robe M noire, Amine Kaci, 0500000018, Bab Ezzouar Alger")]);
                Said([await customer.AskAsync("et la livraison prend combien de temps ?")]);
                Assert.Empty(await customer.OrdersAsync());
                Said([await customer.AskAsync("ok c'est bon je confirme")]);
                await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Bab Ezzouar", "+213500000018", 3500, 0, 400);
            }),
            ("yes but under the floor", async () =>
            {
                var customer = world.Customer(ChannelKind.Messenger);
                Said([await customer.AskAsync("je veux une robe M noire, Amine Kaci, 0500000019, Bab Ezzouar Alger")]);
                var reply = await customer.AskAsync("oui mais 2000");
                Assert.Empty(await customer.OrdersAsync());
                Assert.DoesNotContain("2000", Digits(reply), StringComparison.Ordinal);
                Said([reply, await customer.AskAsync("bon ok d'accord")]);
                await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Bab Ezzouar", "+213500000019", 3500, 0, 400);
            }),
            ("yes but at a price the shop allows", async () =>
            {
                var customer = world.Customer(ChannelKind.Whatsapp);
                Said([await customer.AskAsync("je veux une robe M noire, Amine Kaci, 0500000021, Bab Ezzouar Alger")]);
                // 3000 is the floor: it may be taken, but the yes was to another total.
                var reply = await customer.AskAsync("oui mais 3000");
                Assert.Empty(await customer.OrdersAsync());
                Assert.Contains("3400", Digits(reply), StringComparison.Ordinal);
                Said([reply, await customer.AskAsync("oui")]);
                await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Bab Ezzouar", "+213500000021", 3500, 500, 400);
            }),
            ("a cart of the WhatsApp catalogue", async () =>
            {
                var customer = world.Customer(ChannelKind.Whatsapp);
                await customer.DoAsync(new { name = "Amina", order = new { items = new[] { new { retailer_id = "ROBE-M-NOIR", quantity = 2, price = 1 }, new { retailer_id = "HIJAB-BEIGE", quantity = 1, price = 1 } }, text = "" } });
                Said([await customer.HearAsync(), await customer.AskAsync("smiti amina", "0500000022", "wahran bir el djir"), await customer.AskAsync("oui")]);
                // The prices the customer's phone showed count for nothing.
                await customer.BoughtAsync("2 × Robe d'été, M / Noir + 1 × Hijab soie de Médine, Beige", "Bir El Djir", "+213500000022", 8200, 0, 600);
            }),
            ("a wilaya whose short name is also a town elsewhere", async () =>
            {
                await using (var scope = world.App.In(world.Shop.Id))
                {
                    scope.Db.Add(new DeliveryFee { Id = Id<DeliveryFee>.New(world.App.Get<TimeProvider>().GetUtcNow()), WilayaCode = 15, Home = new Dinars(550), Desk = new Dinars(450) });
                    await scope.Db.SaveChangesAsync();
                }
                var customer = world.Customer(ChannelKind.Messenger);
                var asked = await customer.AskAsync("ch7al livraison l Tizi");
                Assert.Contains("Tizi Ouzou, Tizi (Mascara)", asked, StringComparison.Ordinal);
                Assert.DoesNotMatch(@"\d{3}", asked);
                var told = await customer.AskAsync("Tizi Ouzou");
                Assert.Contains("550", told, StringComparison.Ordinal);
                Said([asked, told, await customer.AskAsync("nheb robe M noir, smiti amine, 0500000026, Azazga, Tizi Ouzou"), await customer.AskAsync("oui")]);
                await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Azazga", "+213500000026", 3500, 0, 550);
            }),
            ("a voice note in between", async () =>
            {
                var customer = world.Customer(ChannelKind.Whatsapp);
                Said([await customer.AskAsync("je veux une robe M noire, Amine Kaci, 0500000023, Bab Ezzouar Alger")]);
                await customer.DoAsync(new { name = "Amina", audio = VoiceNote });
                // Nobody guesses what it says: the customer is told, a person has to listen.
                var told = await customer.HearAsync();
                Said([told]);
                Assert.NotEmpty(told);
                var waiting = (await customer.ConversationAsync())!;
                Assert.Equal((HeldBy.Nobody, "media"), (waiting.HeldBy, waiting.HandOverReason));
                Assert.Empty(await customer.OrdersAsync());
                await Eventually.HoldsAsync(async () => (await customer.HeardOfAsync())[^1] is { Kind: MessageKind.Audio, Attachments: [{ MediaType: "audio/ogg", File: not null }] });
                using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
                using var given = await owner.PostAsync($"/w/{world.Shop.Slug}/inbox/{waiting.Id}/release");
                // What it said may have changed the order: it is read back again before a yes counts.
                Said([await customer.AskAsync("oui je confirme")]);
                Assert.Empty(await customer.OrdersAsync());
                Said([await customer.AskAsync("oui")]);
                await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Bab Ezzouar", "+213500000023", 3500, 0, 400);
            }),
        ]);
        await world.NothingWrongWithPromptsAsync();
        await world.NothingIsLeftAsync();
    }

    private static string Amount(long dinars) => dinars.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
