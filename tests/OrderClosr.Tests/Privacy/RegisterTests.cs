using System.Text;
using OrderClosr.Ground.Outbound;
using OrderClosr.Privacy;
using OrderClosr.Tests.Promises;
using OrderClosr.Tests.Support;
using OrderClosr.Web.Ui;

namespace OrderClosr.Tests.Privacy;

/// <summary>The register of processing and the list of processors: one table behind page and file, in both languages.</summary>
[Collection(PromiseCollection.Name)]
public sealed class RegisterTests(PromiseWorld world)
{
    [Theory, InlineData("fr", "Registre des traitements"), InlineData("ar", "سجل المعالجات")]
    public async Task Page_and_files_say_the_same_in_the_readers_language(string language, string title)
    {
        using var owner = (await Visitor.OwnerOfAsync(world.App, world.Shop)).Speaking(language);
        var address = $"/w/{world.Shop.Slug}/settings/privacy";
        var page = await owner.ReadAsync(address);
        Assert.Contains(title, page, StringComparison.Ordinal);
        Assert.DoesNotContain("[register.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("[policy.", page, StringComparison.Ordinal);
        foreach (var (file, rows, columns) in ((string, int, int)[])[("register.csv", Register.All.Count, 7), ("processors.csv", Processors.Of(world.App.Get<OutboundGate>()).Count, 5)])
        {
            using var answer = await owner.Http.GetAsync($"{address}/{file}");
            Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
            var lines = Encoding.UTF8.GetString(bytes[3..]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Assert.Equal(rows + 1, lines.Length);
            Assert.All(lines, l => Assert.Equal(columns, Cells(l).Count));
            Assert.All(lines.Skip(1), l => Assert.Contains(Cells(l)[0], page, StringComparison.Ordinal));
            Assert.DoesNotContain('[', string.Join('\n', lines));
        }
    }

    [Fact]
    public void Whoever_data_go_to_is_a_processor_with_a_name()
    {
        Assert.Empty(Register.All.SelectMany(p => p.To).Except(Processors.All.Select(p => p.Key)));
        Assert.Equal(Register.All.Count, Register.All.Select(p => p.Key).Distinct().Count());
        foreach (var language in (System.Globalization.CultureInfo[])[System.Globalization.CultureInfo.InvariantCulture, System.Globalization.CultureInfo.GetCultureInfo("ar")])
        {
            var words = OrderClosr.Web.Words.All("register", language).Keys;
            foreach (var line in Register.All) Assert.All(["", "_data", "_for"], end => Assert.Contains(line.Key + end, words));
            Assert.All(Processors.All, p => Assert.Contains($"{p.Key}_keeps", words));
            Assert.All(Enum.GetValues<LegalBasis>(), b => Assert.Contains($"basis_{b.Word()}", words));
            Assert.All(Enum.GetValues<DataSubject>(), s => Assert.Contains($"whose_{s.Word()}", words));
        }
    }

    private static List<string> Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        foreach (var c in line)
        {
            if (c == '"') quoted = !quoted;
            else if (c == ';' && !quoted) { cells.Add(cell.ToString()); cell.Clear(); }
            else cell.Append(c);
        }
        cells.Add(cell.ToString());
        return cells;
    }
}
