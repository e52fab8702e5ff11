using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Sheets;

/// <summary>What a column of the source tab may be, and which heads usually mean it.</summary>
public static class SourceRoles
{
    /// <summary>In the order in which they are asked for; the first three must be there.</summary>
    public static readonly IReadOnlyList<string> All = ["phone", "product", "wilaya", "name", "commune", "address", "variant", "quantity", "price", "delivery", "note", "reference"];

    /// <summary>Without these nothing can be ordered.</summary>
    public static readonly IReadOnlyList<string> Needed = ["phone", "product", "wilaya"];

    private static readonly Dictionary<string, string[]> Usual = new()
    {
        ["phone"] = ["telephone", "phone", "tel", "mobile", "numero", "الهاتف", "رقم الهاتف", "هاتف"], ["product"] = ["produit", "product", "article", "articles", "المنتج", "المنتوج"], ["wilaya"] = ["wilaya", "الولاية", "ولاية"],
        ["name"] = ["nom", "name", "client", "nom complet", "nom et prenom", "الاسم", "الاسم الكامل"], ["commune"] = ["commune", "ville", "city", "البلدية", "بلدية"], ["address"] = ["adresse", "address", "العنوان", "عنوان"],
        ["variant"] = ["variante", "variant", "taille", "couleur", "option", "المقاس", "اللون"], ["quantity"] = ["quantite", "quantity", "qte", "الكمية"], ["price"] = ["prix", "price", "prix unitaire", "السعر"],
        ["delivery"] = ["livraison", "type de livraison", "delivery", "التوصيل"], ["note"] = ["note", "remarque", "commentaire", "ملاحظة"], ["reference"] = ["reference", "ref", "order id", "id commande", "n commande", "رقم الطلب"],
    };

    /// <summary>The head that most likely is this column; null: none is.</summary>
    public static string? Guess(string role, IEnumerable<string> heads) => heads.FirstOrDefault(h => Usual[role].Any(u => Folding.Compact(u) == Folding.Compact(h)));
}

/// <summary>Takes orders of other shops in from a tab: each row becomes one order, once, and its customer is asked in the chat first where there is one.</summary>
internal sealed class TakeIn(OrderClosrDb db, ISpreadsheets sheets, SheetMarks marks, Drafts drafts, ConfirmOrder confirm, Reaching reaching, TimeProvider time)
{
    /// <summary>Rows in one round.</summary>
    private const int MostAtOnce = 40;

    /// <summary>So long the customer may take to answer before a person calls.</summary>
    internal static readonly TimeSpan AnswersWithin = TimeSpan.FromHours(6);

    /// <summary>Noted when the tab was mapped: it was there before.</summary>
    internal const string WasThere = "was_there";

