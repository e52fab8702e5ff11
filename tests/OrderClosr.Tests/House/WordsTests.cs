using System.Text.RegularExpressions;
using System.Xml.Linq;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.House;

/// <summary>Which words may stand where.</summary>
public sealed partial class WordsTests
{
    [Fact]
    public void A_vendors_words_stand_only_in_its_folder()
    {
        // As words of an identifier (WamId, psid_of) or inside a string, but not inside another word (upside).
        string[] words = ["wamid", "psid", "igsid", "bsuid", "waba", "wabaid"];
        string[] texts = ["graph.facebook", "graph.instagram", "messaging_product", "messaging_type", "phone_number_id", "hub.challenge", "X-Hub-Signature", "subscribed_apps",
            "tool_use", "tool_result", "stop_reason", "cache_control", "anthropic", "max_tokens"];
        var pattern = $"(?<![a-z])(?:{string.Join('|', words)})(?![a-z])|{string.Join('|', texts.Select(Regex.Escape))}";
        Sources.None(Sources.Find(pattern, path => Sources.In(path, "Vendors/", "App.cs"), RegexOptions.IgnoreCase),
            "a vendor's words (names, fields, error codes) stand only in Vendors/<Name>; rooms speak the product's words",
            "a vendor renames a field: one folder changes; a second vendor comes: no room changes");
    }

    [Fact]
    public void Every_French_word_has_its_Arabic_twin_with_the_same_blanks()
    {
        var folder = Path.Combine(Repository.Root, "src/OrderClosr/Web/Words");
        var french = Directory.GetFiles(folder, "*.resx").Where(f => !Path.GetFileNameWithoutExtension(f).Contains('.', StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(french);
        var faults = new List<string>();
        foreach (var file in french)
        {
            var twin = Path.ChangeExtension(file, ".ar.resx");
            var (ours, theirs) = (Words(file), File.Exists(twin) ? Words(twin) : []);
            var name = Path.GetFileName(file);
            faults.AddRange(ours.Keys.Except(theirs.Keys).Select(k => $"{name}: {k} is not in Arabic"));
            faults.AddRange(theirs.Keys.Except(ours.Keys).Select(k => $"{name}: {k} is only in Arabic"));
            foreach (var (key, text) in ours)
            {
                if (string.IsNullOrWhiteSpace(text)) faults.Add($"{name}: {key} is empty");
                if (theirs.TryGetValue(key, out var other) && (string.IsNullOrWhiteSpace(other) || !Blanks(text).SetEquals(Blanks(other)))) faults.Add($"{name}: {key} has other blanks in Arabic");
            }
        }
        faults.AddRange(Directory.GetFiles(folder, "*.ar.resx").Where(f => !File.Exists(f.Replace(".ar.resx", ".resx", StringComparison.Ordinal))).Select(f => $"{Path.GetFileName(f)} has no French file"));
        // Letters speak English too.
        foreach (var file in Directory.GetFiles(folder, "*.en.resx"))
        {
            var (ours, theirs) = (Words(file.Replace(".en.resx", ".resx", StringComparison.Ordinal)), Words(file));
            faults.AddRange(ours.Keys.Except(theirs.Keys).Concat(theirs.Keys.Except(ours.Keys)).Select(k => $"{Path.GetFileName(file)}: {k} is not in both languages"));
            faults.AddRange(ours.Where(w => theirs.TryGetValue(w.Key, out var other) && !Blanks(w.Value).SetEquals(Blanks(other))).Select(w => $"{Path.GetFileName(file)}: {w.Key} has other blanks"));
        }
        Sources.None(faults, "every French resource has its Arabic twin", "half of the merchants read Arabic");
    }

    [Fact]
    public void Nothing_in_the_clone_reads_outside_of_it()
    {
        string[] outside = [$"..{'/'}shared", $"/work{'/'}"];
        var faults = Repository.Files(".", ".cs", ".razor", ".csproj", ".props", ".sh", ".json", ".md", ".js", ".mjs", ".css", "run").Where(f => outside.Any(o => f.Text.Contains(o, StringComparison.Ordinal)))
            .Select(f => f.Path);
        Sources.None([.. faults], "the project reads nothing outside its own clone", "a stranger has only the clone");
    }

    private static Dictionary<string, string> Words(string file) =>
        XDocument.Load(file).Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static HashSet<string> Blanks(string text) => [.. Blank().Matches(text).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"\{(\d+)")]
    private static partial Regex Blank();
}
