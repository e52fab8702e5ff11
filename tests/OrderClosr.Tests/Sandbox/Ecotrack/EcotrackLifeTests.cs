using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Ecotrack;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Sandbox.Ecotrack.EcotrackPlay;

namespace OrderClosr.Tests.Sandbox.Ecotrack;

/// <summary>What becomes of a parcel at Ecotrack: status, history, webhooks, money.</summary>
public sealed class EcotrackLifeTests
{
    [Theory]
    [InlineData("invented-webhook-secret", "{}", "7ab4040df88ddc831f450e2ca72528bfa42177f89784adea0bea17d5508f7578", "erQEDfiN3IMfRQ4spyUov6Qhd/iXhK3qC+oX1VCPdXg=")]
    [InlineData("invented-ecotrack-webhook-secret", """{"event":"order.state.en_livraison","event_id":"01JD0000000000000000000000","occurred_at":"2026-10-02T14:31:07+01:00","tracking":"ECABCD2610020001","state":{"id":9,"code":"en_livraison","title":"En livraison"},"previous_state":{"code":"en_preparation"},"order":{"amount":4500,"tentatives_count":0},"maj":null}""", "8d0703d652f48200551b10dca918fd5a4b0d5ab398cdc1737019262e7492e38d", null)]
    public void A_body_has_the_signature_of_its_exact_bytes(string secret, string body, string hex, string? base64)
    {
        Assert.Equal(hex, EcotrackWebhooks.Sign(secret, Encoding.UTF8.GetBytes(body)));
        if (base64 is not null) Assert.Equal(base64, EcotrackWebhooks.Sign(secret, Encoding.UTF8.GetBytes(body), asBase64: true));
    }

