using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Orders;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;
using OrderClosr.Web.Hooks;

namespace OrderClosr.Tests.Web;

/// <summary>What happens in a shop, told to the shop's own programs.</summary>
public sealed class HooksTests
{
    [Theory, OnBothDatabases]
    public async Task A_program_hears_of_its_shops_orders_signed_and_of_no_other_shops(Database database)
    {
        await using var app = await StartAsync(database);
        await using var program = await Receiver.StartAsync();
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/settings/hooks";
        Assert.Equal(HttpStatusCode.OK, (await owner.PostManyAsync(page, [("url", $"{program.Url}/orders"), ("events", "order.created"), ("events", "order.confirmed"), ("events", "order.cancelled")])).StatusCode);
        var secret = System.Text.RegularExpressions.Regex.Match(owner.Html, "value=\"(whsec_[A-Za-z0-9+/=&#x;]+)\"").Groups[1].Value.Replace("&#x2B;", "+", StringComparison.Ordinal);
        Assert.NotEmpty(secret);
        Assert.DoesNotContain("whsec_", await owner.ReadAsync(page), StringComparison.Ordinal); // once
        Assert.DoesNotContain(secret, (await app.ReadAsync(shop, db => db.HookEndpoints.AsNoTracking().SingleAsync())).Secret.Token, StringComparison.Ordinal);

        var api = await ApiClient.OfAsync(app, shop);
        await (await ApiClient.OfAsync(app, other)).PostAsync("/orders", OrderBodies.Complete(other, "0500 00 00 13"));
        var order = await api.PostAsync("/orders", OrderBodies.Complete(shop));
        // A person confirms it on its page: nothing but the order is written there.
        await owner.SubmitAsync($"/w/{shop.Slug}/orders/{order.Text("id")}/move", new() { ["result"] = "confirmed" }, $"/w/{shop.Slug}/orders/{order.Text("id")}");
        await program.HasAsync(2);
        Assert.Equal(["order.created", "order.confirmed"], program.Heard.OrderBy(h => h.Json["timestamp"]!.GetValue<string>(), StringComparer.Ordinal).Select(h => (string)h.Json["type"]!));
        foreach (var heard in program.Heard)
        {
            Assert.Equal((order.Text("id"), 7600, "Bir El Djir"), ((string)heard.Json["data"]!["id"]!, (int)heard.Json["data"]!["total"]!, (string)heard.Json["data"]!["commune"]!));
            // Computed here by the words of the scheme, not by our own code.
            var mac = HMACSHA256.HashData(Convert.FromBase64String(secret[6..]), Encoding.UTF8.GetBytes($"{heard.Headers["webhook-id"]}.{heard.Headers["webhook-timestamp"]}.{heard.Raw}"));
            Assert.Equal($"v1,{Convert.ToBase64String(mac)}", heard.Headers["webhook-signature"]);
        }

        // It fails: tried again by itself under the same id, and at once by hand.
        program.Answer = StatusCodes.Status500InternalServerError;
        await api.PostAsync($"/orders/{order.Text("id")}/cancel", new { reason = "doublon" });
        await program.HasAsync(3);
        var failed = await Eventually.FindsAsync(() => app.ReadAsync(shop, db => db.HookDeliveries.AsNoTracking().SingleOrDefaultAsync(d => d.Event == "order.cancelled" && d.Tries > 0)));
        Assert.Equal((HookState.Waiting, 500), (failed.State, failed.Status));
        Assert.NotNull((await app.ReadAsync(shop, db => db.HookEndpoints.AsNoTracking().SingleAsync())).FailingSince);
        program.Answer = StatusCodes.Status204NoContent;
        await owner.SubmitAsync($"{page}/deliveries/{failed.Id}/again", [], page);
        await Eventually.HoldsAsync(() => app.ReadAsync(shop, db => db.HookDeliveries.AnyAsync(d => d.Id == failed.Id && d.State == HookState.Delivered)));
        Assert.Single(program.Heard.Where(h => (string)h.Json["type"]! == "order.cancelled").Select(h => h.Headers["webhook-id"]).Distinct());
        Assert.Null((await app.ReadAsync(shop, db => db.HookEndpoints.AsNoTracking().SingleAsync())).FailingSince);

        // Five days without an answer: off, with a letter; and on again by hand.
        program.Answer = StatusCodes.Status302Found;
        await using (var scope = app.In(shop.Id)) await scope.Db.HookEndpoints.ExecuteUpdateAsync(set => set.SetProperty(e => e.FailingSince, app.Get<TimeProvider>().GetUtcNow().AddDays(-5)));
        var endpoint = (await app.ReadAsync(shop, db => db.HookEndpoints.AsNoTracking().SingleAsync())).Id;
        await owner.SubmitAsync($"{page}/{endpoint}/test", [], page);
        Assert.Contains("webhook", (await app.LetterAsync(shop.OwnerEmail)).Subject, StringComparison.Ordinal);
        Assert.Contains("Arrêtée", await owner.ReadAsync(page), StringComparison.Ordinal);
        await owner.SubmitAsync($"{page}/{endpoint}/on", [], page);
        Assert.Null((await app.ReadAsync(shop, db => db.HookEndpoints.AsNoTracking().SingleAsync())).OffAt);
        await owner.SubmitAsync($"{page}/{endpoint}/remove", [], page);
        Assert.Equal((0, 0), (await app.ReadAsync(shop, db => db.HookEndpoints.CountAsync()), await app.ReadAsync(shop, db => db.HookDeliveries.CountAsync())));
    }

