using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Tenancy;

/// <summary>A signed-in member: its cookies and the proof that a form is ours.</summary>
internal sealed partial class Browser(HttpClient http, string proof) : IDisposable
{
    internal static async Task<Browser> OwnerOfAsync(TestApp app, Shop shop)
    {
        var http = app.NewClient(cookies: true);
        var door = await http.GetStringAsync("/sign-in");
        using var form = new FormUrlEncodedContent([new("email", shop.OwnerEmail), new("password", shop.OwnerPassword), new("__RequestVerificationToken", ProofIn(door))]);
        using var answer = await http.PostAsync("/sign-in", form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return new(http, ProofIn(await http.GetStringAsync($"/w/{shop.Slug}/more")));
    }

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.TryAddWithoutValidation("RequestVerificationToken", proof);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    internal string Proof => proof;

    private static string ProofIn(string html) => Proofs().Match(html) is { Success: true } match
        ? WebUtility.HtmlDecode(match.Groups[1].Value)
        : throw new InvalidOperationException("The page has no form.");

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Proofs();

    public void Dispose() => http.Dispose();
}
