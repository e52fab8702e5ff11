using System.Globalization;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using SkiaSharp;

namespace OrderClosr.Billing;

/// <summary>Who sells our plans, as an invoice names them: <c>Policy__CompanyName</c>, <c>Billing__SellerAddress</c>, <c>Billing__SellerNif</c>, <c>Billing__SellerRc</c>.</summary>
internal sealed record Seller(string Name, IReadOnlyList<string> Lines)
{
    internal static Seller Read(IConfiguration settings) => new(Text(settings["Policy:CompanyName"]) ?? "OrderClosr",
        [.. new[] { Text(settings["Billing:SellerAddress"]), Named("NIF", settings["Billing:SellerNif"]), Named("RC", settings["Billing:SellerRc"]), Text(settings["Policy:ContactEmail"]) }.OfType<string>()]);

    private static string? Text(string? given) => string.IsNullOrWhiteSpace(given) ? null : PlainText.Line(given);

    private static string? Named(string name, string? given) => Text(given) is { } text ? $"{name} {text}" : null;
}

/// <summary>Draws an invoice as a PDF of one page, in French or in Arabic with its letters joined and its lines from the right.</summary>
/// <remarks>Drawn anew at each look from the row, which never changes: there is no file to keep.</remarks>
public sealed class InvoicePaper(Words words, IConfiguration settings)
{
    private const float Width = 595, Height = 842, Edge = 56;

    private static readonly SKColor Ink = new(0x1a, 0x1b, 0x22), Dim = new(0x67, 0x68, 0x72), Nila = new(0x2d, 0x3a, 0x8c), Line = new(0xd8, 0xd6, 0xce), Green = new(0x1d, 0x6b, 0x3f);

    /// <param name="method">How it was paid, where it was.</param>
    /// <param name="language"><c>fr</c> or <c>ar</c>.</param>
    public byte[] Draw(Invoice invoice, PayMethod? method, string language)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            using var stream = new MemoryStream();
            using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Title = $"{words["billing.pdf_invoice"]} {invoice.Number}", Author = Seller.Read(settings).Name, Creation = invoice.IssuedAt.UtcDateTime, Modified = invoice.IssuedAt.UtcDateTime }))
            {
                using var ink = new ShapedInk(document.BeginPage(Width, Height), language == "ar", Width);
                Page(ink, invoice, method);
                document.EndPage();
                document.Close();
            }
            return stream.ToArray();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private void Page(ShapedInk ink, Invoice invoice, PayMethod? method)
    {
        var (seller, right) = (Seller.Read(settings), Width - Edge);
        ink.Text(seller.Name, Edge, 84, 18, Nila, isBold: true);
        var y = 104f;
        foreach (var line in seller.Lines) ink.Text(line, Edge, (y += 15) - 15, 9.5f, Dim);
        ink.Text(words["billing.pdf_invoice"], right, 84, 18, Ink, isBold: true, atEnd: true);
        ink.Text(invoice.Number, right, 104, 12, Ink, atEnd: true);
        ink.Text($"{words["billing.pdf_date"]} {Day(AlgiersTime.DateInAlgiers(invoice.IssuedAt))}", right, 120, 9.5f, Dim, atEnd: true);

        y = 196;
        ink.Text(words["billing.pdf_for"], Edge, y, 9.5f, Dim);
        ink.Text(invoice.ShopName, Edge, y + 18, 13, Ink, isBold: true);

        y = 262;
        ink.Rule(Edge, right, y, Line);
        ink.Text(words["billing.pdf_what"], Edge, y + 18, 9.5f, Dim);
        ink.Text(words["billing.pdf_amount"], right, y + 18, 9.5f, Dim, atEnd: true);
        ink.Rule(Edge, right, y + 28, Line);
        y += 50;
        ink.Text(words["billing.pdf_plan", invoice.PlanName, words[$"billing.cycle_{(invoice.Cycle == BillingCycle.Yearly ? "yearly" : "monthly")}"]], Edge, y, 11.5f, Ink);
        ink.Text(Money(invoice.Price), right, y, 11.5f, Ink, atEnd: true);
        ink.Text(invoice is { FromOn: { } from, ToOn: { } to } ? words["billing.pdf_span", Day(from), Day(to.AddDays(-1))] : words["billing.pdf_from", Day(invoice.DueOn)], Edge, y + 16, 9.5f, Dim);
        y += 20;
        foreach (var (key, amount) in ((string, Dinars)[])[("pdf_unused", invoice.Unused), ("pdf_credit", invoice.FromCredit), ("pdf_waived", invoice.Waived)])
        {
            if (amount == Dinars.Zero) continue;
            y += 22;
            ink.Text(words[$"billing.{key}"], Edge, y, 11.5f, Ink);
            ink.Text($"–{Money(amount)}", right, y, 11.5f, Ink, atEnd: true);
        }
        y += 22;
        ink.Rule(Edge, right, y, Line);
        y += 28;
        if (invoice.Vat > 0)
        {
            ink.Text(words["billing.pdf_net"], Edge, y, 10.5f, Dim);
            ink.Text(Money(Prices.WithoutVat(invoice.ToPay, invoice.Vat)), right, y, 10.5f, Dim, atEnd: true);
            ink.Text(words["billing.pdf_vat", invoice.Vat], Edge, y + 17, 10.5f, Dim);
            ink.Text(Money(Prices.VatIn(invoice.ToPay, invoice.Vat)), right, y + 17, 10.5f, Dim, atEnd: true);
            y += 46;
        }
        ink.Text(words["billing.pdf_total"], Edge, y, 14, Ink, isBold: true);
        ink.Text(Money(invoice.ToPay), right, y, 14, Ink, isBold: true, atEnd: true);
        y += 40;
        if (invoice.PaidAt is { } paid) ink.Text(words[method is null ? "billing.pdf_paid" : "billing.pdf_paid_by", Day(AlgiersTime.DateInAlgiers(paid)), method == PayMethod.Cib ? "CIB" : "EDAHABIA"], Edge, y, 11.5f, Green, isBold: true);
        else ink.Text(words[invoice.State == InvoiceState.Void ? "billing.pdf_void" : "billing.pdf_due", Day(invoice.DueOn)], Edge, y, 11.5f, Ink, isBold: true);
        ink.Rule(Edge, right, Height - 72, Line);
        ink.Text(words["billing.pdf_end"], Edge, Height - 54, 8.5f, Dim);
    }

    private string Money(Dinars amount) => $"{amount.Digits}\u00a0{words["billing.pdf_da"]}";

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
