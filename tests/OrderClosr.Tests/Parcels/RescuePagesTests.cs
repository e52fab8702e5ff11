using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>The desk of rescue, used as a browser without scripts does.</summary>
public sealed class RescuePagesTests
{
    [Theory, OnBothDatabases]
    public async Task A_parcel_that_needs_a_person_is_called_corrected_told_to_the_courier_and_saved(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var shop = $"/w/{world.Shop.Slug}";
        var desk = $"{shop}/parcels/rescue";
        Assert.Contains("Aucun colis n'attend personne", await member.ReadAsync(desk));
        var (rescue, order) = await FailedAsync(world);
        // An order without a conversation is a person's at once.
        var page = await member.ReadAsync(desk);
        foreach (var words in (string[])["Pas de conversation", "« Client absent »", $"tel:{order.Phone!.Value.E164}", "wa.me/213", "Amina Belkacem", "<span class=\"count call\">1</span>"]) Assert.Contains(words, page);
        Assert.Contains("parcels/rescue\"", await member.ReadAsync($"{shop}/parcels"));

        string Act(string verb) => $"{desk}/{rescue}/{verb}";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync(Act("tried"), new() { ["result"] = "nonsense" }, desk)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(Act("ask"), [], desk)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(Act("undo"), [], desk)).StatusCode);
        var tried = await member.SubmitAsync(Act("tried"), new() { ["result"] = "no_answer" }, desk);
        Assert.Equal(HttpStatusCode.Found, tried.StatusCode);
        // The wrong button: taken back from the line that says what was done.
        Assert.Contains($"{rescue}/undo", await member.ReadAsync(tried.Headers.Location!.ToString()));
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(Act("undo"), [], $"{desk}?done={rescue}.tried")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(Act("tried"), new() { ["result"] = "no_answer" }, desk)).StatusCode);

        // What a member hears on the phone is checked like what a customer writes.
        var today = AlgiersTime.DateInAlgiers(world.Clock.GetUtcNow());
        foreach (var (answer, value) in ((string, string)[])[("new_phone", "12"), ("new_day", Day(today.AddDays(-1))), ("new_day", Day(today.AddDays(30))), ("new_address", ""), ("refuse", ""), ("nonsense", "")])
            Assert.True((await member.SubmitAsync(Act("answer"), new() { ["answer"] = answer, ["value"] = value }, desk)).StatusCode == HttpStatusCode.UnprocessableEntity, $"{answer} {value}");
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(Act("answer"), new() { ["answer"] = "new_phone", ["value"] = "0500 00 00 44" }, desk)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(Act("answer"), new() { ["answer"] = "new_day", ["value"] = Day(today.AddDays(1)) }, desk)).StatusCode);
        page = await member.ReadAsync(desk);
        // This courier takes nothing by its API any more: exactly this is to be typed there.
        foreach (var words in (string[])["Nouveau téléphone : 0500000044", $"Nouvelle tentative : le {today.AddDays(1).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}", "tel:+213500000044"]) Assert.Contains(words, page);

        // Told, taken back, told.
        var told = await member.SubmitAsync(Act("told"), [], desk);
        Assert.Equal(HttpStatusCode.Found, told.StatusCode);
        page = await member.ReadAsync(told.Headers.Location!.ToString());
        Assert.Contains("dit au livreur", page);
        Assert.Contains($"{rescue}/undo", page);
        Assert.Equal(RescueState.Answered, (await RescueAsync(world, rescue)).State);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(Act("undo"), [], $"{desk}?done={rescue}.told")).StatusCode);
        var back = await RescueAsync(world, rescue);
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.AtCourier), (back.State, back.Needs));
        Assert.Contains("Nouveau téléphone : 0500000044", back.ToType);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(Act("told"), [], desk)).StatusCode);

        // The parcel's own story tells it, and a delivery after it is counted.
        var parcel = await world.ParcelAsync(order.Id);
        page = await member.ReadAsync($"{shop}/parcels/{parcel.Id}");
        foreach (var words in (string[])["Dit au livreur", "Ne répond pas", "Retour en arrière"]) Assert.Contains(words, page);
        Assert.True((await world.DoAsync(s => s.Get<Moving>().MoveAsync(parcel.Id, ParcelState.Delivered, world.By(ActorKind.Member, "seen"), default))).Ok);
        Assert.Matches("Sauvés ce mois : <bdi>1</bdi> colis, <bdi>1.800 DA</bdi>", await member.ReadAsync($"{shop}/parcels"));
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(Act("undo"), [], desk)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"{desk}/{RescueId.New(world.Clock.GetUtcNow())}/told", [], $"{shop}/orders/new")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_given_up_is_taken_back_and_the_rules_are_kept(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (rescue, _) = await FailedAsync(world);
        var (desk, rules) = ($"/w/{world.Shop.Slug}/parcels/rescue", $"/w/{world.Shop.Slug}/shipping/rescue");
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{desk}/{rescue}/close", [], desk)).StatusCode);
        Assert.Equal((RescueState.Closed, false), ((await RescueAsync(world, rescue)).State, (await RescueAsync(world, rescue)).IsOpen));
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{desk}/{rescue}/undo", [], $"{desk}?done={rescue}.close")).StatusCode);
        var back = await RescueAsync(world, rescue);
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.NoConversation, true, null), (back.State, back.Needs, back.IsOpen, back.FinishedAt));
        // What the courier says later opens no second one beside it.
        await HearAsync(world, back.ParcelId, "Client absent encore");
        Assert.Equal(1, await world.DoAsync(s => s.Db.Rescues.CountAsync()));

        Dictionary<string, string> form = new() { ["writes_alone"] = "true", ["silent_after"] = "6", ["remind_after"] = "3", ["desk_keeps"] = "7", ["wakes_at"] = "9", ["sleeps_at"] = "20", ["attempt_template"] = "relance", ["desk_template"] = "", ["reminder_template"] = "" };
        foreach (var (field, wrong) in ((string, string)[])[("silent_after", "0"), ("remind_after", "x"), ("sleeps_at", "9"), ("desk_keeps", "")])
            Assert.True((await member.SubmitAsync(rules, new(form) { [field] = wrong })).StatusCode == HttpStatusCode.UnprocessableEntity, field);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(rules, new(form))).StatusCode);
        var kept = await world.DoAsync(s => RescueSettings.OfAsync(s.Db, default));
        Assert.Equal((true, false, 6, 3, 7, 9, 20, "relance"), (kept.WritesAlone, kept.TellsDelivery, kept.SilentAfterHours, kept.RemindAfterDays, kept.DeskKeepsDays, kept.WakesAtHour, kept.SleepsAtHour, kept.AttemptTemplate));
        Assert.Contains("value=\"relance\"", await member.ReadAsync(rules));
    }

    /// <summary>A parcel whose first attempt failed, and its rescue.</summary>
    internal static async Task<(RescueId, Order)> FailedAsync(ParcelsWorld world, Func<DraftChange, DraftChange>? change = null)
    {
        var order = await world.OrderAsync(change);
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(order.Id)).Tracking is not null);
        var parcel = (await world.ParcelAsync(order.Id)).Id;
        await HearAsync(world, parcel, "Client absent");
        RescueId? found = null;
        await Eventually.HoldsAsync(async () =>
        {
            await world.App.Get<JobRunner>().RunDueAsync($"work/{world.Shop.Id}", default);
            found = await world.DoAsync(s => s.Db.Rescues.Where(r => r.ParcelId == parcel && r.State == RescueState.NeedsPerson).Select(r => (RescueId?)r.Id).SingleOrDefaultAsync());
            return found is not null;
        });
        return (found!.Value, order);
    }

    internal static Task HearAsync(ParcelsWorld world, ParcelId parcel, string reason, string label = "AttemptFailed") => world.DoAsync(scope => scope.Db.InTransactionAsync(async () =>
    {
        var locked = await scope.Db.LockedParcelAsync(parcel, default);
        await scope.Get<Moving>().HearAsync(locked!, new() { Tracking = locked!.Tracking, Events = [TestCourier.Word(world.Clock.GetUtcNow(), label, reason)] }, default);
        await scope.Db.SaveChangesAsync();
        return true;
    }, default));

    private static Task<Rescue> RescueAsync(ParcelsWorld world, RescueId id) => world.DoAsync(s => s.Db.Rescues.AsNoTracking().SingleAsync(r => r.Id == id));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
