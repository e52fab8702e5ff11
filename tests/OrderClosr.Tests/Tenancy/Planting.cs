using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OrderClosr.Cash;
using OrderClosr.Agent;
using OrderClosr.Billing;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Tenancy;

/// <summary>A shop with a row in every table of a workspace, each with the shop's own word in its texts, so that a single word that leaks is seen.</summary>
internal sealed class Planting
{
    private readonly Dictionary<Type, Guid> _ids = [];

    /// <summary>Stands in every text of the shop and in nobody else's.</summary>
    internal required string Word { get; init; }

    internal required Shop Shop { get; init; }

    /// <summary>Name of the file of a photo in the shop's media folder.</summary>
    internal string File { get; private set; } = "";

    /// <summary>The id of the planted row of a kind; null when there is no such table.</summary>
    internal Guid? IdOf(Type entity) => _ids.TryGetValue(entity, out var id) ? id : null;

    /// <summary>The phone of the shop's customer; another one in each shop.</summary>
    internal string Phone => Word.EndsWith('b') ? "+213500009998" : "+213500009997";

    /// <summary>Text that finds the shop's rows in any search without holding its word.</summary>
    internal const string Searched = "zlabiya";

    /// <summary>Far above what a shop's own numbers reach in a test.</summary>
    private static int _number = 50_000;

    internal static async Task<Planting> AddAsync(TestApp app, Shop shop, string word)
    {
        // Days that the clock counts anew would take the planted marks and figures with them.
        await app.RestsAsync();
        var planting = new Planting { Shop = shop, Word = word };
        await planting.AddAsync(app);
        return planting;
    }

