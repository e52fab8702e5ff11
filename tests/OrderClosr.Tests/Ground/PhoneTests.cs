using System.Text.Json;
using OrderClosr.Ground.Values;

namespace OrderClosr.Tests.Ground;

public sealed class PhoneTests
{
    [Theory]
    [InlineData("0500000012")]
    [InlineData("0500 00 00 12")]
    [InlineData("05.00.00.00.12")]
    [InlineData("05-00-00-00-12")]
    [InlineData("+213500000012")]
    [InlineData("+213 500 00 00 12")]
    [InlineData("00213500000012")]
    [InlineData("213500000012")]
    [InlineData("213 5 00 00 00 12")]
    [InlineData("+213 (0)500000012")]
    [InlineData("+213 (0) 500 00 00 12")]
    [InlineData("+2130500000012")]
    [InlineData("0213500000012")]
    [InlineData("500000012")]
    [InlineData("500 00 00 12")]
    [InlineData("٠٥٠٠٠٠٠٠١٢")]
    [InlineData("٠٥٠٠ ٠٠ ٠٠ ١٢")]
    [InlineData("۰۵۰۰۰۰۰۰۱۲")]
    [InlineData("O500000012")]
    [InlineData("05OO 00 00 12")]
    [InlineData("\u202A+213500000012\u202C")]
    [InlineData("\u200E0500\u00A000\u00A000\u00A012\u200F")]
    [InlineData("tel: 0500000012")]
    [InlineData("رقمي 0500000012")]
    [InlineData("  0500000012  ")]
    public void Every_form_people_type_is_the_same_number(string typed)
    {
        Assert.True(Phone.TryRead(typed, out var phone));
        Assert.Equal("+213500000012", phone.E164);
        Assert.True(phone.IsMobile);
    }

    [Theory]
    [InlineData("0500000012 / 0600000013")]
    [InlineData("0500000012/0600000013")]
    [InlineData("0500000012, 0600000013")]
    [InlineData("0500000012;0600000013")]
    [InlineData("0500000012 ou 0600000013")]
    [InlineData("0500000012 او 0600000013")]
    [InlineData("0500000012 أو 0600000013")]
    [InlineData("0500000012 w 0600000013")]
    [InlineData("0500 00 00 12 0600 00 00 13")]
    [InlineData("0500000012\n0600000013")]
    [InlineData("0500000012-0600000013")]
    [InlineData("0500000012 / 0600000013 / 0500000012")]
    public void Two_numbers_in_one_field_are_two_phones(string typed) =>
        Assert.Equal(["+213500000012", "+213600000013"], Phone.ReadAll(typed).Select(phone => phone.E164));

    [Theory]
    [InlineData("021 00 00 12", "+21321000012", "021000012")]
    [InlineData("021312345", "+21321312345", "021312345")]
    [InlineData("21312345", "+21321312345", "021312345")]
    [InlineData("+213 41 00 00 12", "+21341000012", "041000012")]
    public void A_fixed_line_is_read_and_is_no_mobile(string typed, string e164, string national)
    {
        Assert.True(Phone.TryRead(typed, out var phone));
        Assert.Equal((e164, national, false), (phone.E164, phone.National, phone.IsMobile));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("050000001")]
    [InlineData("05000000123")]
    [InlineData("0800000012")]
    [InlineData("12")]
    [InlineData("+213 12")]
    [InlineData("nemrti")]
    [InlineData("+33 1")]
    public void What_is_no_number_is_asked_again(string? typed) => Assert.Empty(Phone.ReadAll(typed));

    [Fact]
    public void A_foreign_number_needs_its_country_and_is_not_algerian()
    {
        Assert.True(Phone.TryRead("+33 6 12 34 56 78", out var abroad));
        Assert.Equal(("+33612345678", false, false), (abroad.E164, abroad.IsAlgerian, abroad.IsMobile));
        Assert.False(Phone.TryRead("33612345678", out _));
    }

