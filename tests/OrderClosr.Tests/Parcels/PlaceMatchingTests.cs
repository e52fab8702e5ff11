using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Parcels;

/// <summary>Which of a courier's communes is which of ours.</summary>
public sealed class PlaceMatchingTests
{
    private static readonly Places Places = new();

    private static PlaceRow Row(string name, string wilaya) => new(CourierPlaceKind.Commune, name, wilaya, name);

    private static IReadOnlyDictionary<PlaceRow, int> Match(IEnumerable<PlaceRow> rows, Func<PlaceRow, int>? known = null) =>
        PlaceMatching.Match([.. rows], Enumerable.Range(1, 69).ToDictionary(n => $"{n}", n => n), Places, known ?? (_ => 0));

    private static string? NameOf(IReadOnlyDictionary<PlaceRow, int> matched, PlaceRow row) => matched.TryGetValue(row, out var code) ? Places.CommuneOf(code)!.Name : null;

    [Fact]
    public void The_whole_country_spelled_as_we_do_is_matched_without_a_doubt_in_either_model()
    {
        foreach (var model in (Func<Commune, int>[])[c => c.WilayaCode58, c => c.WilayaCode])
        {
            var communes = Places.Wilayas.SelectMany(w => Places.CommunesOf(w.Code)).ToList();
            var rows = communes.ToDictionary(c => c, c => Row(c.Name.ToUpperInvariant(), $"{model(c)}"));
            var matched = Match(rows.Values);
            // Two communes of one name in one wilaya are nobody's to decide.
            foreach (var (commune, row) in rows)
                if (matched.TryGetValue(row, out var code)) Assert.Equal(commune.Code, code);
            Assert.True(matched.Count >= communes.Count - 4, $"{communes.Count - matched.Count} are not matched");
        }
    }

    [Theory]
    [InlineData("SETIF", "19", "Setif")]
    [InlineData("Bab-Ezzouar", "16", "Bab Ezzouar")]
    [InlineData("بئر الجير", "31", "Bir El Djir")]
    [InlineData("Bou Saada", "28", "Bou Saada")]
    [InlineData("Bou Saada", "68", "Bou Saada")]
    [InlineData("Es Sénia", "31", "Es Senia")]
    public void Accents_capitals_hyphens_and_scripts_make_no_difference(string theirs, string wilaya, string ours)
    {
        var row = Row(theirs, wilaya);
        Assert.Equal(ours, NameOf(Match([row]), row));
    }

    [Fact]
    public void A_commune_that_the_courier_keeps_under_another_wilaya_is_found_when_only_one_has_its_name()
    {
        var borma = Row("El Borma", "55");
        Assert.Equal("El Borma", NameOf(Match([borma]), borma));
        // Several communes of the country are called El Eulma: under a wilaya that has none nobody can tell.
        var eulma = Row("El Eulma", "16");
        Assert.Null(NameOf(Match([eulma]), eulma));
    }

    [Fact]
    public void One_letter_apart_is_taken_only_when_nobody_else_could_be_meant()
    {
        var row = Row("Bir El Djirr", "31");
        Assert.Equal("Bir El Djir", NameOf(Match([row]), row));
        // The right one stands beside it: the odd one is somebody else.
        var right = Row("Bir El Djir", "31");
        var odd = Row("Bir El Djix", "31");
        var both = Match([right, odd]);
        Assert.Equal("Bir El Djir", NameOf(both, right));
        Assert.Null(NameOf(both, odd));
        Assert.Null(NameOf(Match([Row("Quelque Part", "31")]), Row("Quelque Part", "31")));
    }

    [Fact]
    public void What_the_adapter_knows_goes_before_what_letters_say()
    {
        var row = Row("Timekten", "1");
        var adrar = Places.CommunesOf(1).First(c => c.Name == "Adrar");
        Assert.Equal("Adrar", NameOf(Match([row], _ => adrar.Code), row));
    }
}
