using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace OrderClosr.Tests.Support;

/// <summary>A person with a browser: keeps cookies, sends forms with the proof of the page they last saw, follows nothing by itself.</summary>
public sealed partial class Visitor(TestApp app) : IDisposable
{
    private readonly HttpClient _http = app.NewClient(cookies: true);
    private string? _token;

    /// <summary>The HTML last read.</summary>
    public string Html { get; private set; } = "";

    public HttpClient Http => _http;

    /// <summary>Asks for a language as a browser does.</summary>
    public Visitor Speaking(string language)
    {
        _http.DefaultRequestHeaders.AcceptLanguage.Clear();
        _http.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        return this;
    }

    /// <summary>Opens a page.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path) => await ReadAsync(await _http.GetAsync(path));

    /// <summary>A page that must be there, as text.</summary>
    public async Task<string> ReadAsync(string path)
    {
        var answer = await GetAsync(path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
        return WebUtility.HtmlDecode(Html);
    }

    /// <summary>Opens the page of a form (by default the one at the same address), then sends it.</summary>
    public Task<HttpResponseMessage> SubmitAsync(string path, Dictionary<string, string> fields, string? page = null) => PostManyAsync(path, fields.Select(f => (f.Key, f.Value)), page);

    /// <summary>The same with names that may stand more than once.</summary>
    public async Task<HttpResponseMessage> PostManyAsync(string path, IEnumerable<(string Name, string Value)> fields, string? page = null)
    {
        await OpenFormAsync(page ?? path);
        return await PostAsync(path, true, [.. fields]);
    }

    /// <summary>The same with a file.</summary>
    public async Task<HttpResponseMessage> PostFileAsync(string path, string field, string name, byte[] content, string? page = null)
    {
        await OpenFormAsync(page ?? path);
        using var form = new MultipartFormDataContent { { new StringContent(Proof), "__RequestVerificationToken" }, { new ByteArrayContent(content), field, name } };
        return await ReadAsync(await _http.PostAsync(path, form));
    }

    private async Task OpenFormAsync(string page)
    {
        var answer = await GetAsync(page);
        Assert.True(Token().IsMatch(Html), $"{page} ({answer.StatusCode}) has no form.");
    }

    /// <summary>Sends a form; the proof is the one of the last page unless told otherwise.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, bool withProof = true, params (string Name, string Value)[] fields)
    {
        var all = fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).ToList();
        if (withProof && _token is not null) all.Add(KeyValuePair.Create("__RequestVerificationToken", _token));
        using var form = new FormUrlEncodedContent(all);
        return await ReadAsync(await _http.PostAsync(path, form));
    }

    /// <summary>Signs in through the form and forgets nothing.</summary>
    public async Task<HttpResponseMessage> SignInAsync(string email, string password, string? to = null)
    {
        await GetAsync(to is null ? "/sign-in" : $"/sign-in?to={Uri.EscapeDataString(to)}");
        return await PostAsync("/sign-in", true, ("email", email), ("password", password), ("to", to ?? ""));
    }

    /// <summary>A signed-in owner with a page of the shop open.</summary>
    public static async Task<Visitor> OwnerOfAsync(TestApp app, Shop shop)
    {
        var owner = new Visitor(app).Speaking("fr");
        var answer = await owner.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await owner.GetAsync($"/w/{shop.Slug}/more");
        return owner;
    }

    /// <summary>The proof of the last page that had a form.</summary>
    public string Proof => _token ?? throw new InvalidOperationException("No page with a form was read yet.");

    /// <summary>The page without what is sealed anew for each visitor, to compare what two of them are shown.</summary>
    public string Shown => Sealed().Replace(Html, "");

    /// <summary>Any request, with the proof in its header; the answer's body is left to the caller (it may be a stream without end).</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.TryAddWithoutValidation("RequestVerificationToken", Proof);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<HttpResponseMessage> ReadAsync(HttpResponseMessage answer)
    {
        Html = await answer.Content.ReadAsStringAsync();
        if (Token().Match(Html) is { Success: true } match) _token = WebUtility.HtmlDecode(match.Groups[1].Value);
        return answer;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("value=\"CfDJ8[^\"]*\"")]
    private static partial Regex Sealed();

    public void Dispose() => _http.Dispose();
}