    [Theory]
    [InlineData("salam nheb wa7da taille 42, nemrti 0500000012 w rani f wahran")]
    [InlineData("3andi zouj 2 0500 00 00 12 livraison 16")]
    [InlineData("+213500000012 hada ra9mi")]
    [InlineData("zid nemra wa7d okhra 0500000012")]
    [InlineData("السعر 4500 دج والرقم ٠٥٠٠٠٠٠٠١٢ شكرا")]
    [InlineData("rani 7ab 38/40, 5 00 00 00 12")]
    [InlineData("tel0500000012")]
    [InlineData("le 05.06.2026 10h, appelez 0500000012")]
    [InlineData("0500000012.")]
    [InlineData("(0500000012)")]
    [InlineData("O500000012 c mon num")]
    public void A_phone_is_found_among_other_words_and_numbers(string message) =>
        Assert.Equal(["+213500000012"], Phone.FindInText(message).Select(phone => phone.E164));

    [Theory]
    [InlineData("3andi 7ab 9bel 5dma 2ana")]
    [InlineData("ch7al 500 000 da")]
    [InlineData("5.000.000,00 DA")]
    [InlineData("pointure 38 39 40 41 42 43")]
    [InlineData("taille 36/38/40/42/44")]
    [InlineData("le 05.06.2026 10:30")]
    [InlineData("05/06/2026")]
    [InlineData("yal-500000012")]
    [InlineData("colis YAL500000012")]
    [InlineData("ref 2025060700001234567")]
    [InlineData("4500 DA 3500 DA 600 DA")]
    [InlineData("٣٥٠٠ دج")]
    [InlineData("wilaya 16 500 logements")]
    [InlineData("1 million 500")]
    public void Prices_sizes_dates_and_arabizi_are_no_phones(string message) => Assert.Empty(Phone.FindInText(message));

    [Fact]
    public void Two_phones_in_one_message_are_both_found() =>
        Assert.Equal(["+213500000012", "+213600000013"], Phone.FindInText("0500000012,0600000013 wala l wahda").Select(phone => phone.E164));

    [Fact]
    public void Screens_and_logs_show_the_masked_number()
    {
        Phone.TryRead("0500000012", out var mobile);
        Phone.TryRead("021000012", out var fixedLine);
        Assert.Equal("0500 •• •• 12", mobile.Masked);
        Assert.Equal("021 •• •• 12", fixedLine.Masked);
        Assert.Equal("", default(Phone).Masked);
        Assert.Equal("0500000012", mobile.National);
        Assert.Equal("213500000012", mobile.DigitsOnly);
        Assert.Equal("+213500000012", mobile.ToString());
    }

    [Theory]
    [InlineData("appelez 0500 00 00 12 svp", "appelez 05 •• •• 12 svp")]
    [InlineData("رقمي ٠٥٠٠٠٠٠٠١٢", "رقمي 05 •• •• 12")]
    [InlineData("+213 (0) 500-00.00_12", "+21 •• •• 12")]
    [InlineData("O5OOOOOO12", "O50 •• •• 12")]
    [InlineData("0️⃣5️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣", "05 •• •• 12")]
    [InlineData("Cité 1600, bât. 12, 4 500 DA", "Cité 1600, bât. 12, 4 500 DA")]
    public void A_number_inside_a_text_is_masked_however_it_is_written(string text, string masked) => Assert.Equal(masked, Phone.MaskedIn(text));

    [Fact]
    public void Json_is_the_number_itself_and_reads_what_people_type()
    {
        Phone.TryRead("0500000012", out var phone);
        Assert.Equal("\"+213500000012\"", JsonSerializer.Serialize(phone, JsonSerializerOptions.Default).Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal(phone, JsonSerializer.Deserialize<Phone>("\"0500 00 00 12\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Phone>("\"12\""));
        Assert.Equal(phone, Phone.Stored("+213500000012"));
        Assert.Throws<FormatException>(() => Phone.Stored("0500000012"));
    }
}