    [Fact]
    public async Task A_parcel_goes_out_fails_is_delivered_and_its_history_says_so()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var draft = await play.TakenAsync(Order("ORD-0"));
        Assert.Equal(422, (await play.CallAsync(HttpMethod.Post, $"_parcels/{draft}/move", new { to = "en_hub" })).Status); // nobody sees a draft
        var tracking = await play.ShippedAsync(Order("ORD-1"));
        await play.MoveAsync(tracking, "en_ramassage");
        await play.MoveAsync(tracking, "en_livraison");
        await play.MoveAsync(tracking, "attempt_delivery", "Client ne répond pas");
        var out_ = await play.StateAsync(tracking);
        Assert.Equal(("en_livraison", "ORD-1", "Client ne répond pas"), ((string)out_["status"]!, (string)out_["order_id"]!, (string)out_["activity"]![0]!["reason"]!));
        await play.MoveAsync(tracking, "livre_encaisse_non_paye"); // the webhook's own word is taken, too
        Assert.Equal("encaisse_non_paye", (string)(await play.StateAsync(tracking))["status"]!);
        var info = (await play.GetAsync($"{V1}get/tracking/info?tracking={tracking}")).Json!;
        Assert.Equal(["order_information_received_by_carrier", "picked", "dispatched_to_driver", "attempt_delivery", "encaissed"], info["activity"]!.AsArray().Select(a => (string)a!["status"]!));
        Assert.Equal("Client ne répond pas", (string)info["reasons"]![0]!);
        Assert.Equal(10003, (int)(await play.PostAsync($"{V1}ask/for/order/return?tracking={tracking}", "")).Json!["error"]!);
        Assert.Equal(422, (await play.CallAsync(HttpMethod.Post, $"_parcels/{tracking}/move", new { to = "somewhere" })).Status);
        await play.DoorAsync(HttpMethod.Post, $"parcels/{tracking}/move", new { to = "perdu_en_mer", any = true });
        Assert.Equal("perdu_en_mer", (string)(await play.StateAsync(tracking))["status"]!);
    }

    [Fact]
    public async Task Remarks_are_written_and_read_back()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var tracking = await play.ShippedAsync(Order("ORD-1"));
        Assert.Equal(422, (await play.PostAsync($"{V1}add/maj?tracking={tracking}", "")).Status);
        Assert.Equal(422, (await play.PostAsync($"{V1}add/maj?tracking={tracking}&content={new string('x', 256)}", "")).Status);
        Assert.True((bool)(await play.PostAsync($"{V1}add/maj?tracking={tracking}&content=Appeler%20le%20soir", "")).Json!["success"]!);
        var remark = (await play.GetAsync($"{V1}get/maj?tracking={tracking}")).Json![0]!;
        Assert.Equal(("Appeler le soir", tracking), ((string)remark["remarque"]!, (string)remark["tracking"]!));
    }

    [Fact]
    public async Task Each_state_is_told_signed_and_in_order_with_an_id_of_its_own()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var silent = await play.ShippedAsync(Order("ORD-0"));
        await play.MoveAsync(silent, "en_hub");
        await play.DoorAsync(HttpMethod.Post, "accounts/" + Account, new { webhook = "http://product.test/webhooks/couriers/ecotrack/k1" });
        var tracking = await play.ShippedAsync(Order("ORD-1"));
        await play.MoveAsync(tracking, "en_livraison");
        await play.MoveAsync(tracking, "attempt_delivery", "Client absent");
        await Eventually.HoldsAsync(() => play.Hooks.Count() == 3);
        Assert.All(play.Hooks, h => Assert.Equal(h.Headers["X-ECOTRACK-Signature"], EcotrackWebhooks.Sign(Secret, Encoding.UTF8.GetBytes(h.Raw))));
        var byName = play.Hooks.ToDictionary(h => h.Headers["X-ECOTRACK-Event"]);
        Assert.Equal(["order.maj.added", "order.state.en_livraison", "order.state.pret_a_expedier"], byName.Keys.Order(StringComparer.Ordinal));
        var moved = byName["order.state.en_livraison"].Json;
        Assert.Equal((tracking, "en_livraison", "pret_a_expedier", 4500), ((string)moved["tracking"]!, (string)moved["state"]!["code"]!, (string)moved["previous_state"]!["code"]!, (int)moved["order"]!["amount"]!));
        Assert.Equal((string)moved["event_id"]!, byName["order.state.en_livraison"].Headers["X-ECOTRACK-Event-Id"]);
        Assert.Equal(26, ((string)moved["event_id"]!).Length);
        var attempt = byName["order.maj.added"].Json;
        Assert.Equal(("tentative_added", 1, "Client absent", 1), ((string)attempt["maj"]!["type"]!, (int)attempt["maj"]!["tentative_number"]!, (string)attempt["maj"]!["raison"]!, (int)attempt["order"]!["tentatives_count"]!));
    }

    [Fact]
    public async Task Webhooks_come_twice_wrongly_signed_in_base64_or_not_at_all_when_switched_so()
    {
        await using var play = await EcotrackPlay.StartAsync();
        await play.DoorAsync(HttpMethod.Post, "accounts/" + Account, new { webhook = "http://product.test/hook" });
        await play.FaultAsync("duplicate", count: 1);
        await play.TakenAsync(Order("ORD-1"));
        await Eventually.HoldsAsync(() => play.Hooks.Count() == 2);
        Assert.Single(play.Hooks.Select(h => h.Headers["X-ECOTRACK-Event-Id"]).Distinct());
        await play.FaultAsync("wrong-signature", count: 1);
        await play.TakenAsync(Order("ORD-2"));
        var wrong = await Eventually.FindsAsync(() => Task.FromResult(play.Hooks.Skip(2).FirstOrDefault()));
        Assert.NotEqual(EcotrackWebhooks.Sign(Secret, Encoding.UTF8.GetBytes(wrong.Raw)), wrong.Headers["X-ECOTRACK-Signature"]);
        await play.FaultAsync("signature", "base64");
        await play.TakenAsync(Order("ORD-3"));
        var other = await Eventually.FindsAsync(() => Task.FromResult(play.Hooks.Skip(3).FirstOrDefault()));
        Assert.Equal(EcotrackWebhooks.Sign(Secret, Encoding.UTF8.GetBytes(other.Raw), asBase64: true), other.Headers["X-ECOTRACK-Signature"]);
        await play.ClearAsync();
        await play.FaultAsync("numbers-as-text");
        await play.FaultAsync("booleans-as", "digit");
        var odd = await play.CreateAsync(Order("ORD-ODD"));
        Assert.Equal("1", (string)odd.Json!["success"]!);
        var text = await Eventually.FindsAsync(() => Task.FromResult(play.Hooks.Skip(4).FirstOrDefault()));
        Assert.Equal("4500", (string)text.Json["order"]!["amount"]!);
        await play.ClearAsync();
        await play.FaultAsync("retry-schedule", "0,0");
        play.Product = _ => new(System.Net.HttpStatusCode.InternalServerError);
        await play.TakenAsync(Order("ORD-4"));
        await Eventually.HoldsAsync(() => play.Hooks.Count() == 8);
    }

    [Fact]
    public async Task An_event_that_comes_late_is_told_and_moves_nothing_back()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var tracking = await play.ShippedAsync(Order("ORD-1"));
        await play.MoveAsync(tracking, "livre_non_encaisse");
        await play.DoorAsync(HttpMethod.Post, "accounts/" + Account, new { webhook = "http://product.test/hook" });
        await play.DoorAsync(HttpMethod.Post, $"parcels/{tracking}/move", new { to = "en_livraison", at = "2026-01-01T10:00:00+01:00" });
        await Eventually.HoldsAsync(() => play.Hooks.Any());
        Assert.Equal("2026-01-01T10:00:00+01:00", (string)play.Hooks.Single().Json["occurred_at"]!);
        Assert.Equal("livre_non_encaisse", (string)(await play.StateAsync(tracking))["status"]!);
    }

    [Fact]
    public async Task Delivered_and_returned_parcels_are_paid_out_on_one_slip()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var delivered = await play.ShippedAsync(Order("ORD-1", ("weight", "7")));
        var returned = await play.ShippedAsync(Order("ORD-2"));
        Assert.Equal(409, (await play.CallAsync(HttpMethod.Post, "_payouts", new { trackings = (string[])[delivered] })).Status);
        await play.MoveAsync(delivered, "livre_non_encaisse");
        await play.MoveAsync(returned, "retour_recu");
        var slip = (await play.DoorAsync(HttpMethod.Post, "payouts", new { trackings = (string[])[delivered, returned], strangers = (object[])[new { tracking = "ECZZZZ0000000001", amount = 900 }] }))!;
        Assert.Equal(4500 - 400 - 100 - 200 + 900, (int)slip["total"]!); // two kilograms over five cost 50 each, the return 200
        var csv = await play.Http.GetStringAsync((string)slip["csv"]!);
        Assert.Contains($"{delivered};ORD-1;Amine Benali;0500000012;Alger;livre_non_encaisse;4500;500;4000", csv, StringComparison.Ordinal);
        Assert.Contains($"{returned};ORD-2;Amine Benali;0500000012;Alger;retour_recu;0;200;-200", csv, StringComparison.Ordinal);
        Assert.Equal("PK", Encoding.ASCII.GetString((await play.Http.GetByteArrayAsync((string)slip["xlsx"]!))[..2]));
        var row = (await play.GetAsync($"{V1}get/orders?tracking={delivered}")).Json!["data"]![0]!;
        Assert.Equal(("paye_et_archive", (string)slip["id"]!, 500), ((string)row["status"]!, (string)row["payment_id"]!, (int)row["tarif_prestation"]!));
        Assert.Equal("retour_archive", (string)(await play.StateAsync(returned))["status"]!);
        Assert.Equal(409, (await play.CallAsync(HttpMethod.Post, "_payouts", new { trackings = (string[])[delivered] })).Status);
    }

    [Fact]
    public async Task Returns_are_confirmed_all_or_none()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var (first, second) = (await play.ShippedAsync(Order("ORD-1")), await play.ShippedAsync(Order("ORD-2")));
        Assert.True((bool)(await play.PostAsync($"{V1}ask/for/order/return?tracking={first}", "")).Json!["success"]!);
        await play.MoveAsync(first, "retour_recu");
        JsonObject Both() => new() { ["trackings"] = new JsonArray(first, second) };
        Assert.Equal("""{"returned":"fail"}""", (await play.PostAsync(V1 + "valid/returns", Both())).Text);
        await play.MoveAsync(second, "retours_recu");
        Assert.Equal("""{"returned":"success"}""", (await play.PostAsync(V1 + "valid/returns", Both())).Text);
        Assert.Equal("retour_archive", (string)(await play.StateAsync(first))["status"]!);
    }
}
