using OrderClosr.Parcels;
using PdfSharp.Pdf.IO;

namespace OrderClosr.Tests.Parcels;

/// <summary>Labels on paper.</summary>
public sealed class LabelSheetTests
{
    [Theory]
    [InlineData(LabelFormat.A6, 5, 5), InlineData(LabelFormat.A4, 4, 1), InlineData(LabelFormat.A4, 5, 2)]
    public void Every_label_is_on_the_paper_once(LabelFormat format, int labels, int pages)
    {
        using var sheet = new LabelSheet(format);
        for (var i = 0; i < labels; i++) Assert.True(sheet.Add(new MemoryStream(Labels.Drawn($"100{i}-ABCDEF"))));
        using var file = sheet.Save();
        using var pdf = PdfReader.Open(file, PdfDocumentOpenMode.Import);
        Assert.Equal(pages, pdf.PageCount);
        Assert.True(file.Length > 1000);
    }

    [Fact]
    public void What_is_no_pdf_is_said_so_and_takes_nothing_with_it()
    {
        using var sheet = new LabelSheet(LabelFormat.A4);
        foreach (var broken in (byte[][])[[], [.. "%PDF-1.7\n"u8, .. new byte[2000]], [.. "<html>"u8], Labels.Drawn("1001-ABCDEF")[..400]]) Assert.False(sheet.Add(new MemoryStream(broken)));
        Assert.True(sheet.Add(new MemoryStream(Labels.Drawn("1002-ABCDEF"))));
        using var file = sheet.Save();
        using var pdf = PdfReader.Open(file, PdfDocumentOpenMode.Import);
        Assert.Equal(1, pdf.PageCount);
    }
}
