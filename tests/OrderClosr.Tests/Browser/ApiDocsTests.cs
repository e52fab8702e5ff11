using Microsoft.Playwright;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>The documentation of the API, drawn by its library under the same policy as every page.</summary>
public sealed class ApiDocsTests : BrowserTest
{
    [Fact]
    public async Task The_documentation_of_the_api_opens_its_operations_and_tries_one()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var (_, key) = await ApiClient.KeyAsync(app, shop);
        foreach (var (width, language, dark) in ((int, string, bool)[])[(1280, "fr", false), (390, "ar", true)])
        {
            await using var window = await OpenAsync(app, width, language, dark);
            var page = window.Page;
            var answer = (await page.GotoAsync("/api/v1/docs"))!;
            Assert.Equal(OrderClosr.Web.SecurityHeaders.ContentSecurityPolicy, (await answer.AllHeadersAsync())["content-security-policy"]);
            await page.ClickAsync("#operations-customers-get_customers .opblock-summary-control");
            await Assertions.Expect(page.Locator("#operations-customers-get_customers")).ToContainTextAsync("cursor");
            await window.KeepAsync($"api-docs-{width}-{language}-{(dark ? "dark" : "light")}");
            // With a key the page asks the API itself.
            await page.ClickAsync(".auth-wrapper .authorize");
            await page.FillAsync(".modal-ux input", key);
            await page.ClickAsync(".modal-ux button.authorize");
            await page.ClickAsync(".modal-ux .btn-done");
            await page.ClickAsync("#operations-customers-get_customers .try-out__btn");
            await page.ClickAsync("#operations-customers-get_customers .execute");
            await Assertions.Expect(page.Locator("#operations-customers-get_customers .live-responses-table .response-col_status").Last).ToContainTextAsync("200");
            Assert.Empty(window.Complaints);
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, $"It scrolls sideways at {width}.");
        }
        // Without scripts: the bare list.
        await using var plain = await OpenAsync(app, 390, "fr", script: false);
        await plain.Page.GotoAsync("/api/v1/docs");
        await Assertions.Expect(plain.Page.Locator("#docs dl")).ToContainTextAsync("/api/v1/orders/{id}/confirm");
    }
}
