using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Sandbox.Chargily;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Chargily;

/// <summary>The payment service: strict checkouts that die after half an hour, and signed events with the oddities a receiver must bear.</summary>
public sealed class ChargilyTests
{
    private const string Key = "test_sk_invented_orderclosr";

    private static Task<CourierPlay> StartAsync(FakeTimeProvider? time = null) => CourierPlay.StartAsync("chargily", new() { ["Authorization"] = "Bearer " + Key }, time);

    private static JsonObject Wish(params (string Name, JsonNode? Value)[] other)
    {
        var wish = new JsonObject { ["amount"] = 3900, ["currency"] = "dzd", ["success_url"] = "http://product.test/back", ["webhook_endpoint"] = "http://product.test/webhooks/chargily", ["metadata"] = new JsonObject { ["invoice_id"] = "2026-0001" } };
        foreach (var (name, value) in other) if (value is null) wish.Remove(name); else wish[name] = value.DeepClone();
        return wish;
    }

    private static async Task<string> MadeAsync(CourierPlay play)
    {
        var said = await play.PostAsync("api/v2/checkouts", Wish());
        Assert.Equal(200, said.Status);
        return (string)said.Json!["id"]!;
    }

    private static async Task<string> StatusAsync(CourierPlay play, string id) => (string)(await play.GetAsync($"checkouts/{id}")).Json!["status"]!;

    private static Task<Told> HookAsync(CourierPlay play, int count) => Eventually.FindsAsync(() => Task.FromResult(play.Hooks.Count() >= count ? play.Hooks.ElementAt(count - 1) : null));

    [Fact]
    public async Task A_checkout_is_made_from_what_the_documents_name_and_from_nothing_else()
    {
        await using var play = await StartAsync();
        Assert.Equal(401, (await play.CallAsync(HttpMethod.Get, "balance", null, ("Authorization", "Bearer test_sk_other"))).Status);
        var made = (await play.PostAsync("test/api/v2/checkouts", Wish(("locale", "fr"), ("payment_method", "cib")))).Json!;
        Assert.Matches("^[0-9a-z]{26}$", (string)made["id"]!);
        Assert.Equal(("checkout", "pending", 3900, "dzd", "cib"), ((string)made["entity"]!, (string)made["status"]!, (int)made["amount"]!, (string)made["currency"]!, (string)made["payment_method"]!));
        Assert.False((bool)made["livemode"]!);
        Assert.EndsWith($"/checkouts/{made["id"]}/pay", (string)made["checkout_url"]!, StringComparison.Ordinal);
        foreach (var (field, wish) in ((string, JsonObject)[])
        [
            ("amount", Wish(("amount", "3900"))), ("amount", Wish(("amount", 49))), ("amount", Wish(("amount", null))), ("currency", Wish(("currency", "eur"))), ("success_url", Wish(("success_url", null))),
            ("success_url", Wish(("success_url", "back"))), ("webhook_url", Wish(("webhook_url", "http://product.test/"))), ("metadata", Wish(("metadata", new JsonArray(new JsonObject())))), ("locale", Wish(("locale", "de"))),
        ])
        {
            var no = await play.PostAsync("checkouts", wish);
            Assert.True(no.Status == 422 && no.Json!["errors"]![field] is not null, $"{field}: {no.Status} {no.Text}");
        }
        await play.FaultAsync("minimum", "75");
        Assert.Equal(422, (await play.PostAsync("checkouts", Wish(("amount", 60)))).Status);
        await play.FaultAsync("fees", "customer");
        await play.FaultAsync("create-status", "201");
        var dear = await play.PostAsync("checkouts", Wish());
        Assert.Equal((201, 78), (dear.Status, (int)dear.Json!["fees_on_customer"]!));
        Assert.Equal(404, (await play.GetAsync("checkouts/01hj5n7cqpaf0mt2d0xx85tgz8")).Status);
        Assert.Equal(2, (int)(await play.GetAsync("checkouts?per_page=1")).Json!["last_page"]!);
        await play.FaultAsync("rate-limit", "1");
        Assert.Equal(200, (await play.GetAsync("balance")).Status);
        Assert.Equal((429, "60"), ((await play.GetAsync("balance")) is { } limited ? (limited.Status, limited.Header("Retry-After")) : default));
    }

