using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>What a customer wants done with a parcel that waits for an answer, in their own words.</summary>
/// <param name="Value">The day as <c>2026-11-30</c>, the phone, the address, the desk's name; empty for the others.</param>
/// <param name="Commune">The commune of a new address; empty: the same.</param>
public sealed record RescueWish(RescueAnswerKind Kind, string Value = "", string Commune = "");

/// <summary>What a wish comes to: checked, resolved, and who has to do it. Nothing is written yet.</summary>
public sealed record RescuePlan(RescueAnswerKind Kind)
{
    public DateOnly? Day { get; init; }
    public Phone? Phone { get; init; }
    public string? Address { get; init; }
    public Commune? Commune { get; init; }
    public Id<CourierPlace>? DeskId { get; init; }
    public string? DeskName { get; init; }

    /// <summary>The courier's API takes it.</summary>
    public bool GoesToCourier { get; init; }

    /// <summary>What a person has to type at the courier's screen instead; null when nothing.</summary>
    public string? ToType { get; init; }
}

/// <summary>Takes what a customer answers about a parcel: days, phones and places are checked here, whoever asks.</summary>
public sealed class AnswerRescue(OrderClosrDb db, Couriers couriers, Destinations destinations, Places places)
{
    /// <summary>Answers that make sense for a parcel that stands so.</summary>
    public static IReadOnlyList<RescueAnswerKind> Answers(ParcelState state) => state == ParcelState.AtDesk
        ? [RescueAnswerKind.ComingToDesk, RescueAnswerKind.Refuse, RescueAnswerKind.WantsPerson]
        : [RescueAnswerKind.NewDay, RescueAnswerKind.NewAddress, RescueAnswerKind.NewPhone, RescueAnswerKind.TakeFromDesk, RescueAnswerKind.Refuse, RescueAnswerKind.WantsPerson];