    internal async Task RunAsync(SeenSheet seen, CancellationToken stop)
    {
        var connection = seen.Connection;
        if (seen.Shape.Tabs.FirstOrDefault(t => t.Id == connection.SourceTab) is not { } tab)
        {
            await StopAsync(connection, "source_tab_gone", connection.SourceTitle, stop);
            return;
        }
        var cells = await sheets.ReadAsync(seen.Access, tab.Title, stop);
        var head = cells.Count == 0 ? [] : cells[0];
        var at = connection.SourceColumns.ToDictionary(c => c.Key, c => Enumerable.Range(0, head.Count).Where(i => head[i].Trim() == c.Value).DefaultIfEmpty(-1).First());
        if (at.FirstOrDefault(a => a.Value < 0 && SourceRoles.Needed.Contains(a.Key)).Key is { } missing)
        {
            await StopAsync(connection, "source_column_gone", connection.SourceColumns[missing], stop);
            return;
        }
        var known = await db.SheetIntakes.AsNoTracking().Where(i => i.ConnectionId == connection.Id).ToDictionaryAsync(i => i.Key, stop);
        var (alike, met) = (new Dictionary<string, int>(), new HashSet<string>());
        var taken = 0;
        for (var r = 1; r < cells.Count; r++)
        {
            string Cell(string role) => at.GetValueOrDefault(role, -1) is >= 0 and var c && c < cells[r].Count ? cells[r][c].Trim() : "";
            if (Cell("phone").Length == 0 || Cell("product").Length == 0) continue; // still being typed
            // A correction of the address is the same order; a second order of the same customer for the same thing is a second row.
            var reference = Cell("reference");
            var same = reference.Length > 0 ? SheetColumns.HashOf("reference", reference) : SheetColumns.HashOf("row", Phone.TryRead(Cell("phone"), out var phone) ? phone.E164 : Cell("phone"), Folding.Compact(Cell("product")));
            var key = reference.Length > 0 ? same : $"{same}-{alike[same] = alike.GetValueOrDefault(same) + 1}";
            met.Add(key);
            var content = SheetColumns.HashOf([.. SourceRoles.All.Select(Cell)]);
            var before = known.GetValueOrDefault(key);
            if (before is not null && (before.OrderId is not null || before.Trouble == WasThere || before.Content == content)) continue;
            if (connection.SourceSkipsNext) await NoteAsync(connection, key, content, r, stop);
            else
            {
                if (++taken > MostAtOnce) return;
                await TakeAsync(connection, key, content, r, Cell, stop);
            }
        }
        // What was not understood and is gone, or was mended into another order, is no trouble any more.
        var settled = known.Values.Where(i => i.OrderId is null && i.Trouble != WasThere && !met.Contains(i.Key)).Select(i => i.Id).ToList();
        if (settled.Count > 0) await db.SheetIntakes.Where(i => settled.Contains(i.Id)).ExecuteDeleteAsync(stop);
        if (connection.SourceSkipsNext) await db.SheetConnections.Where(c => c.Id == connection.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.SourceSkipsNext, false), stop);
    }

    private async Task StopAsync(SheetConnection connection, string code, string subject, CancellationToken stop)
    {
        await db.SheetConnections.Where(c => c.Id == connection.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.SourceTab, (int?)null), stop);
        await marks.RemarkAsync(connection.Id, code, subject, 0, null, stop);
    }

    private Task NoteAsync(SheetConnection connection, string key, string content, int row, CancellationToken stop)
    {
        db.Add(new SheetIntake { Id = Id<SheetIntake>.New(time.GetUtcNow()), ConnectionId = connection.Id, Key = key, Content = content, Row = row + 1, Trouble = WasThere, At = time.GetUtcNow() });
        return db.SaveChangesAsync(stop);
    }

    private async Task TakeAsync(SheetConnection connection, string key, string content, int row, Func<string, string> cell, CancellationToken stop)
    {
        Refusal? no = null;
        var order = default(OrderId?);
        var isAsked = false;
        var read = Read(cell);
        if (!read.Ok) no = read.Refusal;
        else
            await db.InTransactionAsync(async () =>
            {
                var now = time.GetUtcNow();
                var (customer, talk) = await TalkAsync(connection, read.Value.Phone, cell("name"), stop);
                var draft = drafts.New(customer, talk?.Id ?? default, OrderOrigin.Import);
                var applied = await drafts.ApplyAsync(draft, read.Value.Change, stop);
                if (!applied.Ok || applied.Value.Missing.Count > 0)
                {
                    no = applied.Ok ? new Refusal("field_missing", "The order needs this field.", applied.Value.Missing[0]) : applied.Refusal;
                    db.ChangeTracker.Clear();
                    return;
                }
                db.Add(draft);
                await db.SaveChangesAsync(stop);
                isAsked = talk is not null && await AskAsync(connection, talk, draft, applied.Value, stop);
                if (isAsked) db.Later(new CallIntake(db.WorkspaceId, draft.Id), now, now + AnswersWithin);
                else if (await confirm.QueueAsync(draft.Id, new(ActorKind.Api, now), stop) is { Ok: false } queued) throw new InvalidOperationException($"A complete draft is refused: {queued.Refusal.Code}.");
                order = draft.Id;
                await KeepAsync(connection, key, content, row, order, null, null, isAsked, stop);
                db.Tell("order", draft.Id);
            }, stop);
        if (no is not null) await db.InTransactionAsync(() => KeepAsync(connection, key, content, row, null, no.Code, no.Field, false, stop), stop);
        db.ChangeTracker.Clear();
    }

    private async Task KeepAsync(SheetConnection connection, string key, string content, int row, OrderId? order, string? trouble, string? field, bool isAsked, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var intake = await db.SheetIntakes.SingleOrDefaultAsync(i => i.ConnectionId == connection.Id && i.Key == key, stop);
        if (intake is null) db.Add(intake = new SheetIntake { Id = Id<SheetIntake>.New(now), ConnectionId = connection.Id, Key = key, Content = content, At = now });
        (intake.Content, intake.Row, intake.OrderId, intake.Trouble, intake.Field, intake.IsAsked, intake.At) = (content, row + 1, order, trouble, field, isAsked, now);
        await db.SaveChangesAsync(stop);
        db.Tell("sheet", connection.Id);
    }

    private static Result<(DraftChange Change, Phone Phone)> Read(Func<string, string> cell)
    {
        if (!Phone.TryRead(WithZero(cell("phone")), out var phone)) return new Refusal("phone_unreadable", "This is no phone number.", "phone");
        var quantity = 1;
        if (cell("quantity").Length > 0 && (!int.TryParse(Folding.AsciiDigits(cell("quantity")), NumberStyles.None, CultureInfo.InvariantCulture, out quantity) || quantity is < 1 or > 99)) return new Refusal("quantity_unreadable", "Between 1 and 99.", "quantity");
        var price = TypedAmount.Read(cell("price"), "price");
        if (!price.Ok) return price.Refusal;
        var delivery = Folding.Compact(cell("delivery"));
        return (new DraftChange
        {
            Items = [new(cell("product"), cell("variant") is { Length: > 0 } variant ? variant : null, quantity, price.Value)], Name = cell("name"), Phone = WithZero(cell("phone")), Wilaya = cell("wilaya"),
            Commune = cell("commune") is { Length: > 0 } commune ? commune : null, Address = cell("address"), Note = cell("note") is { Length: > 0 } note ? note : null,
            Delivery = delivery.Length == 0 ? null : delivery.Contains("desk", StringComparison.Ordinal) || delivery.Contains("bureau", StringComparison.Ordinal) || delivery.Contains("مكتب", StringComparison.Ordinal) ? Delivery.Desk : Delivery.Home,
            IgnoresFloor = true,
        }, phone);
    }

    /// <summary>A sheet takes 0555 12 34 56 for a number and drops its zero.</summary>
    private static string WithZero(string phone) => phone.Length == 9 && phone[0] is '5' or '6' or '7' && phone.All(char.IsAsciiDigit) ? $"0{phone}" : phone;

    /// <summary>The customer who has this phone and where to write to them: their last conversation, else, where a template is named, a new one on WhatsApp.</summary>
    private async Task<(CustomerId, Conversation?)> TalkAsync(SheetConnection connection, Phone phone, string name, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var customer = await db.Set<Customer>().Where(c => c.Phones.Contains(phone.E164)).OrderBy(c => c.CreatedAt).FirstOrDefaultAsync(stop);
        if (customer is not null)
        {
            var id = customer.Id;
            if (await db.Conversations.Where(c => c.CustomerId == id).OrderByDescending(c => c.LastMessageAt).Select(c => (ConversationId?)c.Id).FirstOrDefaultAsync(stop) is { } last)
            {
                await db.Dialect.LockRowAsync(db, "conversations", last.Value, stop);
                return (customer.Id, await db.Conversations.SingleAsync(c => c.Id == last, stop));
            }
        }
        else
        {
            customer = new Customer { Id = CustomerId.New(now), Name = name.Length > 120 ? name[..120] : name, Phones = [phone.E164], CreatedAt = now };
            customer.Search = KnownCustomers.SearchOf(customer);
            db.Add(customer);
        }
        if (connection.SourceTemplate.Length == 0 || !phone.IsMobile || customer.OptedOutAt is not null) return (customer.Id, null);
        var channel = await db.Channels.AsNoTracking().Where(c => c.Kind == ChannelKind.Whatsapp && c.State == ChannelState.Connected).OrderBy(c => c.ConnectedAt).FirstOrDefaultAsync(stop);
        if (channel is null || !ChannelTemplate.Of(channel).Any(t => t.Name == connection.SourceTemplate && t.IsApproved)) return (customer.Id, null);
        var talk = new Conversation { Id = ConversationId.New(now), ChannelId = channel.Id, ChannelKind = channel.Kind, CustomerId = customer.Id, CreatedAt = now, LastMessageAt = now };
        db.Add(new CustomerHandle { Id = Id<CustomerHandle>.New(now), ChannelId = channel.Id, CustomerId = customer.Id, Kind = HandleKind.WaId, Handle = phone.E164.TrimStart('+') });
        db.Add(talk);
        await db.SaveChangesAsync(stop);
        return (customer.Id, talk);
    }

    /// <summary>Reads the order back to the customer and asks for a yes; false when nobody but a person may write to them.</summary>
    private async Task<bool> AskAsync(SheetConnection connection, Conversation talk, Order draft, DraftView view, CancellationToken stop)
    {
        if (await reaching.SilentBecauseAsync(talk, stop) is not null) return false;
        var isArabic = talk.Language is { } spoken ? spoken.Contains("arabic", StringComparison.Ordinal) : connection.Language == "ar";
        var goods = string.Join(", ", view.Items.Select(i => i.Quantity > 1 ? $"{i.Product}{(i.Variant.Length > 0 ? $" {i.Variant}" : "")} × {i.Quantity}" : $"{i.Product}{(i.Variant.Length > 0 ? $" {i.Variant}" : "")}"));
        var place = view.Commune is { } commune ? $"{commune} ({view.Wilaya})" : view.Wilaya;
        var text = isArabic
            ? $"السلام عليكم {view.Name}، وصلنا طلبك: {goods}. التوصيل إلى {place}. المجموع عند الاستلام: {view.Total!.Value.Amount} دج. هل تؤكد الطلب؟"
            : $"Bonjour {view.Name}, nous avons reçu votre commande : {goods}. Livraison à {place}. Total à payer à la livraison : {view.Total!.Value.Amount} DA. Vous confirmez ?";
        var said = await reaching.SayLaterAsync(talk, new(Author.Agent, text), await TemplateAsync(connection, talk, isArabic, [view.Name ?? "…", goods, $"{view.Total!.Value.Amount}", place ?? "…"], stop), stop);
        if (!said.Ok) return false;
        draft.MarkReadBack(draft.DraftVersion, said.Value[^1].Seq);
        await db.SaveChangesAsync(stop);
        return true;
    }

    private async Task<TemplateWords?> TemplateAsync(SheetConnection connection, Conversation talk, bool isArabic, string[] blanks, CancellationToken stop)
    {
        if (connection.SourceTemplate.Length == 0) return null;
        var id = talk.ChannelId;
        var known = ChannelTemplate.Of(await db.Channels.AsNoTracking().SingleAsync(c => c.Id == id, stop)).Where(t => t.Name == connection.SourceTemplate && t.IsApproved).ToList();
        var template = known.Find(t => t.Language.StartsWith(isArabic ? "ar" : "fr", StringComparison.OrdinalIgnoreCase)) ?? known.FirstOrDefault();
        return template is null || template.Blanks > blanks.Length ? null : new(template.Name, template.Language, [.. blanks.Take(template.Blanks)]);
    }
}

/// <summary>A customer who was asked in the chat has not answered: the order goes to whoever calls.</summary>
public sealed record CallIntake(WorkspaceId Workspace, OrderId Order) : IJob
{
    public static string Kind => "call_intake";
    public string Lane => $"work/{Workspace}";
    public string OrderKey => Order.ToString();
}

internal sealed class CallIntakeHandler(OrderClosrDb db, ConfirmOrder confirm, TimeProvider time) : IJobHandler<CallIntake>
{
    public async Task<JobOutcome> RunAsync(CallIntake job, JobRun run, CancellationToken stop)
    {
        if (!await db.Orders.AnyAsync(o => o.Id == job.Order && o.State == OrderState.Draft, stop)) return JobOutcome.Dropped("It was decided.");
        var queued = await confirm.QueueAsync(job.Order, new(ActorKind.Api, time.GetUtcNow(), "no_answer"), stop);
        return queued.Ok ? JobOutcome.Done() : JobOutcome.Refused(queued.Refusal.Words);
    }
}
