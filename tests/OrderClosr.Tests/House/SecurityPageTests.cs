using System.Text.RegularExpressions;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.House;

/// <summary><c>docs/security.md</c> names tests that exist, and every item says how it stands.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Each_item_names_tests_that_exist_or_says_that_it_is_not_met()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/security.md"));
        var tests = typeof(SecurityPageTests).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("OrderClosr.Tests", StringComparison.Ordinal) == true)
            .SelectMany(t => t.GetMethods().Where(m => m.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).SelectMany(m => (string[])[t.Name, $"{t.Name}.{m.Name}"])).ToHashSet();
        var rows = Row().Matches(page).Select(m => (Item: m.Groups[1].Value.Trim(), How: m.Groups[3].Value, Proof: m.Groups[4].Value)).Where(r => char.IsDigit(r.Item[0])).ToList();
        Assert.True(rows.Count > 30, $"{rows.Count} items");
        var faults = new List<string>();
        foreach (var (item, how, proof) in rows)
        {
            var named = Name().Matches(proof).Select(m => m.Groups[1].Value).ToList();
            faults.AddRange(named.Where(n => !tests.Contains(n)).Select(n => $"{item}: there is no test {n}"));
            if (named.Count == 0 && !how.Contains("**not met", StringComparison.Ordinal) && !proof.Contains("no test", StringComparison.Ordinal)) faults.Add($"{item}: neither a test nor a plain \"not met\"");
        }
        Sources.None(faults, "docs/security.md names only tests that exist", "a table of promises that nobody checks is worse than none");
    }

    [GeneratedRegex(@"^\|([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(\\w+(?:\\.\\w+)?)`")]
    private static partial Regex Name();
}
