using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Bench;

/// <summary>A shop with one WhatsApp number, made directly in the database before a server is measured on it.</summary>
internal static class BenchShop
{
    internal const string Slug = "bench", PhoneNumberId = "106000000000009", Email = "owner@bench.example", Password = "a long bench password";

    internal static readonly string FernetKey = OrderClosr.Ground.Secrets.FernetKey.Generate();

    /// <summary>Settings of an app on this database; nothing of it leaves the machine.</summary>
    internal static Dictionary<string, string?> Settings(BenchDatabase database, string vendors = "http://127.0.0.1:9") => new()
    {
        ["ConnectionStrings:OrderClosr"] = database.ConnectionString, ["Data:Folder"] = database.Folder, ["FERNET_KEYS"] = FernetKey,
        ["Meta:AppId"] = "1", ["Meta:AppSecret"] = Webhooks.Secret, ["Meta:InstagramAppSecret"] = Webhooks.Secret, ["Meta:VerifyToken"] = "bench",
        ["Meta:GraphUrl"] = $"{vendors}/meta", ["Meta:InstagramGraphUrl"] = $"{vendors}/meta", ["Claude:ApiKey"] = "bench", ["Claude:BaseUrl"] = $"{vendors}/claude",
        ["Logging:LogLevel:Default"] = "Warning", ["DOTNET_ENVIRONMENT"] = "Production",
    };

    /// <summary>Migrates and makes the shop with so many past conversations of three messages each.</summary>
    internal static async Task MakeAsync(BenchDatabase database, int conversations)
    {
        await using var app = App.Build([], Settings(database));
        await App.MigrateAsync(app.Services);
        var now = TimeProvider.System.GetUtcNow();
        var id = WorkspaceId.New(now);
        var channelId = ChannelId.New(now);
        await using (var scope = app.Services.GetRequiredService<WorkspaceScopes>().Open(id))
        {
            var owner = NewAccount("Owner", Email, Argon2.Hash(Password), now);
            scope.Db.AddRange(new Workspace { Id = id, Slug = Slug, Name = "Bench", CreatedAt = now }, owner,
                new Member { Id = MemberId.New(now), WorkspaceId = id, AccountId = owner.Id, Role = Role.Owner, CreatedAt = now },
                new Channel { Id = channelId, Kind = ChannelKind.Whatsapp, ExternalId = PhoneNumberId, ParentId = "206", Name = "Bench", ConnectedAt = now, Token = scope.Get<SecretBox>().Seal(id, "channel.token", "bench-token") },
                new AccountRoute { Source = "meta/whatsapp", Account = PhoneNumberId, WorkspaceId = id, Target = channelId.Value });
            await scope.Db.SaveChangesAsync();
        }
        for (var from = 0; from < conversations; from += 2000)
        {
            await using var scope = app.Services.GetRequiredService<WorkspaceScopes>().Open(id);
            scope.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var n = from; n < Math.Min(conversations, from + 2000); n++) Add(scope.Db, channelId, n, now.AddMinutes(-conversations + n - 10));
            await scope.Db.SaveChangesAsync();
        }
    }

    /// <summary>An account that may sign in at once.</summary>
    internal static Account NewAccount(string name, string email, string hash, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), Name = name, CreatedAt = now, UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(),
        EmailConfirmed = true, SecurityStamp = Guid.NewGuid().ToString("N"), PasswordHash = hash,
    };

    /// <summary>The shop's id, for reading what became of it.</summary>
    internal static async Task<WorkspaceId> IdAsync(IServiceProvider services)
    {
        await using var none = services.GetRequiredService<WorkspaceScopes>().OpenNone();
        return await none.Db.Set<Workspace>().Where(w => w.Slug == Slug).Select(w => w.Id).SingleAsync();
    }

    private static void Add(Ground.Data.OrderClosrDb db, ChannelId channel, int n, DateTimeOffset at)
    {
        var customer = new Customer { Id = CustomerId.New(at), Name = $"Client {n}", Phones = [$"+2137{n:00000000}"], Search = $"client {n}", CreatedAt = at };
        var conversation = new Conversation
        {
            Id = ConversationId.New(at), ChannelId = channel, ChannelKind = ChannelKind.Whatsapp, CustomerId = customer.Id, CreatedAt = at, LastMessageAt = at.AddMinutes(2), LastCustomerActionAt = at,
            LastSeq = 3, AnsweredUpTo = 3, Preview = "شكرا، تم التأكيد. الدفع عند الاستلام.", PreviewAuthor = Author.Agent, HeldBy = n % 20 == 0 ? HeldBy.Person : HeldBy.Agent, Unread = n % 10 == 0 ? 1 : 0,
        };
        db.AddRange(customer, conversation, new CustomerHandle { Id = Id<CustomerHandle>.New(at), CustomerId = customer.Id, ChannelId = channel, Kind = HandleKind.WaId, Handle = $"2137{n:00000000}" });
        for (var seq = 1; seq <= 3; seq++)
            db.Add(new Message
            {
                Id = MessageId.New(at), ConversationId = conversation.Id, ChannelId = channel, Seq = seq, ChannelMessageId = $"bench.{n}.{seq}", Direction = seq == 2 ? Direction.Out : Direction.In,
                Author = seq == 2 ? Author.Agent : Author.Customer, Kind = MessageKind.Text, Text = "سلام، شحال هذي الروبة؟", Status = MessageStatus.Stored, At = at.AddMinutes(seq - 1), StoredAt = at.AddMinutes(seq - 1),
            });
    }
}
