using System.Globalization;
using System.Text.RegularExpressions;
using OrderClosr.Privacy;
using OrderClosr.Tests.Support;
using OrderClosr.Web;

namespace OrderClosr.Tests.Promises;

/// <summary>The policy page says nothing that no test proves.</summary>
[Collection(PromiseCollection.Name)]
public sealed partial class PolicyPageTests(PromiseWorld world)
{
    /// <summary>What proves each line of the table of what is kept.</summary>
    private static readonly Dictionary<string, Type> Kept = new()
    {
        ["conversations"] = typeof(P12_BackupsAreSealedAndKept14Days), ["invoices"] = typeof(P11_PlansArePaidThroughChargily), ["backups"] = typeof(P12_BackupsAreSealedAndKept14Days), ["deliveries"] = typeof(Ground.JobTests), ["jobs"] = typeof(Ground.JobTests),
        ["sessions"] = typeof(Workspaces.SessionTests), ["unconfirmed"] = typeof(Workspaces.UnconfirmedTests), ["tries"] = typeof(Workspaces.SignInTests),
    };

    /// <summary>What proves that STOP is honoured, as the page tells a shop's customers.</summary>
    private static readonly Type Stop = typeof(Conversations.OptOutTests);

    [Fact]
    public void Each_promise_on_the_page_has_a_class_of_tests_of_its_number()
    {
        var proven = typeof(PolicyPageTests).Assembly.GetTypes().Where(t => t.Namespace == typeof(PolicyPageTests).Namespace && HasTests(t))
            .SelectMany(t => Number().Matches(t.Name).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))).ToHashSet();
        Assert.Equal(Enumerable.Range(1, 19), Policy.Promises.Select(p => p.Number));
        var bare = Policy.Promises.Where(p => !proven.Contains(p.Number)).Select(p => p.Key);
        Assert.True(!bare.Any(), $"The page promises what no class P.._… of this folder proves: {string.Join(", ", bare)}");
        Assert.Equal(Policy.Kept.Order(StringComparer.Ordinal), Kept.Keys.Order(StringComparer.Ordinal));
        Assert.All([.. Kept.Values, Stop], t => Assert.True(HasTests(t)));
    }

    [Theory, InlineData("ar", "rtl", "التزاماتنا واحدا واحدا"), InlineData("fr", "ltr", "Confidentialité"), InlineData("en", "ltr", "Privacy policy")]
    public async Task It_stands_in_three_languages_with_an_anchor_for_each_promise(string language, string direction, string word)
    {
        using var anybody = new Visitor(world.App);
        var page = await anybody.ReadAsync($"/privacy?lang={language}");
        Assert.Contains($"<html lang=\"{language}\" dir=\"{direction}\">", page, StringComparison.Ordinal);
        Assert.Contains(word, page, StringComparison.Ordinal);
        Assert.Contains(Policy.Version.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), page, StringComparison.Ordinal);
        Assert.DoesNotContain("[policy.", page, StringComparison.Ordinal);
        Assert.Equal(Policy.Promises.Select(p => p.Key), Anchor().Matches(page).Select(m => m.Groups[1].Value));
        // Nobody it does not send to is named as somebody it does.
        Assert.DoesNotContain("Sentry</th>", page, StringComparison.Ordinal);
        // A browser's own wish counts too, and English is spoken on this page alone.
        using var wishing = new Visitor(world.App).Speaking(language);
        Assert.Contains($"lang=\"{language}\"", (await wishing.ReadAsync("/privacy"))[..200], StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{(language == "en" ? "fr" : language)}\"", await wishing.ReadAsync("/sign-in?lang=en"), StringComparison.Ordinal);
    }

    [Fact]
    public void All_three_languages_have_words_for_each_promise_and_processor()
    {
        foreach (var language in (CultureInfo[])[CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("ar"), CultureInfo.GetCultureInfo("en")])
        {
            var words = Words.All("policy", language);
            foreach (var promise in Policy.Promises) Assert.Contains($"{promise.Key}_text", words.Keys);
            foreach (var to in Processors.All) Assert.All(["", "_data", "_why", "_where"], end => Assert.Contains($"to_{to.Key}{end}", words.Keys));
        }
    }

    [Fact]
    public async Task Every_door_leads_to_it()
    {
        using var anybody = new Visitor(world.App).Speaking("fr");
        foreach (var page in (string[])["/", "/sign-in", "/sign-up", "/nowhere"])
        {
            await anybody.GetAsync(page);
            Assert.True(anybody.Html.Contains("href=\"/privacy\"", StringComparison.Ordinal), $"{page} has no way to the policy");
        }
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        Assert.Contains("href=\"/privacy\"", await owner.ReadAsync($"/w/{world.Shop.Slug}/inbox"), StringComparison.Ordinal);
        Assert.Contains("href=\"/privacy\"", await owner.ReadAsync($"/w/{world.Shop.Slug}/more"), StringComparison.Ordinal);
    }

    private static bool HasTests(Type type) => type.GetMethods().Any(m => m.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0);

    [GeneratedRegex(@"(?:^|_)P(\d\d)(?=_)")]
    private static partial Regex Number();

    [GeneratedRegex("<li id=\"(p\\d+)\">")]
    private static partial Regex Anchor();
}
