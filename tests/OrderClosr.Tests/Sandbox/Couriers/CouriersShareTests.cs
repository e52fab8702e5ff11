using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Couriers;

/// <summary>What all played couriers stand on.</summary>
public sealed class CouriersShareTests
{
    [Fact]
    public void The_country_has_69_wilayas_of_which_couriers_know_58()
    {
        Assert.Equal((69, 58, 1541), (Gazetteer.Wilayas(69).Count(), Gazetteer.Wilayas(58).Count(), Gazetteer.Communes.Count));
        var bouSaada = Gazetteer.Communes.Single(c => c is { French: "Bou Saada" or "Bou Saâda" });
        Assert.Equal((68, 28), (bouSaada.WilayaIn(69), bouSaada.WilayaIn(58)));
    }

    [Fact]
    public void A_minute_never_holds_more_than_its_calls_wherever_it_starts()
    {
        var time = new TestClock();
        var rates = new RateBuckets(time);
        RateWindow[] windows = [new("minute", TimeSpan.FromMinutes(1), 3), new("hour", TimeSpan.FromHours(1), 5)];
        RateAnswer Call() => rates.Count("shop", windows);

        Assert.Equal([2, 4], Call().Left);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal([0, 2], (Call(), Call()).Item2.Left);
        var refused = Call();
        Assert.Equal((true, TimeSpan.FromSeconds(10)), (refused.IsRefused, refused.Wait));
        time.Advance(refused.Wait);
        Assert.False(Call().IsRefused); // the first has left, the two of second 50 have not
        Assert.True(Call().IsRefused);
        Assert.False(rates.Count("another shop", windows).IsRefused);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(Call().IsRefused);
        Assert.Equal(TimeSpan.FromMinutes(57), Call().Wait); // five in this hour: the first leaves it in 57 minutes
    }

    [Fact]
    public void A_label_is_a_pdf_whose_places_are_where_its_table_says()
    {
        var page = new LabelPage("Anderson", "Dar Lina", "Amine (Benali)", "0500000012", "Cité 120", "16 Alger", "4500 DA", "Robe", "ECABCD2610020001");
        foreach (var bytes in (byte[][])[LabelPdf.Make(page), LabelPdf.Make(page, page), LabelPdf.Blank()])
        {
            var text = Encoding.Latin1.GetString(bytes);
            Assert.StartsWith("%PDF-1.4", text, StringComparison.Ordinal);
            var starts = Regex.Matches(text, @"(\d{10}) 00000 n").Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
            Assert.All(starts.Index(), s => Assert.StartsWith($"{s.Index + 1} 0 obj", text[s.Item..], StringComparison.Ordinal));
            Assert.Equal(int.Parse(Regex.Match(text, @"startxref\n(\d+)").Groups[1].Value, CultureInfo.InvariantCulture), text.IndexOf("xref\n0", StringComparison.Ordinal));
        }
        Assert.Contains(@"(A : Amine \(Benali\))", Encoding.Latin1.GetString(LabelPdf.Make(page)), StringComparison.Ordinal);
        Assert.InRange(LabelPdf.Blank().Length, 860, 900);
    }

    [Fact]
    public void Bars_are_code_128_with_its_check_sign() => // start B, "A" = 33, check (104 + 33) % 103 = 34, stop
        Assert.Equal("211214" + "111323" + "131123" + "2331112", LabelPdf.Bars("A"));

    [Fact]
    public void A_slip_reads_the_same_as_csv_and_as_workbook()
    {
        SlipColumn[] columns = [new("Tracking", l => l.Tracking), new("Client", l => l.Client), new("Montant", l => l.Amount), new("Net", l => l.Net)];
        var slip = new PaymentSlip("EC-1", "dar-lina", DateTimeOffset.UnixEpoch, [new("T1", "R1", "Amine; \"le\" <client> ليلى", "0500000012", "Alger", "paye", DateTimeOffset.UnixEpoch, 4500, 400), new("T2", null, "Retour", "0500000013", "Oran", "retour", DateTimeOffset.UnixEpoch, 0, 200)]);
        Assert.Equal(3900, slip.Total);
        Assert.Equal("\uFEFFTracking;Client;Montant;Net\r\nT1;\"Amine; \"\"le\"\" <client> ليلى\";4500;4100\r\nT2;Retour;0;-200\r\n", Encoding.UTF8.GetString(slip.Csv(columns)));
        using var zip = new ZipArchive(new MemoryStream(slip.Xlsx(columns)));
        var sheet = System.Xml.Linq.XDocument.Load(zip.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        Assert.Equal(["Tracking", "Client", "Montant", "Net", "T1", "Amine; \"le\" <client> ليلى", "4500", "4100", "T2", "Retour", "0", "-200"], sheet.Descendants().Where(e => e.Name.LocalName == "c").Select(e => e.Value));
    }

    [Fact]
    public void Odd_types_change_what_they_say_and_nothing_else()
    {
        var plain = JsonNode.Parse("""{"a":1,"b":[2,true,null,"x"]}""");
        string With(params string[] switches)
        {
            var faults = new FaultList(new(1));
            foreach (var one in switches) faults.Add(new() { Kind = one.Split('=')[0], Value = one.Contains('=', StringComparison.Ordinal) ? one.Split('=')[1] : null });
            return OddTypes.Apply(plain, faults)!.ToJsonString();
        }
        Assert.Equal(plain!.ToJsonString(), With());
        Assert.Equal("""{"a":"1","b":["2",true,null,"x"]}""", With("numbers-as-text"));
        Assert.Equal("""{"a":1,"b":[2,"1",null,"x"]}""", With("booleans-as=digit"));
        Assert.Equal("""{"a":1,"b":[2,1,null,"x"]}""", With("booleans-as=number"));
        Assert.Equal("""{"a":1,"b":[2,true,null,"x"],"x_new_field":[1,"deux",null]}""", With("unknown-fields"));
    }

    [Theory]
    [InlineData("0500000012", true)]
    [InlineData("021000000", true)]
    [InlineData("0982000000", true)]
    [InlineData("+213500000012", false)]
    [InlineData("500000012", false)]
    [InlineData("05000000123", false)]
    [InlineData("0500 00 00 12", false)]
    public void A_number_is_taken_only_in_national_form(string number, bool isTaken) => Assert.Equal(isTaken, FieldErrors.IsPhone(number));
}
