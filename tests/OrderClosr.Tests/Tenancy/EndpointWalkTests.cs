using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Tests.Billing;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Tenancy;

/// <summary>Promise P4 at the doors: every mapped endpoint, with ids of shop B in shop A's addresses, finds nothing, says nothing and writes nothing of B.</summary>
/// <remarks>The endpoints come from the running app, so one made tomorrow is walked too; one whose parameters <see cref="Filling"/> does not know fails.</remarks>
public sealed class EndpointWalkTests
{
    /// <summary>What needs neither a session nor a key, each with its reason.</summary>
    private static readonly Dictionary<string, string> Public = new()
    {
        ["/"] = "the landing page", ["/sign-in"] = "a door", ["/sign-up"] = "a door", ["/sign-in/code"] = "a door behind the door", ["/sign-in/passkey"] = "a door", ["/sign-in/passkey/options"] = "asks a device, says nothing of any account", ["/sign-out"] = "ends the caller's own session", ["/language"] = "the caller's own cookie",
        ["/forgot"] = "says nothing of any account", ["/confirm"] = "says nothing of any account", ["/confirm/{token}"] = "a sealed address that works once", ["/reset/{token}"] = "a sealed address that works once",
        ["/invitations/{token}"] = "a sealed address that works once", ["/invitations/{token}/account"] = "a sealed address that works once",
        ["/privacy"] = "the public policy", ["/kit"] = "components without data, development only", ["/health/live"] = "no data", ["/health/ready"] = "no data", ["/metrics"] = "numbers without ids",
        ["/webhooks/meta"] = "signed by the vendor; routed by the account's owner", ["/api/{documentName}/openapi.json"] = "describes, holds nothing", ["/api/v1/docs"] = "the same, for people", ["/media/{token}"] = "a sealed address that expires",
        ["/webhooks/meta/data-deletion"] = "signed by the vendor", ["/webhooks/couriers/{courier}/{channelKey}"] = "an unguessable address, signed by the vendor; routed by the account's owner", ["/track/{workspace}/{key}"] = "an unguessable address; state and day alone", ["/webhooks/meta/deauthorize"] = "signed by the vendor", ["/webhooks/chargily"] = "signed by the vendor; routed by the payment's owner",
        ["/connect/back"] = "holds nothing and knows nobody: passes a dialogue's answer on to the workspace its state names, behind whose door it is read", ["/deletion/{code}"] = "an unguessable address; state and day alone",
    };

    /// <summary>Behind the sign-in, about the caller's own account.</summary>
    private static bool IsOfTheAccount(string pattern) => pattern is "/w" or "/w/new" or "/account" or PayAddress || pattern.StartsWith("/account/", StringComparison.Ordinal);

    private const string Word = "marqueur-zzqx-de-b";

    private const int LookEvery = 20;

    /// <summary>The address in letters: stands outside every workspace and finds an invoice of the caller's own shops.</summary>
    private const string PayAddress = "/billing/pay/{id}";

    private sealed record Stop(RouteEndpoint Endpoint, string Method)
    {
        internal string Pattern => "/" + Endpoint.RoutePattern.RawText!.Trim('/');
        internal bool IsPage => Pattern.StartsWith("/w/{workspace}", StringComparison.Ordinal);
        internal bool IsApi => Pattern.StartsWith("/api/v1/", StringComparison.Ordinal) && !Public.ContainsKey(Pattern);
        internal bool IsStream => Pattern.EndsWith("/live", StringComparison.Ordinal);
        public override string ToString() => $"{Method} {Pattern}";
    }

