using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Walks a merchant's browser through the played dialogues: out of our page, choose there, back to us.</summary>
internal static partial class MetaDialogPlay
{
    /// <summary>Presses the button of a way; the dialogue's address.</summary>
    internal static async Task<Uri> OpenDialogAsync(this Visitor owner, Shop shop, string way)
    {
        using var answer = await owner.GetAsync($"/w/{shop.Slug}/channels/connect/go?way={way}");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!;
    }

    /// <summary>Answers the dialogue as a person does; path and query of our address it comes back to.</summary>
    internal static async Task<string> AnswerAsync(this TestApp app, Uri dialog, string[] targets, string[]? without = null, bool agrees = true, string user = "990001")
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var page = await browser.GetAsync(dialog);
        var html = await page.Content.ReadAsStringAsync();
        Assert.True(page.IsSuccessStatusCode, html);
        foreach (var target in targets) Assert.Contains($"value=\"{target}\"", html, StringComparison.Ordinal);
        var fields = new List<KeyValuePair<string, string>> { new("do", agrees ? "agree" : "refuse"), new("user", user) };
        fields.AddRange(targets.Select(t => KeyValuePair.Create("target", t)));
        fields.AddRange(Scope().Matches(html).Select(m => m.Groups[1].Value).Where(s => without?.Contains(s) != true).Select(s => KeyValuePair.Create("scope", s)));
        using var answer = await browser.PostAsync(dialog, new FormUrlEncodedContent(fields));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var back = answer.Headers.Location!;
        Assert.StartsWith(app.Url + "/connect/back?", back.ToString(), StringComparison.Ordinal);
        return back.PathAndQuery;
    }

    /// <summary>Follows our own addresses to the page that is shown at the end.</summary>
    internal static async Task<(HttpStatusCode Status, string Path, string Html)> FollowAsync(this Visitor owner, string path)
    {
        for (var n = 0; n < 5; n++)
        {
            using var answer = await owner.GetAsync(path);
            if (answer.StatusCode != HttpStatusCode.Redirect) return (answer.StatusCode, path, WebUtility.HtmlDecode(owner.Html));
            path = answer.Headers.Location!.ToString();
        }
        throw new InvalidOperationException("It never ends.");
    }

    /// <summary>From the button to the choice of accounts.</summary>
    internal static async Task<(HttpStatusCode Status, string Path, string Html)> DialogAsync(this TestApp app, Visitor owner, Shop shop, string way, string[] targets, string[]? without = null, bool agrees = true) =>
        await owner.FollowAsync(await app.AnswerAsync(await owner.OpenDialogAsync(shop, way), targets, without, agrees));

    /// <summary>The whole way; what was chosen is connected.</summary>
    internal static async Task ConnectAsync(this TestApp app, Visitor owner, Shop shop, string way, string[] targets, params string[] picks)
    {
        var (status, path, html) = await app.DialogAsync(owner, shop, way, targets);
        Assert.True(status == HttpStatusCode.OK, html);
        Assert.All(picks, p => Assert.Contains($"value=\"{p}\"", html, StringComparison.Ordinal));
        using var done = await owner.PostAsync(path, true, [.. picks.Select(p => ("pick", p))]);
        Assert.True(done.StatusCode == HttpStatusCode.Redirect, $"{done.StatusCode} {WebUtility.HtmlDecode(owner.Html)}");
    }

    internal static async Task NewAccountAsync(this TestApp app, object account)
    {
        using var made = await app.Sandbox.PostAsJsonAsync("/meta/_accounts", account);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }

    internal static async Task ChangeAccountAsync(this TestApp app, string id, object change)
    {
        using var made = await app.Sandbox.PostAsJsonAsync($"/meta/_accounts/{id}", change);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("name=\"scope\" value=\"([a-z_]+)\"")]
    private static partial Regex Scope();
}
