using System.Globalization;
using System.Net;
using System.Text;
using OrderClosr.Sandbox.ZrExpress;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.ZrExpress;

public sealed class ZrWebhookTests
{
    [Fact]
    public void The_signature_is_the_published_one() => Assert.Equal("v1,hswl+op/C2Rqa83fN9BgTFpwGfz3y83pzafau1DxePU=", ZrHooks.Sign(
        "whsec_" + Convert.ToBase64String("invented-svix-key-24byte"u8), "msg_01", 1790947867,
        """{"eventType":"parcel.state.updated","occurredAt":"2026-10-02T13:31:07Z","data":{"trackingNumber":"16-ABCDE12345-ZR"}}"""u8));

    [Fact]
    public async Task A_state_a_situation_and_a_return_are_told_signed()
    {
        await using var zr = await ZrPlay.StartAsync();
        var secret = await zr.HookAsync("parcel.state.updated", "parcel.state.situation.created", "parcel.isReturn.updated");
        var parcel = await zr.BookAsync("ORD-1");
        var tracking = (string)parcel["trackingNumber"]!;
        await zr.MoveAsync(parcel, "pret_a_expedier");
        foreach (var to in (string[])["dispatch", "sortie_en_livraison", "injoignable", "attente_recuperation_fournisseur"]) await zr.Play.MoveAsync(tracking, to);
        await Eventually.HoldsAsync(() => zr.Play.Hooks.Count() == 6);
        Assert.Equal(["parcel.isReturn.updated", "parcel.state.situation.created", "parcel.state.updated", "parcel.state.updated", "parcel.state.updated", "parcel.state.updated"], zr.Play.Hooks.Select(h => (string)h.Json["eventType"]!).Order());
        foreach (var hook in zr.Play.Hooks)
            Assert.Equal(ZrHooks.Sign(secret, hook.Headers["svix-id"], long.Parse(hook.Headers["svix-timestamp"], CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(hook.Raw)), hook.Headers["svix-signature"]);
        var situation = zr.Play.Hooks.Single(h => (string)h.Json["eventType"]! == "parcel.state.situation.created").Json["data"]!;
        Assert.Equal(("ORD-1", "sortie_en_livraison", "injoignable"), ((string)situation["externalId"]!, (string)situation["state"]!["name"]!, (string)situation["situation"]!["slug"]!));
        Assert.Equal(System.Text.Json.JsonValueKind.String, situation["returnPrice"]!.GetValueKind());
        Assert.True((bool)zr.Play.Hooks.Single(h => (string)h.Json["eventType"]! == "parcel.isReturn.updated").Json["data"]!["isReturn"]!);
    }

    [Theory]
    [InlineData("wrong-signature", null)]
    [InlineData("missing-signature", null)]
    [InlineData("stale-timestamp", null)]
    [InlineData("two-signatures", null)]
    [InlineData("webhook-headers", "webhook")]
    [InlineData("pascal-case-webhooks", null)]
    public async Task A_webhook_is_as_odd_as_the_knob_makes_it(string kind, string? value)
    {
        await using var zr = await ZrPlay.StartAsync();
        var secret = await zr.HookAsync("parcel.state.updated");
        await zr.Play.FaultAsync(kind, value);
        await zr.MoveAsync(await zr.BookAsync("A"), "pret_a_expedier");
        var hook = await Eventually.FindsAsync(() => Task.FromResult(zr.Play.Hooks.FirstOrDefault()));
        var name = kind == "webhook-headers" ? "webhook" : "svix";
        if (kind == "missing-signature") { Assert.DoesNotContain("svix-signature", hook.Headers.Keys); return; }
        var at = long.Parse(hook.Headers[name + "-timestamp"], CultureInfo.InvariantCulture);
        var right = ZrHooks.Sign(secret, hook.Headers[name + "-id"], at, Encoding.UTF8.GetBytes(hook.Raw));
        var signature = hook.Headers[name + "-signature"];
        switch (kind)
        {
            case "wrong-signature": Assert.NotEqual(right, signature); break;
            case "two-signatures": Assert.Equal(right, signature.Split(' ')[1]); Assert.NotEqual(right, signature.Split(' ')[0]); break;
            case "stale-timestamp": Assert.True(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - at > 300); Assert.Equal(right, signature); break;
            case "pascal-case-webhooks": Assert.Equal("A", (string)hook.Json["Data"]!["ExternalId"]!); Assert.Equal("pret_a_expedier", (string)hook.Json["Data"]!["State"]!["Name"]!); break;
            default: Assert.Equal(right, signature); break;
        }
    }

    [Fact]
    public async Task A_second_try_is_signed_for_its_own_time()
    {
        await using var zr = await ZrPlay.StartAsync();
        await zr.HookAsync("parcel.state.updated");
        await zr.Play.FaultAsync("retry-schedule", "1.1");
        zr.Play.Product = _ => new(HttpStatusCode.ServiceUnavailable);
        await zr.MoveAsync(await zr.BookAsync("A"), "pret_a_expedier");
        await Eventually.HoldsAsync(() => zr.Play.Hooks.Count() == 2);
        var (first, second) = (zr.Play.Hooks.First(), zr.Play.Hooks.Last());
        Assert.Equal((first.Raw, first.Headers["svix-id"]), (second.Raw, second.Headers["svix-id"]));
        Assert.NotEqual(first.Headers["svix-timestamp"], second.Headers["svix-timestamp"]);
        Assert.NotEqual(first.Headers["svix-signature"], second.Headers["svix-signature"]);
    }

    [Fact]
    public async Task A_tenant_has_at_most_five_endpoints_and_names_their_events()
    {
        await using var zr = await ZrPlay.StartAsync();
        Assert.Equal("EventTypes is required", (string)(await zr.PostAsync("webhooks/endpoints", new { url = "http://product.test/x", events = new[] { "parcel.state.updated" } })).Json!["errors"]!["EventTypes"]![0]!);
        for (var i = 0; i < 5; i++) await zr.HookAsync("parcel.state.updated");
        Assert.Equal("Endpoints.LimitReached", (string)(await zr.PostAsync("webhooks/endpoints", new { url = "http://product.test/x", eventTypes = new[] { "parcel.state.updated" } })).Json!["title"]!);
        var id = (string)(await zr.GetAsync("webhooks/endpoints")).Json![0]!["id"]!;
        Assert.Equal(204, (await zr.Play.CallAsync(HttpMethod.Delete, $"{ZrPlay.Api}webhooks/endpoints/{id}")).Status);
        Assert.Equal(404, (await zr.GetAsync("webhooks/endpoints/" + id)).Status);
    }
}
