using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Web.Api;
using OrderClosr.Workspaces;

namespace OrderClosr.Verbs.Demo;

/// <summary>A shop the demo is to have.</summary>
public sealed record DemoShop(string Slug, string Name, string OwnerName, string OwnerEmail, string OwnerPassword, IReadOnlyList<DemoChannel> Channels);

/// <summary>One of its channels at the vendor.</summary>
public sealed record DemoChannel(ChannelKind Kind, string ExternalId, string? ParentId, string Name, string Token);

/// <summary>Fills an empty database with the demo's two shops: catalogue with photos, fees, and for the first one 40 customers and their week.</summary>
public sealed class SeedDemo(WorkspaceScopes scopes, SecretBox secrets, IChannelVendor vendor, TimeProvider time)
{
    /// <summary>True once a shop of that slug is there: the demo then continues with what it has.</summary>
    public async Task<bool> IsDoneAsync(string slug, CancellationToken stop)
    {
        await using var scope = scopes.OpenNone();
        return await scope.Db.Set<Workspace>().AnyAsync(w => w.Slug == slug, stop);
    }

    /// <summary>Makes a shop and answers a key of its API. <paramref name="withWeek"/> adds customers, conversations and orders.</summary>
    public async Task<string> MakeAsync(DemoShop shop, bool withWeek, CancellationToken stop)
    {
        var opened = time.GetUtcNow().AddDays(-30);
        var id = WorkspaceId.New(opened);
        await using var scope = scopes.Open(id);
        var db = scope.Db;
        var owner = Owner(shop, opened);
        var channels = new Dictionary<ChannelKind, Channel>();
        await db.InTransactionAsync(async () =>
        {
            db.Add(new Workspace { Id = id, Slug = shop.Slug, Name = shop.Name, CreatedAt = opened });
            db.Add(owner);
            db.Add(new Member { Id = MemberId.New(opened), WorkspaceId = id, AccountId = owner.Id, Role = Role.Owner, CreatedAt = opened });
            foreach (var channel in shop.Channels) channels[channel.Kind] = AddChannel(db, id, channel, opened);
            foreach (var fee in DemoFees.All(opened)) db.Add(fee);
            db.Add(new DeliveryPolicy { Id = Id<DeliveryPolicy>.New(opened), FreeFrom = DemoFees.FreeFrom, Notes = "Paiement à la livraison. Le client peut ouvrir le colis avant de payer. Échange sous 7 jours." });
            db.Add(new AgentSettings
            {
                Id = Id<AgentSettings>.New(opened), Tone = "Chaleureux et bref, comme une vendeuse du quartier.",
                Rules = "Vente au détail seulement ; à partir de 50 pièces, passer la main. Pas de paiement par carte.",
                SoonMessage = "Merci pour votre message, on vous répond très vite.", ProposesComplaints = withWeek, ProposesWholesale = withWeek,
            });
            await db.SaveChangesAsync(stop);
        }, stop);
        await AddCatalogueAsync(scope, withWeek ? DemoCatalogue.DarLina : DemoCatalogue.TechnoSetif, opened, stop);
        if (withWeek) await new DemoWeek(scope, channels, owner.Id, time).PlayAsync(stop);
        if (withWeek) await DemoPlan.AddAsync(scope, shop.Name, time, stop);
        return (await scope.Get<ApiKeys>().MakeAsync("Demo", owner.Id, stop)).Key;
    }

    private static Account Owner(DemoShop shop, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at), Name = shop.OwnerName, CreatedAt = at, UserName = shop.OwnerEmail, NormalizedUserName = shop.OwnerEmail.ToUpperInvariant(),
        Email = shop.OwnerEmail, NormalizedEmail = shop.OwnerEmail.ToUpperInvariant(), EmailConfirmed = true, LockoutEnabled = true,
        SecurityStamp = Guid.NewGuid().ToString("N"), PasswordHash = Argon2.Hash(shop.OwnerPassword),
    };

    private Channel AddChannel(OrderClosrDb db, WorkspaceId workspace, DemoChannel channel, DateTimeOffset at)
    {
        var row = new Channel
        {
            Id = ChannelId.New(at), Kind = channel.Kind, ExternalId = channel.ExternalId, ParentId = channel.ParentId, Name = channel.Name, ConnectedAt = at, LastEventAt = time.GetUtcNow(),
            Token = secrets.Seal(workspace, "channel.token", channel.Token),
        };
        db.Add(row);
        foreach (var (source, account) in vendor.RoutesOf(channel.Kind, channel.ExternalId, channel.ParentId))
            db.Add(new AccountRoute { Source = source, Account = account, WorkspaceId = workspace, Target = row.Id.Value });
        db.Later(new CheckChannel(row.Id), time.GetUtcNow());
        return row;
    }

    private static async Task AddCatalogueAsync(WorkspaceScope scope, IReadOnlyList<DemoProduct> products, DateTimeOffset at, CancellationToken stop)
    {
        foreach (var product in products)
        {
            var row = product.ToProduct(at);
            scope.Db.Add(row);
            await scope.Db.SaveChangesAsync(stop);
            foreach (var photo in product.Photos)
            {
                await using var stream = typeof(SeedDemo).Assembly.GetManifestResourceStream($"OrderClosr.Verbs.Demo.Photos.{photo}.jpg")!;
                await scope.Get<Photos>().AddAsync(row.Id, stream, stop);
            }
        }
    }
}