    private async Task AddAsync(TestApp app)
    {
        await using var scope = app.In(Shop.Id);
        var db = scope.Db;
        // A past moment and no DueAt: nothing that runs by itself touches these rows.
        var now = app.Get<TimeProvider>().GetUtcNow();
        var text = $"{Word} {Searched}";

        var workspace = await db.Set<Workspace>().SingleAsync(w => w.Id == Shop.Id);
        workspace.Name = $"Boutique {Word}";
        File = await FileAsync(app, now);

        var product = Keep(new Product { Id = ProductId.New(now), Name = text, Price = new(3100), Description = text, AgentNotes = text, Search = Folding.Fold(text), CreatedAt = now });
        product.Variants.Add(Keep(new Variant { Id = VariantId.New(now), ProductId = product.Id, Sku = $"SKU-{Guid.NewGuid():N}", Options = new() { ["Taille"] = Word }, Stock = 9 }));
        product.Photos.Add(Keep(new Photo { Id = PhotoId.New(now), ProductId = product.Id, File = File, MediaType = "image/png" }));
        var customer = Keep(new Customer { Id = CustomerId.New(now), Name = text, Phones = [Phone], Search = Folding.Fold(text), CreatedAt = now });
        var handle = Keep(new CustomerHandle { Id = Id<CustomerHandle>.New(now), CustomerId = customer.Id, ChannelId = Shop.Messenger.Id, Kind = HandleKind.PageScoped, Handle = $"{Guid.NewGuid():N}" });
        var conversation = Keep(new Conversation
        {
            Id = ConversationId.New(now), ChannelId = Shop.Messenger.Id, ChannelKind = ChannelKind.Messenger, CustomerId = customer.Id, LastSeq = 2, AnsweredUpTo = 2, LastMessageAt = now,
            LastCustomerActionAt = now, Preview = text, Summary = text, HandOverNote = text, Unread = 1, CreatedAt = now,
        });
        var message = Keep(new Message
        {
            Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = 1, ChannelMessageId = $"m_{Guid.NewGuid():N}", Direction = Direction.In,
            Author = Author.Customer, Kind = MessageKind.Image, Text = text, At = now, StoredAt = now,
        });
        message.Attachments.Add(Keep(new Attachment { Id = Id<Attachment>.New(now), MessageId = message.Id, Position = 0, Kind = MessageKind.Image, File = File, MediaType = "image/png" }));
        var order = Keep(new Order
        {
            Id = OrderId.New(now), State = OrderState.ToConfirm, Number = Interlocked.Increment(ref _number), CustomerId = customer.Id, ConversationId = conversation.Id, Name = text, Phone = OrderClosr.Ground.Values.Phone.Stored(Phone),
            WilayaCode = 31, CommuneCode = 3101, Address = text, Note = text, Goods = new(3100), DeliveryFee = new(600), Total = new(3700), IsFeeKnown = true, CreatedAt = now,
        });
        order.Lines.Add(Keep(new OrderLine { Id = Id<OrderLine>.New(now), OrderId = order.Id, ProductId = product.Id, VariantId = product.Variants[0].Id, Name = text, Quantity = 1, ListPrice = new(3100), UnitPrice = new(3100) }));
        var job = Keep(new Job { Id = Id<Job>.New(now), Kind = "send_message", Lane = "work/x", OrderKey = Word, Payload = "{}", CreatedAt = now, DueAt = now, State = JobState.Refused, LastFailure = text, FinishedAt = now });
        var import = Keep(new CatalogueImport
        {
            Id = Id<CatalogueImport>.New(now), AccountId = Shop.OwnerId, FileName = text, CreatedAt = now, ExpiresAt = now.AddHours(1), Plan = System.Text.Json.JsonSerializer.Serialize(new ImportPlanning([]).Plan(CatalogueFile.Read(
                System.Text.Encoding.UTF8.GetBytes($"nom;prix\n{text};3000\n")).Value), System.Text.Json.JsonSerializerOptions.Default),
        });
        var look = Keep(new SlipLook
        {
            Id = Id<SlipLook>.New(now), AccountId = CourierAccountId.New(now), LookedBy = Shop.OwnerId, FileName = text, FileHash = $"{Guid.NewGuid():N}", CreatedAt = now, ExpiresAt = now.AddHours(1),
            Sheet = [new(1, ["Tracking", "Montant"]), new(2, [text, "3000"])], Columns = new() { Tracking = 0, Collected = 1 },
        });
        var proposal = Keep(new Proposal { Id = Id<Proposal>.New(now), ConversationId = conversation.Id, TurnId = Id<TurnRecord>.New(now), Reason = ProposalReason.Complaint, Text = text, Seq = 2, At = now });
        db.AddRange(product, customer, handle, conversation, message, order, job, import, look, proposal);
        // Members and accounts belong to no filter, and are named in addresses all the same.
        var account = new Account { Id = Guid.CreateVersion7(now), Name = text, CreatedAt = now, UserName = $"{Guid.NewGuid():N}@example.test", SecurityStamp = "" };
        (account.NormalizedUserName, account.Email, account.NormalizedEmail) = (account.UserName.ToUpperInvariant(), account.UserName, account.UserName.ToUpperInvariant());
        db.AddRange(account, Keep(new Member { Id = MemberId.New(now), WorkspaceId = Shop.Id, AccountId = account.Id, Role = Role.Suivi, CreatedAt = now }));
        // A workspace has one, and its page shows it: a row made from the model would be no sheet.
        if (!await db.Set<OrderClosr.Sheets.SheetConnection>().AnyAsync()) db.Add(Keep(new OrderClosr.Sheets.SheetConnection { Id = Id<OrderClosr.Sheets.SheetConnection>.New(now), Title = text, OrdersTitle = text }));
        var hook = Keep(new OrderClosr.Web.Hooks.HookEndpoint { Id = Id<OrderClosr.Web.Hooks.HookEndpoint>.New(now), Url = $"https://example.test/{Word}", Secret = scope.Get<SecretBox>().Seal(Shop.Id, OrderClosr.Web.Hooks.HookEndpoint.SecretField, "whsec_QUFBQQ=="), Events = "order.created", CreatedAt = now });
        db.AddRange(hook, Keep(new OrderClosr.Web.Hooks.HookDelivery { Id = Id<OrderClosr.Web.Hooks.HookDelivery>.New(now), EndpointId = hook.Id, Event = "order.created", Subject = order.Id.Value, At = now, State = OrderClosr.Web.Hooks.HookState.Delivered }));
        _ids[typeof(Channel)] = Shop.Messenger.Id.Value;
        await db.SaveChangesAsync();

        // Where plans are sold: an invoice to pay and a page to pay it on, as the product makes them.
        if (scope.Get<Plans>().IsOn && await scope.Get<Subscriptions>().NextAsync(default) is { } invoice)
        {
            var page = await scope.Get<Paying>().OpenAsync(invoice.Id, PayMethod.Cib, default);
            Assert.True(page.Ok, page.Refusal?.Code);
            (_ids[typeof(Invoice)], _ids[typeof(Payment)]) = (invoice.Id.Value, page.Value.Id.Value);
            db.ChangeTracker.Clear();
        }

        // Every other table of a workspace, also one made tomorrow: a row made from the model, with the word in its texts.
        foreach (var entity in db.Model.GetEntityTypes().Where(t => typeof(IOfWorkspace).IsAssignableFrom(t.ClrType)))
            if (!_ids.ContainsKey(entity.ClrType) && await CountAsync(db, entity) == 0)
                AddMade(db, entity, scope.Get<SecretBox>(), now);
        await db.SaveChangesAsync();
        foreach (var entity in db.Model.GetEntityTypes().Where(t => typeof(IOfWorkspace).IsAssignableFrom(t.ClrType)))
            if (!_ids.ContainsKey(entity.ClrType) && await FirstAsync(db, entity) is { } first) _ids[entity.ClrType] = first;
    }

