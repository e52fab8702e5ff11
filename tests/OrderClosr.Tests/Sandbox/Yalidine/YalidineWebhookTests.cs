using System.Net;
using System.Text;
using OrderClosr.Sandbox.Yalidine;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Yalidine;

public sealed class YalidineWebhookTests
{
    private const string Url = "http://product.test/webhooks/couriers/yalidine/k1";

    [Fact]
    public void The_signature_is_the_published_one() => Assert.Equal("3391c0a2cdd3585e2858d780ac3be4b972f88fe7522b4929c778950072a084f0", YalidineHooks.Sign("invented-webhook-secret",
        """{"type":"parcel_status_updated","events":[{"event_id":"evt_01","occurred_at":"2026-10-02 14:31:07","data":{"tracking":"yal-45ABCD","status":"Tentative échouée","reason":"Client ne répond pas"}}]}"""u8));

    [Fact]
    public async Task A_webhook_works_only_after_its_handshake_and_tells_signed_what_happened()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        yalidine.Product = _ => new(HttpStatusCode.OK) { Content = new StringContent("something else") };
        var made = (await yalidine.DoorAsync(HttpMethod.Post, "webhooks", new { url = Url, activate = true }))!;
        Assert.Equal((false, false), ((bool)made["tested"]!, (bool)made["active"]!));
        Assert.Equal(409, (await yalidine.PostAsync($"_webhooks/{made["id"]}/activate", new { })).Status);
        await yalidine.BookAsync("UNSEEN");
        Assert.Empty(yalidine.Hooks);

        yalidine.Product = told => new(HttpStatusCode.OK) { Content = new StringContent(told.Url.Query.Split("crc_token=")[^1]) };
        await yalidine.DoorAsync(HttpMethod.Post, $"webhooks/{made["id"]}/test");
        await yalidine.DoorAsync(HttpMethod.Post, $"webhooks/{made["id"]}/activate");
        var tracking = await yalidine.BookAsync("ORD-1");
        await yalidine.MoveAsync(tracking, "Tentative échouée", "Client ne répond pas");
        var hook = await Eventually.FindsAsync(() => Task.FromResult(yalidine.Hooks.FirstOrDefault(h => (string)h.Json["type"]! == "parcel_status_updated")));
        Assert.Equal(YalidineHooks.Sign("invented-webhook-secret", Encoding.UTF8.GetBytes(hook.Raw)), hook.Headers["X-YALIDINE-SIGNATURE"]);
        var data = hook.Json["events"]![0]!["data"]!;
        Assert.Equal((tracking, "Tentative échouée", "Client ne répond pas"), ((string)data["tracking"]!, (string)data["status"]!, (string)data["reason"]!));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", (string)hook.Json["events"]![0]!["occurred_at"]!);
    }

    [Fact]
    public async Task Parcels_made_together_are_told_together_and_money_is_told_too()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        await yalidine.HookAsync();
        var made = (await yalidine.CreateAsync(YalidinePlay.Parcel("A"), YalidinePlay.Parcel("B"))).Json!;
        var hook = await Eventually.FindsAsync(() => Task.FromResult(yalidine.Hooks.FirstOrDefault()));
        Assert.Equal(("parcel_created", 2), ((string)hook.Json["type"]!, hook.Json["events"]!.AsArray().Count));
        var tracking = (string)made["A"]!["tracking"]!;
        await yalidine.MoveAsync(tracking, "Livré");
        var payout = await yalidine.DoorAsync(HttpMethod.Post, "payouts", new { trackings = new[] { tracking } });
        var money = await Eventually.FindsAsync(() => Task.FromResult(yalidine.Hooks.FirstOrDefault(h => (string)h.Json["type"]! == "parcel_payment_updated")));
        Assert.Equal(("payed", (string)payout!["id"]!), ((string)money.Json["events"]![0]!["data"]!["status"]!, (string)money.Json["events"]![0]!["data"]!["payment_id"]!));
    }

    [Theory]
    [InlineData("wrong-signature", null)]
    [InlineData("missing-signature", null)]
    [InlineData("signature-header", "underscore")]
    [InlineData("occurred-at", "iso")]
    [InlineData("duplicate", null)]
    public async Task A_webhook_is_as_odd_as_the_knob_makes_it(string kind, string? value)
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        await yalidine.HookAsync();
        await yalidine.FaultAsync(kind, value);
        await yalidine.BookAsync("A");
        var hook = await Eventually.FindsAsync(() => Task.FromResult(yalidine.Hooks.FirstOrDefault()));
        var right = YalidineHooks.Sign("invented-webhook-secret", Encoding.UTF8.GetBytes(hook.Raw));
        var signature = hook.Headers.GetValueOrDefault("X-YALIDINE-SIGNATURE");
        switch (kind)
        {
            case "wrong-signature": Assert.NotEqual(right, signature); Assert.NotNull(signature); break;
            case "missing-signature": Assert.Null(signature); break;
            case "signature-header": Assert.Equal((null, right), (signature, hook.Headers["X_YALIDINE_SIGNATURE"])); break;
            case "occurred-at": Assert.EndsWith("+01:00", (string)hook.Json["events"]![0]!["occurred_at"]!, StringComparison.Ordinal); break;
            default:
                await Eventually.HoldsAsync(() => yalidine.Hooks.Count() == 2);
                Assert.Equal(hook.Raw, yalidine.Hooks.Last().Raw);
                break;
        }
    }

    [Fact]
    public async Task With_the_switch_the_handshake_wants_json()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        await yalidine.FaultAsync("handshake", "json");
        Assert.False((bool)(await yalidine.DoorAsync(HttpMethod.Post, "webhooks", new { url = Url }))!["tested"]!);
        yalidine.Product = told => new(HttpStatusCode.OK) { Content = new StringContent($$"""{"crc_token":"{{told.Url.Query.Split("crc_token=")[^1]}}"}""") };
        Assert.True((bool)(await yalidine.DoorAsync(HttpMethod.Post, "webhooks", new { url = Url }))!["tested"]!);
    }

    [Fact]
    public async Task After_seven_tries_in_vain_the_webhook_is_disabled()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var yalidine = await YalidinePlay.StartAsync(time);
        await yalidine.HookAsync();
        yalidine.Product = _ => new(HttpStatusCode.InternalServerError);
        await yalidine.BookAsync("A");
        // Each wait begins only when the try before it has ended: the clock goes on until the last one.
        await Eventually.HoldsAsync(() =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return yalidine.Hooks.Count() == 7;
        });
        await Eventually.HoldsAsync(async () => !(bool)(await yalidine.DoorAsync(HttpMethod.Get, "webhooks"))!["items"]![0]!["active"]!);
    }
}
