using System.Globalization;
using System.Text.Json;
using OrderClosr.Agent.Guards;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Agent.Tools;

/// <summary>Takes the customer's answer about a parcel that could come back: another day, number, address, the desk, or a no.</summary>
/// <remarks>All four fields are required, because strict schemas have room for no more optional ones (TOOLS: at most 24 over all tools).</remarks>
public sealed class RescueParcel(AnswerRescue answers, SaidPhones said, TimeProvider time) : ITool
{
    public ToolShape Shape { get; } = new("rescue_parcel",
        "Passes on what the customer answers about a parcel named in the facts under parcels (an attempt failed, or it waits at a desk). new_day: value is the day as YYYY-MM-DD, reckoned from today, or empty when any day is right. new_phone: value is the number as written. new_address: value is street, quarter, landmark; commune only when it is another one of the same wilaya. take_from_desk: value is the desk's name, or empty. coming_to_desk: the parcel lies at the desk and the customer will come; value is the day when they said one. refuse: the customer plainly does not want it any more. wants_person: they want a person for it. Call it once for each thing they said. Tell the customer only what done says: to_courier = passed to the courier now; by_shop = the shop tells the courier; noted = noted; to_person = somebody of the shop answers here. Never promise that the driver comes or calls.",
        ToolInput.Schema("""
            {"type":"object","properties":{"order":{"type":"integer","description":"The order's number."},"answer":{"type":"string","enum":["new_day","new_address","new_phone","take_from_desk","coming_to_desk","refuse","wants_person"]},
              "value":{"type":"string","description":"Day, phone, address or desk; empty for the others."},"commune":{"type":"string","description":"Another commune of the same wilaya for new_address; else empty."}},
             "required":["order","answer","value","commune"],"additionalProperties":false}
            """));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var open = (await answers.OpenForAsync(work.Conversation.Id, stop)).FirstOrDefault(r => r.Number == input.Whole("order"));
        if (open is null) return ToolReply.No("not_found", "No parcel of this customer with that order waits for an answer. Look at parcels in the facts, or use track_parcel.");
        if (AnswerRescue.Read(input.Text("answer")) is not { } kind) return ToolReply.No("bad_input", "Say what the customer answered.", [.. AnswerRescue.Answers(open.Parcel.State).Select(AnswerRescue.Word)]);
        var wish = new RescueWish(kind, input.Text("value") ?? "", input.Text("commune") ?? "");
        if (!await said.HoldAsync(kind == RescueAnswerKind.NewPhone ? Phone.ReadAll(wish.Value) : Phone.FindInText(wish.Value), work, stop)) return SaidPhones.NotSaid;
        var planned = await answers.PlanAsync(open.Rescue, open.Parcel, wish, time.GetUtcNow(), stop);
        if (!planned.Ok) return planned.Refusal;
        var plan = planned.Value;
        var effect = new RescueEffect(open.Rescue.Id, wish, plan.GoesToCourier, plan.ToType is not null);
        // The last word about one thing counts.
        work.Effects.RemoveAll(e => e is RescueEffect other && other.Rescue == effect.Rescue && other.Wish.Kind == kind);
        work.Effects.Add(effect);
        if (kind == RescueAnswerKind.WantsPerson && work.HandOver is null) work.Effects.Add(new HandOverEffect("asked_for_person", $"Order {open.Number}: about its parcel."));
        Learn(plan, work);
        return new(new
        {
            order = open.Number, answer = AnswerRescue.Word(kind), day = plan.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), phone = plan.Phone?.National, address = plan.Address, commune = plan.Commune?.Name, desk = plan.DeskName,
            done = plan.GoesToCourier ? "to_courier" : kind == RescueAnswerKind.WantsPerson ? "to_person" : kind == RescueAnswerKind.ComingToDesk ? "noted" : "by_shop",
        });
    }

    private void Learn(RescuePlan plan, TurnWork work)
    {
        if (plan.Phone is { } phone) work.Phones.Add(phone);
        foreach (var name in (string?[])[plan.DeskName, plan.Commune?.Name, plan.Commune?.NameAr, plan.Address])
            if (name is not null) work.OtherNames.Add(name);
        if (plan.Day is { } day && day.DayNumber - time.TodayInAlgiers().DayNumber is var days) work.Days.Add(new DaySpan(days, days));
    }
}

/// <summary>Parcels that wait for the customer's answer, as the facts message shows them: our own words, never what a driver typed.</summary>
public sealed class RescueFacts(AnswerRescue answers, RescueWords words)
{
    internal async Task<IReadOnlyList<object>> ReadAsync(TurnWork work, CancellationToken stop)
    {
        var parcels = new List<object>();
        foreach (var (rescue, parcel, number) in await answers.OpenForAsync(work.Conversation.Id, stop))
        {
            var desk = parcel.State == ParcelState.AtDesk ? await words.DeskAsync(parcel, stop) : null;
            if (desk is not null) work.OtherNames.Add(desk);
            if (rescue.NewPhone is { } phone) work.Phones.Add(phone);
            parcels.Add(new
            {
                order = number, state = ParcelTransitions.Word(parcel.State), problem = JsonNamingPolicy.SnakeCaseLower.ConvertName(rescue.Kind.ToString()), desk,
                needs_answer = rescue.State is RescueState.Begun or RescueState.Asked || rescue.Answer is null, answered = rescue.Answer is { } said ? AnswerRescue.Word(said) : null,
                answers = AnswerRescue.Answers(parcel.State).Select(AnswerRescue.Word).ToList(),
            });
        }
        return parcels;
    }
}
