using System.Net;
using System.Text.RegularExpressions;

namespace OrderClosr.Tests.Support;

/// <summary>A signed-in member who uses the pages as a browser without scripts does: reads a page, sends its form with its proof.</summary>
public sealed partial class PageClient : IDisposable
{
    private readonly HttpClient _http;

    private PageClient(HttpClient http) => _http = http;

    /// <summary>Signs the owner of a shop in.</summary>
    public static async Task<PageClient> SignInAsync(TestApp app, Shop shop)
    {
        var client = new PageClient(app.NewClient(cookies: true));
        var answer = await client.PostAsync("/sign-in", new() { ["email"] = shop.OwnerEmail, ["password"] = shop.OwnerPassword }, page: "/sign-in");
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return client;
    }

    public Task<HttpResponseMessage> GetAsync(string address) => _http.GetAsync(address);

    /// <summary>A page that must be there, as text.</summary>
    public async Task<string> ReadAsync(string address)
    {
        var answer = await GetAsync(address);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {answer.StatusCode}");
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a form; the proof is taken from <paramref name="page"/>, by default the page at the same address.</summary>
    public async Task<HttpResponseMessage> PostAsync(string address, Dictionary<string, string> fields, string? page = null)
    {
        fields["__RequestVerificationToken"] = await ProofAsync(page ?? address);
        return await _http.PostAsync(address, new FormUrlEncodedContent(fields));
    }

    /// <summary>Sends a form in which a name may stand more than once.</summary>
    public async Task<HttpResponseMessage> PostManyAsync(string address, IEnumerable<(string Name, string Value)> fields, string? page = null) =>
        await _http.PostAsync(address, new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", await ProofAsync(page ?? address))).Select(f => KeyValuePair.Create(f.Item1, f.Item2))));

    /// <summary>Sends a form with a file.</summary>
    public async Task<HttpResponseMessage> PostFileAsync(string address, string field, string name, byte[] content, string? page = null)
    {
        using var form = new MultipartFormDataContent { { new StringContent(await ProofAsync(page ?? address)), "__RequestVerificationToken" }, { new ByteArrayContent(content), field, name } };
        return await _http.PostAsync(address, form);
    }

    private async Task<string> ProofAsync(string page)
    {
        var answer = await _http.GetAsync(page);
        var html = await answer.Content.ReadAsStringAsync();
        var proof = Proof().Match(html);
        Assert.True(proof.Success, $"{page} ({answer.StatusCode}) has no form.");
        return proof.Groups[1].Value;
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Proof();
}
