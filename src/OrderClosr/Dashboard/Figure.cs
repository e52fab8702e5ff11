using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Dashboard;

/// <summary>What happened in a shop in one day of Algiers, or in one month: all of it, or one cut of it (a wilaya, a product, a member).</summary>
/// <remarks>Never written by hand: <see cref="RollUp"/> counts a day anew from the records, whenever something of that day was saved (<see cref="MarkDays"/>).
/// Each thing counts on the day it happened: an order when it was begun, a delivery when it was delivered. <see cref="Counted"/> says of each number which records it is.</remarks>
public sealed class Figure : IOfWorkspace, IHasId<Figure>
{
    public required Id<Figure> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required FigureSpan Span { get; init; }

    /// <summary>The day, or the first day of the month.</summary>
    public required DateOnly On { get; init; }
    public required FigureCut Cut { get; init; }

    /// <summary>Which one of the cut: code of the wilaya, id of the product …; empty for the whole shop.</summary>
    public required string Key { get; init; }

    /// <summary>What it is called, where no table of ours says that: the title of an ad.</summary>
    public string? Label { get; set; }

    /// <summary>Conversations begun.</summary>
    public int Conversations { get; set; }

    /// <summary>Orders written, whatever became of them.</summary>
    public int Orders { get; set; }
    public int Confirmed { get; set; }
    public int Delivered { get; set; }
    public int Returned { get; set; }

    /// <summary>Parcels whose whole money was counted.</summary>
    public int Paid { get; set; }

    /// <summary>Delivered after an attempt had failed and the customer was asked: a return that did not happen.</summary>
    public int Rescued { get; set; }

    /// <summary>Turns the agent answered by itself.</summary>
    public int Replies { get; set; }

    /// <summary>Turns the agent gave to a person.</summary>
    public int HandOvers { get; set; }
    public int Leads { get; set; }

    /// <summary>Leads whose customer ordered.</summary>
    public int Converted { get; set; }

    /// <summary>What Claude cost, in millionths of a US dollar.</summary>
    public long CostMicroDollars { get; set; }

    /// <summary>Goods of delivered orders at the prices agreed, without delivery.</summary>
    public Dinars Sold { get; set; }

    /// <summary>What was counted in the shop's hand, after the couriers' fees.</summary>
    public Dinars Received { get; set; }

    /// <summary>Takes another one's numbers in.</summary>
    internal void Add(Figure other)
    {
        Label = other.Label ?? Label;
        Conversations += other.Conversations;
        Orders += other.Orders;
        Confirmed += other.Confirmed;
        Delivered += other.Delivered;
        Returned += other.Returned;
        Paid += other.Paid;
        Rescued += other.Rescued;
        Replies += other.Replies;
        HandOvers += other.HandOvers;
        Leads += other.Leads;
        Converted += other.Converted;
        CostMicroDollars += other.CostMicroDollars;
        Sold = Earned.Plus(Sold, other.Sold);
        Received = Earned.Plus(Received, other.Received);
    }
}

/// <summary>How long the time of a figure is.</summary>
public enum FigureSpan { Day, Month }

/// <summary>What a figure is of.</summary>
public enum FigureCut
{
    Shop,
    Wilaya,
    Product,

    /// <summary>A courier account: its parcels and its money.</summary>
    Courier,

    /// <summary>The channel the customer wrote on; <c>none</c> for orders typed by a member or sent by a program.</summary>
    Channel,

    /// <summary>The ad the customer came from.</summary>
    Ad,

    /// <summary>Who confirmed: a member, <c>agent</c> or <c>api</c>.</summary>
    Member,

    /// <summary>Why the agent called a person.</summary>
    Reason,

    /// <summary>Seconds from a customer's first message to the first answer; counts conversations.</summary>
    FirstAnswer,
}

/// <summary>What one member gets instead of the shop's usual commission.</summary>
public sealed class MemberCommission : IOfWorkspace, IHasId<MemberCommission>
{
    public required Id<MemberCommission> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Guid AccountId { get; init; }

    /// <inheritdoc cref="NumberSettings.Commission"/>
    public Dinars? PerOrder { get; set; }

    /// <inheritdoc cref="NumberSettings.CommissionShare"/>
    public int? Share { get; set; }
}

/// <summary>That a day has to be counted anew. Written in the transaction that changed it.</summary>
/// <remarks>Only ever added, one row per change: whoever counts deletes those it read, so that a change committed meanwhile keeps its own.</remarks>
public sealed class FigureMark : IOfWorkspace, IHasId<FigureMark>
{
    public required Id<FigureMark> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required MarkKind Kind { get; init; }

    /// <summary>The order, parcel or conversation whose days are meant.</summary>
    public Guid Of { get; init; }

    /// <summary>The day itself, for <see cref="MarkKind.Day"/>.</summary>
    public DateOnly On { get; init; }
}

/// <summary>What a mark names.</summary>
public enum MarkKind
{
    Day,

    /// <summary>Every day an order counts on.</summary>
    Order,

    /// <summary>The days a parcel ended and was paid.</summary>
    Parcel,

    /// <summary>The day a conversation began.</summary>
    Conversation,

    /// <summary>The same, and the days of all its orders: where the customer came from is another place now.</summary>
    Source,
}

/// <summary>What the shop says its work is worth: the earned money is computed with it. Nothing is assumed: what was not said counts nothing.</summary>
public sealed class NumberSettings : IOfWorkspace, IVersioned, IHasId<NumberSettings>
{
    /// <summary>Minutes a person needs for one answer, while nothing else was said.</summary>
    public const int UsualMinutes = 2;

    public required Id<NumberSettings> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>What is left of one delivered order, in the middle.</summary>
    public Dinars? MarginPerOrder { get; set; }

    /// <summary>What one return costs: fee, packing, goods that suffer.</summary>
    public Dinars? ReturnCost { get; set; }

    /// <summary>What an hour of work costs.</summary>
    public Dinars? HourlyRate { get; set; }
    public int MinutesPerReply { get; set; } = UsualMinutes;

    /// <summary>What a member gets for each delivered order they confirmed, where no rule of their own says otherwise.</summary>
    public Dinars? Commission { get; set; }

    /// <summary>What a member gets of the goods in those orders, in thousandths; on top of <see cref="Commission"/>.</summary>
    public int? CommissionShare { get; set; }

    public int Version { get; private set; }
}