    // Our stylesheets, scripts and pictures are endpoints without parameters that end like a file.
    private static List<Stop> All(TestApp app) =>
    [
        .. app.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct()
            .Where(e => e.RoutePattern.Parameters.Count > 0 || !Path.HasExtension(e.RoutePattern.RawText))
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => new Stop(e, m))),
    ];

    private sealed class World : IAsyncDisposable
    {
        internal required TestApp App { get; init; }
        internal required Planting Mine { get; init; }
        internal required Planting Theirs { get; init; }
        internal required Visitor Member { get; init; }
        internal required string? MyKey { get; init; }

        internal static async Task<World> MakeAsync(Database database)
        {
            // A clock that stands still: nothing that recurs changes a row while they are compared. Plans are sold, so that there is something to pay.
            var app = await TestApp.StartAsync(database, new() { Time = new TestClock(DateTimeOffset.UtcNow), Settings = BillingWorld.Settings });
            var (a, b) = (await app.NewShopAsync(), await app.NewShopAsync());
            return new()
            {
                App = app, Mine = await Planting.AddAsync(app, a, "marqueur-zzqx-de-a"), Theirs = await Planting.AddAsync(app, b, Word), Member = await Visitor.OwnerOfAsync(app, a),
                MyKey = await ApiKeyOf(app, a),
            };
        }

        public async ValueTask DisposeAsync()
        {
            Member.Dispose();
            await App.DisposeAsync();
        }
    }

    [Theory, OnBothDatabases]
    public async Task No_endpoint_finds_says_or_changes_anything_of_another_shop(Database database)
    {
        await using var world = await World.MakeAsync(database);
        var before = await Fingerprint.OfAsync(world.App, world.Theirs.Shop);
        var (faults, since) = (new List<string>(), new List<string>());
        var walked = 0;
        foreach (var stop in All(world.App))
        {
            // Their ids in my addresses, and in theirs.
            foreach (var slug in stop.IsPage ? (string[])[world.Mine.Shop.Slug, world.Theirs.Shop.Slug] : [""])
            {
                if (Unknown(stop, world.Theirs) is { } unknown)
                {
                    faults.Add(unknown);
                    break;
                }
                var (path, namesRow) = Filling.Address(stop.Endpoint, stop.Method, slug, world.Theirs);
                if (stop.IsStream && slug == world.Mine.Shop.Slug) continue; // my own stream: LiveTests
                using var answer = await SendAsync(world, stop, path, world.Theirs);
                var text = await answer.Content.ReadAsStringAsync();
                walked++;
                var mustNotFind = (stop.IsPage && slug == world.Theirs.Shop.Slug) || (namesRow && (stop.IsPage || stop.IsApi || stop.Pattern == PayAddress));
                if (mustNotFind && answer.StatusCode != HttpStatusCode.NotFound) faults.Add($"{stop} as {path}: {(int)answer.StatusCode} instead of 404 {Short(text)}");
                if ((int)answer.StatusCode >= 500) faults.Add($"{stop} as {path}: {(int)answer.StatusCode}");
                if (text.Contains(Word, StringComparison.Ordinal) || text.Contains(world.Theirs.Phone[1..], StringComparison.Ordinal)) faults.Add($"{stop} as {path}: says something of the other shop");
                since.Add($"{stop} as {path}");
                if (since.Count >= LookEvery) await NothingChangedAsync();
            }
        }
        await NothingChangedAsync();
        using var still = await world.Member.SendAsync(HttpMethod.Get, $"/w/{world.Mine.Shop.Slug}/more", null);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        Assert.True(walked > 15, $"only {walked} requests: the endpoints were not found");
        Assert.True(faults.Count == 0, string.Join('\n', faults));

        // All tables of the shop, read after each few requests.
        async Task NothingChangedAsync()
        {
            var after = await Fingerprint.OfAsync(world.App, world.Theirs.Shop);
            if (after.ChangedSince(before) is { Count: > 0 } changed) faults.Add($"one of these changed {string.Join(", ", changed)} of the other shop:\n  {string.Join("\n  ", since)}");
            before = after;
            since.Clear();
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_same_requests_find_their_rows_for_the_shop_itself(Database database)
    {
        // Otherwise the walk would prove nothing: an address that is always 404 hides nothing.
        await using var world = await World.MakeAsync(database);
        var faults = new List<string>();
        Planting? unspent = null;
        foreach (var stop in All(world.App).Where(s => (s.IsPage || s.IsApi || s.Pattern == PayAddress) && !s.IsStream))
        {
            var own = unspent ??= await Planting.AddAsync(world.App, world.Mine.Shop, "marqueur-zzqx-de-a");
            if (Unknown(stop, own) is not null) continue; // the other walk says so
            var (path, namesRow) = Filling.Address(stop.Endpoint, stop.Method, own.Shop.Slug, own);
            if (!namesRow) continue;
            // Looking spends nothing; whatever else may have.
            if (stop.Method != "GET") unspent = null;
            using var answer = await SendAsync(world, stop, path, own);
            if ((int)answer.StatusCode is 404 or 400 or 401 or 403 or >= 500) faults.Add($"{stop} as {path}: {(int)answer.StatusCode} for its own shop {Short(await answer.Content.ReadAsStringAsync())}");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory, OnBothDatabases]
    public async Task Without_a_session_or_a_key_every_door_is_closed(Database database)
    {
        await using var world = await World.MakeAsync(database);
        var before = await Fingerprint.OfAsync(world.App, world.Theirs.Shop);
        var faults = new List<string>();
        foreach (var stop in All(world.App))
        {
            if (Unknown(stop, world.Theirs) is not null) continue; // the other walk says so
            var (path, _) = Filling.Address(stop.Endpoint, stop.Method, world.Theirs.Shop.Slug, world.Theirs);
            foreach (var key in stop.IsApi ? (string?[])[null, "oc_AAAAAAAAAAAAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] : [null])
            {
                using var request = new HttpRequestMessage(new(stop.Method), path) { Content = Filling.Body(stop.Endpoint, stop.Method, world.Theirs, "none") };
                if (key is not null) request.Headers.Authorization = new("Bearer", key);
                using var answer = await world.App.Http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (text.Contains(Word, StringComparison.Ordinal)) faults.Add($"{stop}: says something of a shop to a stranger");
                var isAccount = IsOfTheAccount(stop.Pattern);
                if (stop.IsApi)
                {
                    if (answer.StatusCode != HttpStatusCode.Unauthorized) faults.Add($"{stop}: {(int)answer.StatusCode} instead of 401");
                }
                else if (stop.IsPage || isAccount)
                {
                    if (answer.StatusCode != HttpStatusCode.Redirect || answer.Headers.Location?.ToString().Contains("/sign-in", StringComparison.Ordinal) != true) faults.Add($"{stop}: {(int)answer.StatusCode} instead of the way to the sign-in");
                }
                else if (!Public.ContainsKey(stop.Pattern))
                {
                    faults.Add($"{stop}: stands outside /w/{{workspace}} and /api/v1 and is not in the list of public addresses with its reason");
                }
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Empty((await Fingerprint.OfAsync(world.App, world.Theirs.Shop)).ChangedSince(before));
    }

    /// <summary>What of an endpoint the walk does not know how to fill; every one is named, not only the first.</summary>
    private static string? Unknown(Stop stop, Planting of)
    {
        try
        {
            Filling.Address(stop.Endpoint, stop.Method, "x", of);
            Filling.Body(stop.Endpoint, stop.Method, of, "x")?.Dispose();
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or Xunit.Sdk.TrueException)
        {
            return error.Message;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(World world, Stop stop, string path, Planting ids)
    {
        // Doors that end or change a session are tried by somebody without one: the walk must stay the member it is.
        if (!stop.IsApi && !stop.IsPage && !IsOfTheAccount(stop.Pattern))
        {
            using var strange = new HttpRequestMessage(new(stop.Method), path) { Content = Filling.Body(stop.Endpoint, stop.Method, ids, "none") };
            return await world.App.Http.SendAsync(strange);
        }
        if (!stop.IsApi) return await world.Member.SendAsync(new(stop.Method), path, Filling.Body(stop.Endpoint, stop.Method, ids, world.Member.Proof));
        using var request = new HttpRequestMessage(new(stop.Method), path) { Content = Filling.Body(stop.Endpoint, stop.Method, ids, null) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", world.MyKey);
        return await world.App.Http.SendAsync(request);
    }

    /// <summary>A key of the shop's API, made by the product itself; null as long as the product has no API.</summary>
    private static async Task<string?> ApiKeyOf(TestApp app, Shop shop)
    {
        if (typeof(App).Assembly.GetType("OrderClosr.Web.Api.ApiKeys") is not { } keys) return null;
        await using var scope = app.In(shop.Id);
        dynamic made = keys.GetMethod("MakeAsync")!.Invoke(scope.Services.GetRequiredService(keys), ["Site", shop.OwnerId, CancellationToken.None])!;
        return ((ValueTuple<object, string>)((object)await made is System.Runtime.CompilerServices.ITuple t ? (t[0]!, (string)t[1]!) : default)).Item2;
    }

    private static string Short(string text) => text.Length > 400 ? text[..400].ReplaceLineEndings(" ") : text.ReplaceLineEndings(" ");
}
