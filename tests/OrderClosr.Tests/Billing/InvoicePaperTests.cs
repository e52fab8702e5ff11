using System.Text.Encodings.Web;
using Microsoft.Extensions.Configuration;
using OrderClosr.Billing;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using SkiaSharp;

namespace OrderClosr.Tests.Billing;

/// <summary>The invoice as a file: in both languages, its Arabic joined and read from the right.</summary>
public sealed class InvoicePaperTests
{
    private static readonly string? ScreensFolder = Environment.GetEnvironmentVariable("ORDERCLOSR_TEST_SCREENS");

    private static Invoice Sample => Made(new()
    {
        Id = Id<Invoice>.New(DateTimeOffset.UnixEpoch.AddDays(1)), Number = "2026-0114", Kind = InvoiceKind.Change, Plan = "atelier", PlanName = "Atelier", Cycle = BillingCycle.Monthly, ShopName = "Dar Lina دار لينا", Price = new(9900), Unused = new(1300), FromCredit = new(600),
        ToPay = new(8000), Vat = 19, IssuedAt = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero), DueOn = new(2026, 11, 1), PaidAt = new(2026, 11, 1, 9, 5, 0, TimeSpan.Zero), FromOn = new(2026, 11, 1), ToOn = new(2026, 12, 1),
    });

    [Theory, InlineData("fr"), InlineData("ar")]
    public void It_is_drawn_in_both_languages_with_fonts_of_its_own(string language)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Policy:CompanyName", "Boucle SARL"), new("Billing:SellerAddress", "12 rue Didouche Mourad, Alger"), new("Billing:SellerNif", "000000000000000"), new("Policy:ContactEmail", "factures@orderclosr.example")]).Build();
        var pdf = new InvoicePaper(new Words(HtmlEncoder.Default), settings).Draw(Sample, PayMethod.Cib, language);
        Assert.True(pdf.AsSpan().StartsWith("%PDF"u8) && pdf.Length is > 5_000 and < 500_000, $"{pdf.Length} bytes");
        Assert.True(pdf.AsSpan().IndexOf("NotoSans"u8) > 0);
        Assert.Equal(language == "ar", pdf.AsSpan().IndexOf("NotoSansArabic"u8) > 0 && language == "ar");
        if (ScreensFolder is { Length: > 0 }) File.WriteAllBytes(Path.Combine(ScreensFolder, $"invoice-{language}.pdf"), pdf);
    }

    [Fact]
    public void Arabic_letters_are_joined_and_a_line_begins_on_its_own_side()
    {
        // Two joined letters leave other marks than the same two drawn apart: what is not shaped would be equal.
        Assert.NotEqual(Drawn("لا", 0), Drawn("ل", 0));
        var (joined, apart) = (Inked("بب"), Inked("ب ب"));
        Assert.True(joined < apart, $"{joined} {apart}");
        // The first word of an Arabic line stands at the right, the number keeps its own order.
        Assert.True(Left("فاتورة", isRightToLeft: true) > 300);
        Assert.True(Left("Facture", isRightToLeft: false) < 60);

        static int Inked(string text) => Drawn(text, 0).Count(p => p != 0);
        static int Left(string text, bool isRightToLeft)
        {
            var pixels = Drawn(text, isRightToLeft ? 1 : 0);
            return Enumerable.Range(0, 600).First(x => Enumerable.Range(0, 60).Any(y => pixels[(y * 600) + x] != 0));
        }
    }

    /// <summary>The pixels of one line, drawn at the beginning of a page 600 wide.</summary>
    private static byte[] Drawn(string text, int rightToLeft)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(600, 60, SKColorType.Alpha8));
        using (var canvas = new SKCanvas(bitmap))
        using (var ink = new ShapedInk(canvas, rightToLeft == 1, 600)) ink.Text(text, 40, 40, 24, SKColors.Black);
        return bitmap.Bytes;
    }

    private static Invoice Made(Invoice invoice)
    {
        BillingTransitions.Move(invoice, InvoiceState.Paid);
        return invoice;
    }
}
