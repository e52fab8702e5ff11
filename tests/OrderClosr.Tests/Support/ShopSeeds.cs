using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Sandbox;
using OrderClosr.Shipping;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Support;

/// <summary>The small world of known shops.</summary>
internal static class ShopSeeds
{
    /// <summary>So many shops of one app have accounts at the sandbox.</summary>
    internal const int Most = 6;

    /// <summary>The accounts of shop <paramref name="n"/> at the sandbox, all subscribed to our app.</summary>
    internal static IEnumerable<MetaAccountSeed> AccountsOf(int n) =>
    [
        new("page", $"10100000000000{n + 1}", $"Shop {n + 1}", $"invented-page-token-{n + 1}") { Subscribed = true },
        new("instagram", $"17800000000000{n + 1}", $"shop.{n + 1}.dz", $"invented-instagram-token-{n + 1}") { Subscribed = true },
        new("whatsapp", $"10600000000000{n + 1}", $"Shop {n + 1}", $"invented-whatsapp-token-{n + 1}") { WabaId = $"20600000000000{n + 1}", DisplayPhone = $"21350000900{n + 1}", Subscribed = true },
    ];

    internal static async Task<Shop> AddAsync(TestApp app, int n)
    {
        Assert.True(n < Most, "One app has accounts at the sandbox for six shops.");
        var time = app.Get<TimeProvider>();
        var now = time.GetUtcNow();
        var id = WorkspaceId.New(now);
        var secrets = app.Get<SecretBox>();
        await using var scope = app.In(id);
        var db = scope.Db;
        db.Add(new Workspace { Id = id, Slug = $"shop-{n + 1}", Name = $"Shop {n + 1}", CreatedAt = now });

        var email = $"owner{n + 1}@example.test";
        var owner = new Account
        {
            Id = Guid.CreateVersion7(now), Name = $"Owner {n + 1}", CreatedAt = now, UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email,
            NormalizedEmail = email.ToUpperInvariant(), EmailConfirmed = true, SecurityStamp = Guid.NewGuid().ToString("N"), LockoutEnabled = true, PasswordHash = OwnerHash.Value,
        };
        db.Add(owner);
        db.Add(new Member { Id = MemberId.New(now), WorkspaceId = id, AccountId = owner.Id, Role = Role.Owner, CreatedAt = now });

        var channels = AccountsOf(n).Select(AddChannel).ToList();
        var products = new Dictionary<string, ProductId>();
        var variants = new Dictionary<string, VariantId>();
        AddProduct("robe", "Robe d'été", 3500, 3000, ("ROBE-M-NOIR", "M", "Noir", 5), ("ROBE-L-NOIR", "L", "Noir", 5));
        AddProduct("hijab", "Hijab soie de Médine", 1200, null, ("HIJAB-BEIGE", null, "Beige", null));
        AddProduct("sac", "Sac à main", 4200, null, ("SAC-CAMEL", null, "Camel", 2));
        foreach (var (wilaya, home, desk) in (ReadOnlySpan<(int, long, long)>)[(16, 400, 250), (31, 600, 400), (25, 600, 400), (9, 500, 300), (19, 600, 400), (6, 600, 400)])
            db.Add(new DeliveryFee { Id = Id<DeliveryFee>.New(now), WilayaCode = wilaya, Home = new Dinars(home), Desk = new Dinars(desk), DaysFrom = 1, DaysTo = 3 });
        await db.SaveChangesAsync();
        return new()
        {
            Id = id, Slug = $"shop-{n + 1}", Name = $"Shop {n + 1}", OwnerId = owner.Id, OwnerEmail = email,
            Messenger = channels[0], Instagram = channels[1], Whatsapp = channels[2], Products = products, Variants = variants,
        };

        ShopChannel AddChannel(MetaAccountSeed seed)
        {
            var kind = seed.Kind switch { "page" => ChannelKind.Messenger, "instagram" => ChannelKind.Instagram, _ => ChannelKind.Whatsapp };
            var channel = new Channel
            {
                Id = ChannelId.New(now), Kind = kind, ExternalId = seed.Id, ParentId = seed.WabaId ?? seed.PageId, Name = seed.Name, ConnectedAt = now,
                Token = secrets.Seal(id, "channel.token", seed.Token),
            };
            db.Add(channel);
            db.Add(new AccountRoute { Source = $"meta/{seed.Kind}", Account = seed.Id, WorkspaceId = id, Target = channel.Id.Value });
            if (seed.WabaId is { } waba) db.Add(new AccountRoute { Source = "meta/waba", Account = waba, WorkspaceId = id, Target = channel.Id.Value });
            return new(channel.Id, kind, seed.Id, seed.Token);
        }

        void AddProduct(string word, string name, long price, long? floor, params (string Sku, string? Size, string Colour, int? Stock)[] choices)
        {
            var product = new Product
            {
                Id = ProductId.New(now), Name = name, Price = new(price), FloorPrice = floor is { } f ? new Dinars(f) : null, CreatedAt = now,
                Search = Folding.Fold($"{name} {string.Join(' ', choices.Select(c => $"{c.Sku} {c.Size} {c.Colour}"))}"),
            };
            foreach (var choice in choices)
            {
                var options = new Dictionary<string, string>();
                if (choice.Size is not null) options["Taille"] = choice.Size;
                options["Couleur"] = choice.Colour;
                var variant = new Variant { Id = VariantId.New(now), ProductId = product.Id, Sku = choice.Sku, Options = options, Stock = choice.Stock, Position = product.Variants.Count };
                product.Variants.Add(variant);
                variants[choice.Sku] = variant.Id;
            }
            db.Add(product);
            products[word] = product.Id;
        }
    }

    // Hashing is slow on purpose: once per run is enough.
    private static readonly Lazy<string> OwnerHash = new(() => Argon2.Hash("une phrase assez longue"));
}
