using System.Text.Json.Nodes;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>Every phrase of the collection is read as what it is, or as a neighbour that leads to the same answer.</summary>
public sealed class ReadingTests
{
    // Left: the intent a native writer gave. Right: what the reading may call it.
    private static readonly Dictionary<string, string[]> Neighbours = new()
    {
        ["greeting"] = ["greeting"], ["price"] = ["price"], ["availability"] = ["availability", "size_color"], ["delivery_fee"] = ["delivery_fee"], ["delivery_time"] = ["delivery_time"],
        ["order"] = ["order", "how_to_order", "change"], ["address"] = ["address"], ["phone"] = ["phone", "ask_contact"], ["size_color"] = ["size_color", "availability", "order"],
        ["confirm"] = ["confirm"], ["cancel"] = ["cancel", "no"], ["complaint"] = ["complaint"], ["negotiate"] = ["negotiate"], ["bulk"] = ["bulk"], ["exchange_return"] = ["exchange"],
        ["open_parcel"] = ["open_parcel"], ["tracking"] = ["tracking"], ["payment"] = ["payment"], ["trust_quality"] = ["quality", "photo"], ["store_location"] = ["store", "ask_contact"],
        ["human_handoff"] = ["person", "bot"], ["budget_slang"] = ["budget", "price", "payment", "order"], ["attack_offtopic"] = ["attack", "off_topic"],
    };

    [Fact]
    public async Task Nine_phrases_of_ten_are_read_as_meant()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var misses = new List<string>();
        var count = 0;
        foreach (var row in (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Sandbox", "Claude", "selling-phrases.tsv"), TestContext.Current.CancellationToken)).Skip(1).Select(l => l.Split('\t')))
        {
            count++;
            var read = (await ReadAsync(door, row[2]))["intent"]!.GetValue<string>();
            if (!Neighbours[row[0]].Contains(read)) misses.Add($"{row[0]} read as {read}: {row[2]}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', misses));
        Assert.Equal(152, count);
        Assert.True(misses.Count <= count / 10, string.Join('\n', misses));
    }

    [Theory]
    [InlineData("3andi 7aja w 9oltlek", "quantities", "[]")]
    [InlineData("nheb zouj montres", "quantities", "[2]")]
    [InlineData("x2 svp", "quantities", "[2]")]
    [InlineData("wa7da ka7la", "colours", "[\"noir\"]")]
    [InlineData("بغيت اللون الاخضر مقاس لارج", "sizes", "[\"l\"]")]
    [InlineData("نحب روبة الصيف M كحلة، سمية 0500000803", "sizes", "[\"m\"]")]
    [InlineData("pointure 43 kayna?", "sizes", "[\"43\"]")]
    [InlineData("ana nelbes 38 f zara", "sizes", "[\"38\"]")]
    [InlineData("+213 500 00 00 65", "phones", "[\"+213500000065\"]")]
    [InlineData("05.00.00.00.65", "phones", "[\"0500000065\"]")]
    [InlineData("213 5 00 00 00 65", "phones", "[\"213500000065\"]")]
    [InlineData("٠٥٠٠٠٠٠٠١٢", "phones", "[\"0500000012\"]")]
    [InlineData("0500000012 / 0600000013", "phones", "[\"0500000012\",\"0600000013\"]")]
    [InlineData("O5OOOOOO12", "phones", "[\"0500000012\"]")]
    [InlineData("500000012", "phones", "[\"500000012\"]")]
    [InlineData("rani f Bab Ezzouar", "places", "[\"Bab Ezzouar\"]")]
    [InlineData("livraison l wahran ch7al", "places", "[\"wahran\"]")]
    [InlineData("l'annaba", "places", "[\"annaba\"]")]
    [InlineData("شحال التوصيل لوهران؟", "places", "[\"وهران\"]")]
    [InlineData("ch7al la robe l 7amra", "places", "[]")]
    [InlineData("wilaya 19", "wilaya_number", "\"19\"")]
    [InlineData("nheb 16 montres", "wilaya_number", "null")]
    [InlineData("montre ب ٤٥٠٠ دج", "amounts", "[[4500]]")]
    [InlineData("montre 5k", "amounts", "[[5000]]")]
    [InlineData("nkhalas 50 alf", "amounts", "[[500,50000]]")]
    [InlineData("انا عندي 2ملاين", "amounts", "[[20000]]")]
    [InlineData("3 500 DA", "amounts", "[[3500]]")]
    [InlineData("oui mais 3000", "clean_yes", "false")]
    [InlineData("wah safi dirha", "clean_yes", "true")]
    [InlineData("👍", "clean_yes", "true")]
    [InlineData("نعم أريد واحد باللون الأزرق مقاس M", "clean_yes", "false")]
    [InlineData("statut commande 1047?", "order", "1047")]
    [InlineData("l bureau svp", "delivery", "\"desk\"")]
    public async Task Pieces_of_an_order_are_found_however_they_are_written(string text, string piece, string expected)
    {
        await using var door = await ClaudeDoor.OpenAsync();
        Assert.Equal(expected, (await ReadAsync(door, text))[piece]?.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "null");
    }

    private static async Task<JsonObject> ReadAsync(ClaudeDoor door, string text) =>
        (await door.DoorAsync(HttpMethod.Post, "/claude/_read", new JsonObject { ["text"] = text }.ToJsonString())).Body!.AsObject();
}
