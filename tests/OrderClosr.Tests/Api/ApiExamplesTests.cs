using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Api;

/// <summary>The examples of <c>docs/api.md</c> are what happens: each request is sent in the order of the page, each answer is what the page shows.</summary>
/// <remarks>
/// A block <c>sh</c> is one call of curl; the block <c>http</c> below it is its answer: status, headers worth showing, body. In it <c>…</c> stands for what differs (in a text: for any letters; in an object
/// or a list: for more), and <c>"$NAME"</c> for a value that later examples use; everything else must be so, and an object has no field that is not shown.
/// Seen to fail: a field renamed in the page, one left out of it, another status.
/// </remarks>
public sealed partial class ApiExamplesTests
{
    [Fact]
    public async Task Every_example_of_the_page_is_answered_as_the_page_shows_it()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var known = new Dictionary<string, string> { ["KEY"] = (await ApiClient.KeyAsync(app, shop)).Key };
        var examples = Example().Matches(Repository.Text("docs/api.md"));
        Assert.True(examples.Count >= 12, $"{examples.Count} examples were found");
        foreach (Match example in examples)
        {
            var said = example.Groups[1].Value.Trim();
            using var request = Read(Words(said, known));
            using var answer = await app.Http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            var lines = example.Groups[2].Value.Trim().Split('\n');
            var end = Array.FindIndex(lines, l => l.Trim().Length == 0);
            var head = end < 0 ? lines : lines[..end];
            void Is(bool so, string what) => Assert.True(so, $"{said}\n{what}\nanswered {(int)answer.StatusCode} {body}");
            Is(head[0].Trim() == $"HTTP/1.1 {(int)answer.StatusCode} {answer.ReasonPhrase}", head[0]);
            foreach (var line in head[1..])
            {
                var parts = line.Split(": ", 2);
                var values = answer.Headers.TryGetValues(parts[0], out var own) || answer.Content.Headers.TryGetValues(parts[0], out own) ? string.Join(", ", own) : "";
                Is(Fits(parts[1].Trim(), values, known), line);
            }
            var difference = end < 0 ? (body.Length == 0 ? null : "shows no body") : Differs(JsonNode.Parse(Readable(string.Join('\n', lines[end..]))), JsonNode.Parse(body), "", known);
            Is(difference is null, difference ?? "");
        }
        var rooms = JsonNode.Parse(await app.Http.GetStringAsync("/api/v1/openapi.json"))!["paths"]!.AsObject().Select(p => p.Key.Split('/')[3]).Distinct();
        Assert.All(rooms, room => Assert.True(examples.Any(e => e.Groups[1].Value.Contains($"/api/v1/{room}", StringComparison.Ordinal)), $"the page has no example of {room}"));
    }

    /// <summary>The words of a command line as a shell reads them: quotes, a line that goes on, <c>$NAME</c> outside single quotes.</summary>
    private static List<string> Words(string line, Dictionary<string, string> known)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isOpen) = ('\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\'') { if (c == '\'') quote = '\0'; else word.Append(c); }
            else if (c == '$')
            {
                var name = Name().Match(line, i + 1).Value;
                word.Append(known.TryGetValue(name, out var value) ? value : throw new InvalidOperationException($"${name} was not shown before: {line}"));
                (i, isOpen) = (i + name.Length, true);
            }
            else if (quote == '"') { if (c == '"') quote = '\0'; else word.Append(c); }
            else if (c is '"' or '\'') (quote, isOpen) = (c, true);
            else if (c == '\\' && i + 1 < line.Length && line[i + 1] == '\n') i++;
            else if (char.IsWhiteSpace(c)) { if (isOpen) words.Add(word.ToString()); word.Clear(); isOpen = false; }
            else { word.Append(c); isOpen = true; }
        }
        if (isOpen) words.Add(word.ToString());
        return words;
    }

    private static HttpRequestMessage Read(List<string> words)
    {
        Assert.Equal("curl", words[0]);
        var request = new HttpRequestMessage();
        string? method = null, body = null;
        foreach (var (word, n) in words.Skip(1).Select((w, n) => (w, n + 1)))
        {
            if (words[n - 1] is "-X") method = word;
            else if (words[n - 1] is "-d") body = word;
            else if (words[n - 1] is "-H" && word.Split(": ", 2) is [var name, var value]) { if (name != "Content-Type") request.Headers.TryAddWithoutValidation(name, value); }
            else if (word.StartsWith("https://shop.example/", StringComparison.Ordinal)) request.RequestUri = new(word["https://shop.example".Length..], UriKind.Relative);
            else Assert.Contains(word, (string[])["-X", "-d", "-H"]);
        }
        request.Method = new(method ?? (body is null ? "GET" : "POST"));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(words.Contains("Content-Type: application/json") ? "application/json" : "application/x-www-form-urlencoded") } };
        return request;
    }

    /// <summary>JSON of the page as JSON: <c>…</c> outside of a text becomes a field or an item called so.</summary>
    private static string Readable(string shown)
    {
        var (json, open, isText) = (new StringBuilder(), new Stack<char>(), false);
        for (var i = 0; i < shown.Length; i++)
        {
            var c = shown[i];
            if (c == '"' && (i == 0 || shown[i - 1] != '\\')) isText = !isText;
            if (!isText && (c is '{' or '[')) open.Push(c);
            if (!isText && (c is '}' or ']')) open.Pop();
            json.Append(isText || c != '…' ? c.ToString() : open.Peek() == '{' && json.ToString().TrimEnd() is [.., '{' or ','] ? "\"…\":0" : "\"…\"");
        }
        return json.ToString();
    }

    /// <summary>Where the answer is not what the page shows; null: nowhere.</summary>
    private static string? Differs(JsonNode? shown, JsonNode? got, string at, Dictionary<string, string> known)
    {
        if (shown is JsonObject fields)
        {
            if (got is not JsonObject theirs) return $"{at} is no object";
            var more = fields.ContainsKey("…");
            if (!more && theirs.FirstOrDefault(t => !fields.ContainsKey(t.Key)).Key is { } unknown) return $"{at}.{unknown} is not shown";
            return fields.Where(f => f.Key != "…").Select(f => theirs.ContainsKey(f.Key) ? Differs(f.Value, theirs[f.Key], $"{at}.{f.Key}", known) : $"{at}.{f.Key} is missing").FirstOrDefault(d => d is not null);
        }
        if (shown is JsonArray items)
        {
            if (got is not JsonArray theirs) return $"{at} is no list";
            var more = items.Count > 0 && items[^1] is JsonValue last && last.TryGetValue<string>(out var dots) && dots == "…";
            var expected = more ? items.Count - 1 : items.Count;
            if (theirs.Count < expected || (!more && theirs.Count != expected)) return $"{at} has {theirs.Count} items";
            return Enumerable.Range(0, expected).Select(i => Differs(items[i], theirs[i], $"{at}[{i}]", known)).FirstOrDefault(d => d is not null);
        }
        if (shown is JsonValue value && value.TryGetValue<string>(out var text) && (text.Contains('…', StringComparison.Ordinal) || text.StartsWith('$')))
            return text == "…" || (got is JsonValue other && other.TryGetValue<string>(out var their) && Fits(text, their, known)) ? null : $"{at} is {got?.ToJsonString()}, not {text}";
        return JsonNode.DeepEquals(shown, got) ? null : $"{at} is {got?.ToJsonString() ?? "null"}, not {shown?.ToJsonString() ?? "null"}";
    }

    private static bool Fits(string shown, string got, Dictionary<string, string> known)
    {
        if (shown.StartsWith('$')) return got.Length > 0 && (known.TryAdd(shown[1..], got) || known[shown[1..]] == got);
        return Regex.IsMatch(got, $"^{string.Join(".+", shown.Split('…').Select(Regex.Escape))}$", RegexOptions.Singleline);
    }

    [GeneratedRegex("```sh\n(.*?)```\\s*```http\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("\\G[A-Z_]+")]
    private static partial Regex Name();
}