    [Fact]
    public async Task It_expires_after_half_an_hour_or_when_asked_while_it_is_pending()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));
        await using var play = await StartAsync(time);
        var (old, asked, paid) = (await MadeAsync(play), await MadeAsync(play), await MadeAsync(play));
        Assert.Equal("expired", (string)(await play.PostAsync($"checkouts/{asked}/expire", "{}")).Json!["status"]!);
        Assert.Equal(400, (await play.PostAsync($"checkouts/{asked}/expire", "{}")).Status);
        await play.DoorAsync(HttpMethod.Post, $"checkouts/{paid}", new { @do = "pay" });
        Assert.Equal(403, (await play.PostAsync($"checkouts/{paid}/expire", "{}")).Status);
        Assert.Equal(409, (await play.CallAsync(HttpMethod.Post, $"_checkouts/{asked}", new { @do = "pay" })).Status);
        await play.FaultAsync("paid-after-expire", count: 1);
        await play.DoorAsync(HttpMethod.Post, $"checkouts/{asked}", new { @do = "pay" });
        Assert.Equal("paid", await StatusAsync(play, asked));
        Assert.Equal("pending", await StatusAsync(play, old));
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("expired", await StatusAsync(play, old));
        Assert.Equal(7800, (int)(await play.GetAsync("balance")).Json!["wallets"]![0]!["balance"]!);
    }

    [Fact]
    public async Task Its_events_are_signed_over_the_bytes_and_odd_in_the_known_ways()
    {
        // The vector of the facts (chargily.md section 5).
        Assert.Equal("4130ced34267598d6e5b21de8d6163e4abb34ab5672c3c57b841f654cfbc35b5",
            ChargilyHooks.Sign("test_sk_invented", """{"id":"01kq0000000000000000000000","entity":"event","livemode":"false","type":"checkout.paid"}"""u8));
        await using var play = await StartAsync();
        var id = await MadeAsync(play);
        await play.DoorAsync(HttpMethod.Post, $"checkouts/{id}", new { @do = "pay" });
        var told = await HookAsync(play, 1);
        Assert.Equal(ChargilyHooks.Sign(Key, Encoding.UTF8.GetBytes(told.Raw)), told.Headers["signature"]);
        Assert.Equal(("checkout.paid", "false", id), ((string)told.Json["type"]!, (string)told.Json["livemode"]!, (string)told.Json["data"]!["id"]!));
        Assert.NotNull(told.Json["data"]!["url"]);
        Assert.Null(told.Json["data"]!["checkout_url"]);
        Assert.Equal("0", told.Json["data"]!["livemode"]!.ToJsonString());

        await play.FaultAsync("livemode", "bool");
        await play.FaultAsync("url-field", "checkout_url");
        await play.FaultAsync("wrong-signature", count: 1);
        await play.FaultAsync("duplicate", count: 1);
        await play.DoorAsync(HttpMethod.Post, $"checkouts/{await MadeAsync(play)}", new { @do = "fail" });
        var twice = await HookAsync(play, 3);
        Assert.Equal(("checkout.failed", "false"), ((string)twice.Json["type"]!, twice.Json["livemode"]!.ToJsonString()));
        Assert.NotEqual(ChargilyHooks.Sign(Key, Encoding.UTF8.GetBytes(twice.Raw)), twice.Headers["signature"]);
        await play.FaultAsync("no-webhook", count: 1);
        await play.DoorAsync(HttpMethod.Post, $"checkouts/{await MadeAsync(play)}", new { @do = "pay" });
        await play.FaultAsync("webhook-before-answer", count: 1);
        await MadeAsync(play);
        Assert.Equal(4, play.Hooks.Count());
    }

    [Fact]
    public async Task A_buyer_pays_on_its_page_and_comes_back()
    {
        await using var play = await StartAsync();
        var id = await MadeAsync(play);
        var page = await play.GetAsync($"test/checkouts/{id}/pay");
        Assert.Contains("3900 DZD", page.Text, StringComparison.Ordinal);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = play.Http.BaseAddress };
        using var pay = new FormUrlEncodedContent([KeyValuePair.Create("do", "pay")]);
        Assert.Equal("http://product.test/back", (await http.PostAsync($"/chargily/test/checkouts/{id}/pay", pay)).Headers.Location!.OriginalString);
        Assert.Equal("paid", await StatusAsync(play, id));
        Assert.Contains("it is paid already", await (await http.PostAsync($"/chargily/test/checkouts/{id}/pay", pay)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
