using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Cash;

/// <summary>Claims a member opens on a parcel's page, and their story.</summary>
public sealed class ClaimTests
{
    [Theory, OnBothDatabases]
    public async Task A_broken_parcel_is_claimed_answered_and_paid_and_every_step_has_its_day(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var order = await world.OrderAsync();
        var made = await world.ShipAsync(order.Id);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (page, form) = ($"/w/{world.Shop.Slug}/parcels/{made.Value.Id}", $"/w/{world.Shop.Slug}/cash/parcels/{made.Value.Id}/claim");
        Dictionary<string, string> Wish(string kind, string amount = "1 200") => new() { ["kind"] = kind, ["amount"] = amount, ["note"] = "carton mouillé" };

        // What never left is not claimed.
        Assert.DoesNotContain("/claim\"", await member.ReadAsync(page));
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(form, Wish("damaged"))).StatusCode);
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(order.Id)).Tracking is not null);
        Assert.True((await world.DoAsync(s => s.Get<Moving>().MoveAsync(made.Value.Id, ParcelState.InTransit, world.By(ActorKind.Member, "seen"), default))).Ok);
        Assert.Contains("/claim\"", await member.ReadAsync(page));
        // The goods alone are offered: 1200 of 1800.
        Assert.Matches("name=\"amount\"[^>]*value=\"1.200\"", await member.ReadAsync(form));
        foreach (var wrong in (Dictionary<string, string>[])[Wish(""), Wish("difference"), Wish("damaged", "beaucoup")]) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync(form, wrong)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(form, Wish("damaged"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(form, Wish("damaged"))).StatusCode);
        var claim = await world.DoAsync(s => s.Db.Claims.AsNoTracking().SingleAsync());
        Assert.Equal((ClaimKind.Damaged, 1200L, "carton mouillé", world.Shop.OwnerId), (claim.Kind, claim.Amount.Amount, claim.Note, claim.OpenedBy));
        var one = $"/w/{world.Shop.Slug}/cash/claims/{claim.Id}";
        Assert.Contains(one, await member.ReadAsync(page));
        Assert.Contains(one, await member.ReadAsync($"/w/{world.Shop.Slug}/cash"));

        foreach (var answer in (string[])["asked", "refused", "accepted"]) Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(one, new() { ["do"] = answer, ["said"] = $"dit {answer}" })).StatusCode);
        Assert.Contains("Le livreur accepte", await member.ReadAsync(page));
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(one, new() { ["do"] = "settle", ["got"] = "1000", ["note"] = "virement" })).StatusCode);
        var story = await world.DoAsync(s => s.Db.ClaimSteps.AsNoTracking().Where(c => c.ClaimId == claim.Id).OrderBy(c => c.Id).ToListAsync());
        Assert.Equal([ClaimWord.Opened, ClaimWord.Asked, ClaimWord.Refused, ClaimWord.Accepted, ClaimWord.Settled], story.Select(s => s.What));
        Assert.Equal((1000L, "dit accepted", world.Shop.OwnerId), (story[4].Amount!.Value.Amount, story[3].Note, story[4].AccountId));
        var told = await member.ReadAsync(one);
        foreach (var words in (string[])["Ouverte", "dit refused", "Payée"]) Assert.Contains(words, told);
        // Ended: nothing more is said to it, and the parcel's own money did not move.
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(one, new() { ["do"] = "asked", ["said"] = "encore" }, form)).StatusCode);
        Assert.Equal(5, await world.DoAsync(s => s.Db.ClaimSteps.CountAsync()));
        Assert.Equal(CashState.NotDue, (await world.ParcelAsync(order.Id)).CashState);
        // The next one may begin, and a lost parcel opens its own once.
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(form, Wish("lost_or_damaged"))).StatusCode);
        Assert.True((await world.DoAsync(s => s.Get<Moving>().MoveAsync(made.Value.Id, ParcelState.LostOrDamaged, world.By(ActorKind.Member, "seen"), default))).Ok);
        Assert.Equal(1, await world.DoAsync(s => s.Db.Claims.CountAsync(c => c.Kind == ClaimKind.LostOrDamaged)));
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"/w/{world.Shop.Slug}/cash/parcels/{ParcelId.New(world.Clock.GetUtcNow())}/claim")).StatusCode);
    }
}
