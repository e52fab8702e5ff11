using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Tests.Support;
using OrderClosr.Web;
using OrderClosr.Web.Live;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Tenancy;

/// <summary>What each role may do is one table, and every address of a workspace keeps to it: pages, forms, files, the live stream, and the links that pages show.</summary>
public sealed partial class RoleWalkTests
{
    private sealed record Stop(RouteEndpoint Endpoint, string Method, Capability? Needs)
    {
        public override string ToString() => $"{Method} {Endpoint.RoutePattern.RawText}";
    }

    [Fact]
    public async Task Every_address_of_a_workspace_is_open_to_the_roles_of_the_table_and_to_no_other()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Time = new TestClock(DateTimeOffset.UtcNow) });
        var shop = await app.NewShopAsync();
        var planted = await Planting.AddAsync(app, shop, "marqueur-zzqx-de-a");
        var stops = app.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct().Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("w/{workspace}", StringComparison.Ordinal))
            .SelectMany(e => (e.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => new Stop(e, m, e.Metadata.GetMetadata<NeededCapability>()?.Capability))).ToList();
        Assert.True(stops.Count > 120, $"only {stops.Count} addresses: the endpoints were not found");
        var faults = stops.Where(s => s.Needs is null).Select(s => $"{s}: does not say what it needs (Needs(Capability.…)), so nobody but the owner gets in").ToList();

        foreach (var role in Enum.GetValues<Role>())
        {
            using var member = await MemberAsync(app, shop, role);
            foreach (var stop in stops)
            {
                var may = stop.Needs is { } needs ? role.May(needs) : role == Role.Owner;
                // A form that is allowed is tried by its own tests, and what owners and managers see by the walk of the endpoints.
                if ((may && (stop.Method != "GET" || role is Role.Owner or Role.Manager)) || stop.Endpoint.RoutePattern.RawText!.EndsWith("/live", StringComparison.Ordinal)) continue;
                var (path, _) = Filling.Address(stop.Endpoint, stop.Method, shop.Slug, planted);
                using var body = Filling.Body(stop.Endpoint, stop.Method, planted, member.Proof);
                using var answer = await member.SendAsync(new(stop.Method), path, body);
                var html = await answer.Content.ReadAsStringAsync();
                if ((answer.StatusCode == HttpStatusCode.Forbidden) == may) faults.Add($"{role}: {stop} as {path}: {(int)answer.StatusCode}");
                if (!may && !html.Contains("Owner 1", StringComparison.Ordinal)) faults.Add($"{role}: {stop}: does not say whom to ask");
                if (!may && html.Contains("marqueur-zzqx", StringComparison.Ordinal)) faults.Add($"{role}: {stop}: shows what it refuses");
                if (may && answer.StatusCode == HttpStatusCode.OK) faults.AddRange(Dead(html, role, shop, stops).Select(link => $"{role}: {path} shows {link}, which the door refuses"));
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
    }

    [Fact]
    public void A_role_hears_only_of_what_it_may_see()
    {
        Assert.True(LivePages.Hears(Role.Confirmer, "order"));
        Assert.False(LivePages.Hears(Role.Confirmer, "conversation"));
        Assert.False(LivePages.Hears(Role.Confirmer, "parcel"));
        Assert.False(LivePages.Hears(Role.Suivi, "conversation"));
        Assert.True(LivePages.Hears(Role.Accountant, "cash"));
        Assert.All(["order", "parcel", "cash", "conversation", "product", "controls"], what => Assert.True(LivePages.Hears(Role.Owner, what)));
    }

    [Fact]
    public void Every_capability_stands_in_the_table_and_the_owner_has_all()
    {
        foreach (var capability in Enum.GetValues<Capability>()) Assert.True(Role.Owner.May(capability), $"{capability}");
        foreach (var capability in Enum.GetValues<Capability>()) Assert.Contains($"may_{OrderClosr.Web.Ui.Wording.Word(capability)}", Words.All("members", System.Globalization.CultureInfo.InvariantCulture).Keys);
        // What the product's own rules say of the roles, beside the table.
        Assert.Equal([Capability.Enter, Capability.Confirm], Enum.GetValues<Capability>().Where(c => Role.Confirmer.May(c)));
        Assert.DoesNotContain(Enum.GetValues<Capability>().Where(c => Role.ReadOnly.May(c)), c => c.ToString() is var name && !name.StartsWith("See", StringComparison.Ordinal) && c != Capability.Enter);
    }

    /// <summary>Links and forms on a page that lead to a door which this role does not open.</summary>
    private static IEnumerable<string> Dead(string html, Role role, Shop shop, List<Stop> stops)
    {
        foreach (Match match in Address().Matches(html))
        {
            var method = match.Groups[1].Value == "post" ? "POST" : "GET";
            var path = WebUtility.HtmlDecode(match.Groups[2].Value).Split('?', '#')[0].Trim('/').Split('/');
            if (path.Length < 2 || path[1] != shop.Slug) continue;
            var door = stops.Where(s => s.Method == method && Fits(s.Endpoint.RoutePattern, path)).MinBy(s => s.Endpoint.RoutePattern.InboundPrecedence);
            if (door?.Needs is { } needs && !role.May(needs)) yield return $"{method} {match.Groups[2].Value}";
        }
    }

    private static bool Fits(RoutePattern pattern, string[] path) => pattern.PathSegments.Count == path.Length
        && !pattern.PathSegments.Where((s, i) => s.Parts is [RoutePatternLiteralPart literal] && literal.Content != path[i]).Any();

    private static async Task<Visitor> MemberAsync(TestApp app, Shop shop, Role role)
    {
        if (role == Role.Owner) return await Visitor.OwnerOfAsync(app, shop);
        return await app.MemberOfAsync(shop, role);
    }

    [GeneratedRegex("""(?:<form method="(post|get)"[^>]*? action|<a [^>]*?href)="(/w/[^"]*)""")]
    private static partial Regex Address();
}
