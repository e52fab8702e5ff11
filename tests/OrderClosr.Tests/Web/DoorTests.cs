using System.Net;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using OrderClosr.Tests.Support;
using OrderClosr.Web;

namespace OrderClosr.Tests.Web;

/// <summary>What holds for every page.</summary>
public sealed class DoorTests
{
    [Theory, OnBothDatabases]
    public async Task Every_page_forbids_foreign_and_inline_content_and_is_kept_nowhere(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        foreach (var path in new[] { "/", "/sign-in", "/sign-up", "/w", "/nowhere" })
        {
            var answer = await app.Http.GetAsync(path);
            Assert.Equal(SecurityHeaders.ContentSecurityPolicy, answer.Headers.GetValues("Content-Security-Policy").Single());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
        }
        var page = await (await app.Http.GetAsync("/")).Content.ReadAsStringAsync();
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_form_that_our_page_did_not_send_changes_nothing_with_or_without_fields(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        foreach (var path in new[] { "/language", "/sign-out", "/w/new", "/sign-in", "/sign-up" })
            Assert.Equal(HttpStatusCode.BadRequest, (await owner.PostAsync(path, withProof: false, ("lang", "ar"), ("shop", "X"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"/w/{shop.Slug}/more")).StatusCode);
    }

    /// <summary>Every address that binds a form, found in the running app, and one that reads it by hand.</summary>
    [Theory, OnBothDatabases]
    public async Task A_request_without_a_form_to_an_address_that_takes_one_is_a_bad_request(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var bound = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true
            && e.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Any(b => b.ParameterInfo.GetCustomAttributes(true).Any(a => a is IFromFormMetadata))).Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).ToList();
        Assert.True(bound.Count > 40, $"only {bound.Count} addresses bind a form");
        var wrong = new List<string>();
        foreach (var path in bound.Append($"/w/{shop.Slug}/settings/api"))
        {
            var address = System.Text.RegularExpressions.Regex.Replace(path.Replace("{workspace}", shop.Slug, StringComparison.Ordinal), @"\{[^}]+\}", Guid.CreateVersion7().ToString("N"));
            foreach (var body in (HttpContent?[])[null, new StringContent("{}", System.Text.Encoding.UTF8, "application/json")])
            {
                using var answer = await owner.SendAsync(HttpMethod.Post, address, body);
                if (answer.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.TooManyRequests)) wrong.Add($"{path}: {(int)answer.StatusCode}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Walks all endpoints of the group, so that a page made tomorrow is covered too.</summary>
    [Theory, OnBothDatabases]
    public async Task No_page_of_a_foreign_workspace_exists_for_a_member_of_another(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (mine, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, mine);
        var pages = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.StartsWith("/w/{workspace}", StringComparison.Ordinal)).ToList();
        Assert.True(pages.Count > 2);
        foreach (var page in pages)
        {
            var id = Guid.CreateVersion7().ToString("N");
            var path = "/w/" + other.Slug + System.Text.RegularExpressions.Regex.Replace(page.RoutePattern.RawText!["/w/{workspace}".Length..], @"\{[^}]+\}", id);
            foreach (var method in page.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                var answer = method == "POST" ? await owner.PostAsync(path) : await owner.GetAsync(path);
                Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {answer.StatusCode}");
                Assert.DoesNotContain(other.Name, owner.Html, StringComparison.Ordinal);
            }
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_language_is_the_browser_s_until_the_switch_is_used(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        using var visitor = new Visitor(app).Speaking("ar-DZ");
        await visitor.GetAsync("/sign-in");
        Assert.Contains("<html lang=\"ar\" dir=\"rtl\">", visitor.Html, StringComparison.Ordinal);
        Assert.Contains("أهلا بعودتك", visitor.Html, StringComparison.Ordinal);
        var answer = await visitor.PostAsync("/language", true, ("lang", "fr"), ("to", "/sign-in"));
        Assert.Equal("/sign-in", answer.Headers.Location?.ToString());
        await visitor.GetAsync("/sign-in");
        Assert.Contains("<html lang=\"fr\" dir=\"ltr\">", visitor.Html, StringComparison.Ordinal);
        using var english = new Visitor(app).Speaking("en");
        await english.GetAsync("/sign-in");
        Assert.Contains("<html lang=\"fr\"", english.Html, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_does_not_exist_says_so_in_the_product_s_look(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var answer = await app.Http.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Page introuvable", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var forPrograms = await app.Http.GetAsync("/api/v1/nowhere");
        Assert.DoesNotContain("<html", await forPrograms.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Styles_and_scripts_are_found_compressed_and_kept_by_their_version(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        foreach (var file in new[] { "app.css", "app.js", "lib/htmx.min.js", "lib/hx-sse.min.js", "js/page.js", "img/mark.svg" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, WebFiles.Of(file));
            request.Headers.AcceptEncoding.ParseAdd("br");
            var answer = await app.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
            Assert.Equal(TimeSpan.FromDays(365), answer.Headers.CacheControl?.MaxAge);
        }
    }
}