    private T Keep<T>(T row) where T : class
    {
        _ids[typeof(T)] = ((IId)typeof(T).GetProperty("Id")!.GetValue(row)!).Value;
        return row;
    }

    private async Task<string> FileAsync(TestApp app, DateTimeOffset now)
    {
        byte[] png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        var name = $"{Id<Photo>.New(now)}.png";
        var folder = Path.Combine(app.Folder, "media", Shop.Id.ToString());
        Directory.CreateDirectory(folder);
        await System.IO.File.WriteAllBytesAsync(Path.Combine(folder, name), png);
        return name;
    }

    private void AddMade(OrderClosrDb db, IEntityType entity, SecretBox secrets, DateTimeOffset now)
    {
        var row = RuntimeHelpers.GetUninitializedObject(entity.ClrType);
        foreach (var property in entity.GetProperties().Where(p => p.PropertyInfo is not null && p.Name is not "WorkspaceId"))
            if (ValueOf(property, secrets, now) is { } value) property.PropertyInfo!.SetValue(row, value);
        db.Add(row);
        if (entity.FindProperty("Id") is { } id) _ids[entity.ClrType] = id.PropertyInfo!.GetValue(row) is IId known ? known.Value : Guid.Empty;
    }

    private object? ValueOf(IProperty property, SecretBox secrets, DateTimeOffset now)
    {
        var type = property.ClrType;
        if (Nullable.GetUnderlyingType(type) is not null) return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
            return Activator.CreateInstance(type, property.Name == "Id" ? Guid.CreateVersion7(now) : IdOf(type.GetGenericArguments()[0]) ?? Guid.CreateVersion7(now));
        if (type == typeof(string)) return property.GetMaxLength() is { } most && most < Word.Length ? Word[..most] : Word;
        if (type == typeof(Guid)) return Guid.CreateVersion7(now);
        if (type == typeof(DateTimeOffset)) return now;
        if (type == typeof(Sealed)) return secrets.Seal(Shop.Id, "planted", Word);
        if (type == typeof(byte[])) return System.Text.Encoding.UTF8.GetBytes(Word);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1);
        if (type == typeof(OrderClosr.Ground.Values.Phone)) return OrderClosr.Ground.Values.Phone.Stored(Phone);
        return type.IsValueType ? null : Activator.CreateInstance(type);
    }

    private static async Task<int> CountAsync(OrderClosrDb db, IEntityType entity) => (await Rows.OfAsync(db, entity)).Count;

    private static async Task<Guid?> FirstAsync(OrderClosrDb db, IEntityType entity) =>
        entity.FindProperty("Id")?.PropertyInfo is { } id && await Rows.OfAsync(db, entity) is [{ } row, ..] && id.GetValue(row) is IId value ? value.Value : null;
}

/// <summary>Reads tables whose type is only known at run time.</summary>
internal static class Rows
{
    /// <summary>What a context sees of a table.</summary>
    internal static Task<List<object>> OfAsync(OrderClosrDb db, IEntityType entity, bool withoutFilter = false) =>
        (Task<List<object>>)typeof(Rows).GetMethod(nameof(ReadAsync), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(entity.ClrType).Invoke(null, [db, withoutFilter])!;

    private static async Task<List<object>> ReadAsync<T>(OrderClosrDb db, bool withoutFilter) where T : class
    {
        var rows = db.Set<T>().AsNoTracking();
        return [.. await (withoutFilter ? rows.IgnoreQueryFilters() : rows).ToListAsync()];
    }
}