    /// <summary>An answer as tools, pages and programs spell it: <c>take_from_desk</c>.</summary>
    public static string Word(RescueAnswerKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>The answer a word means; null when it means none.</summary>
    public static RescueAnswerKind? Read(string? word) => Enum.GetValues<RescueAnswerKind>().Cast<RescueAnswerKind?>().FirstOrDefault(k => Word(k!.Value).Equals(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The open rescues of a conversation's customer, with order number and parcel; never another customer's.</summary>
    public async Task<IReadOnlyList<OpenRescue>> OpenForAsync(ConversationId conversation, CancellationToken stop) => await (
        from r in db.Rescues.AsNoTracking()
        join p in db.Parcels.AsNoTracking() on r.ParcelId equals p.Id
        join o in db.Orders.AsNoTracking() on r.OrderId equals o.Id
        where r.OpenParcelId != null && o.Number > 0 && (o.ConversationId == conversation || db.Set<Conversation>().Any(c => c.Id == conversation && c.CustomerId == o.CustomerId))
        orderby r.Id
        select new OpenRescue(r, p, o.Number)).Take(5).ToListAsync(stop);

    /// <summary>Checks a wish and says what it would come to. Refused: <c>nothing_to_answer, answer_not_possible, day_unreadable, day_past, day_too_far, phone_unreadable, address_missing, other_wilaya, place_…, desk_unclear, not_served</c>.</summary>
    public async Task<Result<RescuePlan>> PlanAsync(Rescue rescue, Parcel parcel, RescueWish wish, DateTimeOffset now, CancellationToken stop)
    {
        if (!rescue.IsOpen || !parcel.IsOpen) return new Refusal("nothing_to_answer", "This parcel waits for no answer any more.", Kind: RefusalKind.Conflict);
        if (!Answers(parcel.State).Contains(wish.Kind))
            return new Refusal("answer_not_possible", parcel.State == ParcelState.AtDesk ? "The parcel waits at the desk: the customer comes, refuses, or wants a person." : "The parcel is not at a desk yet.", "answer", [.. Answers(parcel.State).Select(Word)]);
        var account = await db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Id == parcel.AccountId, stop);
        var abilities = couriers.Of(account).Abilities;
        var can = abilities.EditableAt(parcel.State);
        switch (wish.Kind)
        {
            case RescueAnswerKind.NewDay:
            case RescueAnswerKind.ComingToDesk when wish.Value.Trim().Length > 0:
                return Day(wish, AlgiersTime.DateInAlgiers(now), wish.Kind == RescueAnswerKind.NewDay && AskAttempt.IsPossible(abilities, parcel.State));
            case RescueAnswerKind.NewPhone:
                if (!Phone.TryRead(wish.Value, out var phone) || !phone.IsAlgerian) return new Refusal("phone_unreadable", "This is no phone number of Algeria: ask for it again.", "phone");
                return Settle(new(wish.Kind) { Phone = phone }, ParcelFields.Phone, can, RescueToType.Phone(phone));
            case RescueAnswerKind.NewAddress:
                return Address(wish, parcel, can);
            case RescueAnswerKind.TakeFromDesk:
                return await DeskAsync(account, parcel, wish, can, stop);
            default:
                return new RescuePlan(wish.Kind);
        }
    }

    /// <summary>Takes the answer: what the courier's API can do is written to it by a job, the rest goes to a person with what to type.</summary>
    public Task<Result<RescuePlan>> RunAsync(RescueId id, RescueWish wish, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<RescuePlan>>(async () =>
    {
        if (await db.LockedRescueAsync(id, stop) is not { } rescue) return Refusal.NotFound("rescue");
        var parcel = await db.Parcels.SingleAsync(p => p.Id == rescue.ParcelId, stop);
        var planned = await PlanAsync(rescue, parcel, wish, cause.At, stop);
        if (!planned.Ok) return planned.Refusal;
        var plan = planned.Value;
        var settings = await RescueSettings.OfAsync(db, stop);
        rescue.Answer = plan.Kind;
        (rescue.NewDay, rescue.NewPhone, rescue.NewAddress) = (plan.Day ?? rescue.NewDay, plan.Phone ?? rescue.NewPhone, plan.Address ?? rescue.NewAddress);
        if (plan.Kind == RescueAnswerKind.NewAddress) (rescue.NewCommuneCode, rescue.TakesFromDesk, rescue.NewDeskId) = (plan.Commune?.Code ?? rescue.NewCommuneCode, false, null);
        if (plan.Kind == RescueAnswerKind.TakeFromDesk) (rescue.TakesFromDesk, rescue.NewDeskId, rescue.NewCommuneCode) = (true, plan.DeskId, null);
        if (plan.Kind == RescueAnswerKind.NewDay)
        {
            rescue.NewDay = plan.Day;
            if (plan.GoesToCourier) rescue.ToType = RescueToType.Without(rescue.ToType, ParcelFields.None, day: true);
        }
        var said = cause with { Reason = Word(plan.Kind) };
        if (plan.Kind is RescueAnswerKind.Refuse or RescueAnswerKind.WantsPerson)
        {
            // A parcel is never given up by a program.
            db.CallPerson(rescue, plan.Kind == RescueAnswerKind.Refuse ? RescueNeeds.Refuses : RescueNeeds.WantsPerson, settings, said);
        }
        else if (plan.ToType is { } line)
        {
            var before = rescue.Needs is RescueNeeds.AtCourier or RescueNeeds.CourierRefused ? rescue.ToType?.Split('\n').Where(l => l.Split(':')[0] != line.Split(':')[0]).ToList() ?? [] : [];
            db.CallPerson(rescue, RescueNeeds.AtCourier, settings, said);
            rescue.ToType = string.Join('\n', [.. before, line]);
        }
        else if (rescue.Needs is RescueNeeds.AtCourier or RescueNeeds.CourierRefused && rescue.ToType is not null)
        {
            // Something else still has to be typed by hand.
            db.Add(RescueTransitions.Step(rescue, "answered", said));
        }
        else
        {
            var moved = RescueTransitions.Move(rescue, RescueState.Answered, "answered", said);
            if (!moved.Ok) return moved.Refusal;
            db.Add(moved.Value);
            rescue.WaitForCourier(cause.At);
            db.StepLater(rescue, cause.At);
        }
        if (plan is { GoesToCourier: true, Kind: RescueAnswerKind.NewDay }) db.Later(new AskAttempt(parcel.AccountId, parcel.Id, rescue.Id, plan.Day), cause.At);
        else if (plan.GoesToCourier) db.Later(new WriteRescue(parcel.AccountId, parcel.Id, rescue.Id), cause.At);
        await db.SaveChangesAsync(stop);
        db.TellOf(rescue);
        return plan;
    }, stop);

    private static RescuePlan Settle(RescuePlan plan, ParcelFields needs, ParcelFields can, string toType) => (needs & ~can) == 0 ? plan with { GoesToCourier = true } : plan with { ToType = toType };

    /// <param name="asks">The courier can be asked for a new attempt: then "come again" needs no day.</param>
    private static Result<RescuePlan> Day(RescueWish wish, DateOnly today, bool asks)
    {
        if (asks && wish.Value.Trim().Length == 0) return new RescuePlan(wish.Kind) { GoesToCourier = true };
        if (!DateOnly.TryParseExact(wish.Value.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return new Refusal("day_unreadable", "Pass the day as year-month-day, reckoned from today.", "day");
        if (RescueDays.Refuse(day, today) is { } no) return no;
        // Where it cannot be asked by its API a person tells it.
        return new RescuePlan(wish.Kind) { Day = day, GoesToCourier = asks, ToType = wish.Kind == RescueAnswerKind.NewDay && !asks ? RescueToType.Day(day) : null };
    }

    private Result<RescuePlan> Address(RescueWish wish, Parcel parcel, ParcelFields can)
    {
        var (street, named) = (PlainText.Line(wish.Value), PlainText.Line(wish.Commune));
        if (street.Length > 240) street = street[..240];
        Commune? commune = null;
        if (named.Length > 0)
        {
            var read = places.Resolve(places.WilayaOf(parcel.WilayaCode)?.Name, named);
            // A place of another wilaya is found when it is asked for alone.
            if (!read.Ok) return places.Resolve(named) is { Ok: true } elsewhere && elsewhere.Value.WilayaCode != parcel.WilayaCode ? OtherWilaya() : read.Refusal;
            if (read.Value.WilayaCode != parcel.WilayaCode) return OtherWilaya();
            commune = read.Value.Commune?.Code == parcel.CommuneCode ? null : read.Value.Commune;
        }
        if (street.Length == 0 && commune is null) return new Refusal("address_missing", "Ask for street, quarter and a landmark.", "address");
        var line = RescueToType.Address(street.Length > 0 ? street : null, commune?.Name);
        return Settle(new(wish.Kind) { Address = street.Length > 0 ? street : null, Commune = commune }, (street.Length > 0 ? ParcelFields.Address : 0) | (commune is null ? 0 : ParcelFields.Destination), can, line);
    }

    private static Refusal OtherWilaya() => new("other_wilaya", "A parcel on its way does not change the wilaya by itself: a person of the shop must decide. Use wants_person.", "commune", [Word(RescueAnswerKind.WantsPerson)]);

    private async Task<Result<RescuePlan>> DeskAsync(CourierAccount account, Parcel parcel, RescueWish wish, ParcelFields can, CancellationToken stop)
    {
        if (parcel.Delivery == Delivery.Desk) return new Refusal("answer_not_possible", "It goes to a desk already: the customer is told when it is there.", "answer");
        var commune = places.CommuneOf(parcel.CommuneCode)?.Name ?? "";
        CourierPlace? desk = null;
        if (wish.Value.Trim().Length > 0 && await NamedAsync(account, parcel, wish.Value, stop) is { } chosen) desk = chosen;
        else
        {
            var found = await destinations.ResolveAsync(account, parcel.WilayaCode, parcel.CommuneCode, Delivery.Desk, null, stop);
            if (!found.Ok) return found.Refusal;
            desk = found.Value.Desk;
        }
        var name = desk?.Name ?? commune;
        return Settle(new(wish.Kind) { DeskId = desk?.Id, DeskName = name }, ParcelFields.Destination, can, RescueToType.Desk(name));
    }

    /// <summary>The one desk of the parcel's wilaya that a customer's words name.</summary>
    private async Task<CourierPlace?> NamedAsync(CourierAccount account, Parcel parcel, string words, CancellationToken stop)
    {
        var (id, wilaya) = (account.Id, parcel.WilayaPlaceId);
        var of = await db.CourierPlaces.AsNoTracking().Where(p => p.Id == wilaya).Select(p => p.Ref).SingleOrDefaultAsync(stop);
        var desks = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == id && p.Active && p.Kind == CourierPlaceKind.Desk && p.WilayaRef == of).ToListAsync(stop);
        var said = Folding.Compact(words);
        return desks.Where(d => Folding.Compact(d.Name) is { Length: > 0 } name && (name == said || name.Contains(said, StringComparison.Ordinal) || said.Contains(name, StringComparison.Ordinal))).ToList() is [var one] ? one : null;
    }
}

/// <summary>A rescue that may be answered.</summary>
public sealed record OpenRescue(Rescue Rescue, Parcel Parcel, int Number);
