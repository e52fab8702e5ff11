using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OrderClosr.Agent;
using OrderClosr.Cash;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Dashboard;

/// <summary>Looks at each row that is saved and marks the days whose numbers it changes, in the same transaction.</summary>
/// <remarks>Not by listening to facts: a verb that forgot to tell one would leave a number wrong for ever, and nobody would see it. A row that is saved cannot be forgotten.
/// What goes past saving (the erasure of a customer) marks by itself: <see cref="DashboardErasure"/>.</remarks>
internal sealed class MarkDays(TimeProvider time) : SaveChangesInterceptor
{
    /// <summary>An answer counts within a day (<see cref="Counted.AnswerWithin"/>); beyond it a message changes nothing of a conversation's first day.</summary>
    private static readonly TimeSpan Young = Counted.AnswerWithin + TimeSpan.FromHours(1);

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is OrderClosrDb db) Mark(db);
        return new(result);
    }

    private void Mark(OrderClosrDb db)
    {
        var tracker = db.ChangeTracker;
        // Saving has looked for changes just before, and will again.
        var detects = tracker.AutoDetectChangesEnabled;
        tracker.AutoDetectChangesEnabled = false;
        try
        {
            var found = new HashSet<(WorkspaceId Workspace, MarkKind Kind, Guid Of, DateOnly On)>();
            foreach (var entry in tracker.Entries())
                if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && entry.Entity is IOfWorkspace row) Look(tracker, entry, new(found, row.WorkspaceId));
            var now = time.GetUtcNow();
            foreach (var (workspace, kind, of, on) in found) db.Add(new FigureMark { Id = Id<FigureMark>.New(now), WorkspaceId = workspace, Kind = kind, Of = of, On = on });
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = detects;
        }
    }

    private static void Look(ChangeTracker tracker, EntityEntry entry, Marks marks)
    {
        switch (entry.Entity)
        {
            case Order { ChangeOf: null } order:
                if (order.Number == 0) break;
                if (Has(entry, nameof(Order.Number)) || entry.State == EntityState.Deleted) marks.Day(order.CreatedAt);
                else if (Has(entry, nameof(Order.DraftVersion), nameof(Order.WilayaCode), nameof(Order.Total), nameof(Order.Goods), nameof(Order.Discount))) marks.Add(MarkKind.Order, order.Id.Value);
                if (Has(entry, nameof(Order.ConfirmedAt)))
                {
                    marks.Day((DateTimeOffset?)entry.OriginalValues[nameof(Order.ConfirmedAt)]);
                    marks.Day(order.ConfirmedAt);
                }
                break;
            case Parcel parcel:
                if (Has(entry, nameof(Parcel.State), nameof(Parcel.StateAt), nameof(Parcel.AccountId), nameof(Parcel.OrderId)))
                {
                    if (Counted.IsEnd((ParcelState)entry.OriginalValues[nameof(Parcel.State)]!)) marks.Day((DateTimeOffset)entry.OriginalValues[nameof(Parcel.StateAt)]!);
                    if (Counted.IsEnd(parcel.State)) marks.Day(parcel.StateAt);
                }
                if (Has(entry, nameof(Parcel.CashState)) && (parcel.CashState == CashState.Paid || entry.OriginalValues[nameof(Parcel.CashState)] is CashState.Paid)) marks.Add(MarkKind.Parcel, parcel.Id.Value);
                break;
            case CashMove { To: CashState.Paid } move when move.From != CashState.Paid: marks.Day(move.At); break;
            case PaymentSlip slip when Has(entry, nameof(PaymentSlip.State), nameof(PaymentSlip.Received)): marks.Day(slip.AppliedAt); break;
            case Rescue rescue when Has(entry, nameof(Rescue.IsSaved)): marks.Add(MarkKind.Parcel, rescue.ParcelId.Value); break;
            case TurnRecord turn: marks.Day(turn.EndedAt); break;
            case Conversation talk when entry.State != EntityState.Modified: marks.Day(talk.CreatedAt); break;
            case Conversation talk when Has(entry, nameof(Conversation.Referral)): marks.Add(MarkKind.Source, talk.Id.Value); break;
            case Message { Direction: Direction.Out, Author: Author.Agent or Author.Member, IsInternal: false } message when entry.State == EntityState.Added || FailsOrNot(entry, message):
                var begun = tracker.Entries<Conversation>().FirstOrDefault(c => c.Entity.Id == message.ConversationId)?.Entity.CreatedAt;
                if (begun is null || message.At - begun < Young) marks.Add(MarkKind.Conversation, message.ConversationId.Value);
                break;
            case Lead lead when Has(entry, nameof(Lead.ConvertedAt)):
                marks.Day(lead.At);
                marks.Day((DateTimeOffset?)entry.OriginalValues[nameof(Lead.ConvertedAt)]);
                marks.Day(lead.ConvertedAt);
                break;
        }
    }

    /// <summary>The row is new, goes, or one of these is another now.</summary>
    private static bool Has(EntityEntry entry, params ReadOnlySpan<string> properties)
    {
        if (entry.State != EntityState.Modified) return true;
        foreach (var property in properties)
            if (entry.Property(property).IsModified) return true;
        return false;
    }

    private static bool FailsOrNot(EntityEntry entry, Message message) => Has(entry, nameof(Message.Status)) && (message.Status == MessageStatus.Failed || entry.OriginalValues[nameof(Message.Status)] is MessageStatus.Failed);

    private readonly record struct Marks(HashSet<(WorkspaceId, MarkKind, Guid, DateOnly)> Found, WorkspaceId Workspace)
    {
        internal void Add(MarkKind kind, Guid of) => Found.Add((Workspace, kind, of, default));

        internal void Day(DateTimeOffset? at)
        {
            if (at is { } some) Found.Add((Workspace, MarkKind.Day, Guid.Empty, AlgiersTime.DateInAlgiers(some)));
        }
    }
}