    [Fact]
    public async Task An_endpoint_in_our_own_network_is_never_reached_and_a_bad_one_never_made()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite); // as on a server in earnest
        await using var inside = await Receiver.StartAsync();
        var shop = await app.NewShopAsync();
        var api = await ApiClient.OfAsync(app, shop);
        foreach (var bad in (string[])["", "ftp://example.test/", $"{inside.Url}/", "https://user:word@example.test/", "https://example.test/#part"]) Assert.Equal((422, "url"), (await api.PostAsync("/webhooks", new { url = bad })) is var no ? (no.Code, no.Text("field")) : default);
        Assert.Equal("events", (await api.PostAsync("/webhooks", new { url = "https://example.test/", events = new[] { "order.eaten" } })).Text("field"));
        var made = await api.PostAsync("/webhooks", new { url = inside.Url.Replace("http:", "https:", StringComparison.Ordinal), events = new[] { "order.created" } });
        Assert.Equal(201, made.Code);
        Assert.StartsWith("whsec_", made.Text("secret"), StringComparison.Ordinal);
        Assert.Null((await api.GetAsync("/webhooks")).Json!["items"]![0]!["secret"]);
        Assert.True(made.Headers.ContainsKey("RateLimit-Remaining"));
        await api.PostAsync("/orders", OrderBodies.Complete(shop));
        var job = await Eventually.FindsAsync(() => app.ReadAsync(shop, db => db.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Kind == SendHook.Kind && j.LastFailure != null)));
        Assert.Contains("private address", job.LastFailure, StringComparison.Ordinal);
        Assert.Empty(inside.Heard);
        Assert.Equal(200, (await api.SendAsync(HttpMethod.Delete, $"/webhooks/{made.Text("id")}", null)).Code);
        Assert.Empty((await api.GetAsync("/webhooks")).Json!["items"]!.AsArray());
    }

    /// <remarks>Seen to fail: with a fact whose listeners nobody saves the program hears nothing; with an id made anew for each try it takes what it hears for three events.</remarks>
    [Theory, OnBothDatabases]
    public async Task Killed_just_before_and_just_after_the_call_the_program_hears_it_and_knows_the_repeat_by_its_id(Database database)
    {
        await using var host = await TestApp.StartAsync(database, new() { Started = false, Settings = MayBePrivate });
        await using var program = await Receiver.StartAsync();
        var shop = await host.NewShopAsync();
        await using (var scope = host.In(shop.Id)) Assert.True((await scope.Get<Hooks>().MakeAsync($"{program.Url}/orders", ["order.confirmed"], default)).Ok);
        var order = await new OrdersWorld(host, shop).OrderAsync(OrdersWorld.Complete());
        async Task KilledAtAsync(string point, int heard, HookState state)
        {
            await using (var run = await AppProcess.StartAsync(host, crashAt: point, settings: new Dictionary<string, string> { ["Hooks:MayBePrivate"] = "true" }, waits: false)) await run.DiesAsync();
            Assert.Equal((heard, state), (program.Heard.Count, (await host.ReadAsync(shop, db => db.HookDeliveries.AsNoTracking().SingleAsync())).State));
            await Ground.Crashes.LeasesRunOutAsync(host);
        }
        await KilledAtAsync("job-running/send_hook", 0, HookState.Waiting); // taken, and the call never went out
        await KilledAtAsync("hook-sent", 1, HookState.Waiting); // taken by the program, and nothing of it is written
        await KilledAtAsync("job-ran/send_hook", 2, HookState.Delivered); // written, and the job is not ended
        await using (await AppProcess.StartAsync(host, settings: new Dictionary<string, string> { ["Hooks:MayBePrivate"] = "true" }))
            await Eventually.HoldsAsync(() => host.ReadAsync(shop, db => db.Jobs.AnyAsync(j => j.Kind == SendHook.Kind && j.State == JobState.Done)), Ground.Crashes.Patience);
        Assert.Single(program.Heard.Select(h => h.Headers["webhook-id"]).Distinct());
        Assert.All(program.Heard, h => Assert.Equal(("order.confirmed", order.Id.ToString()), ((string)h.Json["type"]!, (string)h.Json["data"]!["id"]!)));
        Assert.Equal(HookState.Delivered, (await host.ReadAsync(shop, db => db.HookDeliveries.AsNoTracking().SingleAsync())).State);
    }

    [Fact]
    public void The_delivery_that_a_public_library_verifies_is_signed_by_our_own_code()
    {
        var sent = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/clients/hook-delivery.json")))!;
        Assert.Equal((string)sent["signature"]!, SendHookHandler.Sign((string)sent["secret"]!, (string)sent["id"]!, ((long)sent["timestamp"]!).ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes((string)sent["body"]!)));
    }

    private static Task<TestApp> StartAsync(Database database) => TestApp.StartAsync(database, TestAppOptions.AgentSleeps with { Settings = MayBePrivate });

    private static Dictionary<string, string?> MayBePrivate => new() { ["Hooks:MayBePrivate"] = "true" };

    /// <summary>A merchant's program.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        internal sealed record Told(string Raw, IReadOnlyDictionary<string, string> Headers)
        {
            internal JsonNode Json => JsonNode.Parse(Raw)!;
        }

        private readonly WebApplication _app;

        private Receiver(WebApplication app) => _app = app;

        internal ConcurrentQueue<Told> Heard { get; } = new();
        internal int Answer { get; set; } = StatusCodes.Status200OK;
        internal string Url => _app.Urls.First();

        internal static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var receiver = new Receiver(builder.Build());
            receiver._app.Run(async http =>
            {
                using var reader = new StreamReader(http.Request.Body);
                receiver.Heard.Enqueue(new(await reader.ReadToEndAsync(), http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString())));
                http.Response.StatusCode = receiver.Answer;
                if (receiver.Answer == StatusCodes.Status302Found) http.Response.Headers.Location = "http://elsewhere.test/";
            });
            await receiver._app.StartAsync();
            return receiver;
        }

        internal Task HasAsync(int count) => Eventually.HoldsAsync(() => Heard.Count >= count);

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
