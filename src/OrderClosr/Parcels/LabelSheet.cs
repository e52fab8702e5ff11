using PdfSharp.Drawing;
using PdfSharp.Pdf;
using PdfSharp.Pdf.IO;

namespace OrderClosr.Parcels;

/// <summary>Labels laid on paper: each on a page of its own (A6), or four on an A4 page, whatever size the courier drew them.</summary>
internal sealed class LabelSheet(LabelFormat format) : IDisposable
{
    /// <summary>Points of A6 and A4; an inner margin keeps printers from cutting bars.</summary>
    private const double A6Width = 297.64, A6Height = 419.53, A4Width = 595.28, A4Height = 841.89, Edge = 8.5;

    private readonly PdfDocument _sheet = new();
    private readonly List<XPdfForm> _forms = [];
    private PdfPage? _page;
    private int _placed;

    /// <summary>Adds every page of a label; false when the file cannot be read: nothing of it is added then.</summary>
    internal bool Add(Stream label)
    {
        using var copy = new MemoryStream();
        label.CopyTo(copy);
        var bytes = copy.ToArray();
        XPdfForm? form = null;
        try
        {
            // Read whole before anything is drawn: half a label is none.
            using (var probe = PdfReader.Open(new MemoryStream(bytes), PdfDocumentOpenMode.Import)) if (probe.PageCount == 0) return false;
            form = XPdfForm.FromStream(new MemoryStream(bytes));
            var pages = form.PageCount;
            for (var n = 1; n <= pages; n++)
            {
                form.PageNumber = n;
                Place(form);
            }
            // The sheet takes what it needs of it when it is saved.
            _forms.Add(form);
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // What a courier calls a PDF is not always one, and the library says so in many ways, down to a bare Exception.
            form?.Dispose();
            return false;
        }
    }

    /// <summary>All of it as one file.</summary>
    internal MemoryStream Save()
    {
        var file = new MemoryStream();
        _sheet.Save(file, closeStream: false);
        file.Position = 0;
        return file;
    }

    private void Place(XPdfForm form)
    {
        var perPage = format == LabelFormat.A4 ? 4 : 1;
        var cell = _placed % perPage;
        if (cell == 0)
        {
            _page = _sheet.AddPage();
            (_page.Width, _page.Height) = format == LabelFormat.A4 ? (XUnit.FromPoint(A4Width), XUnit.FromPoint(A4Height)) : (XUnit.FromPoint(A6Width), XUnit.FromPoint(A6Height));
        }
        var (width, height) = format == LabelFormat.A4 ? (A4Width / 2, A4Height / 2) : (A6Width, A6Height);
        var (x, y) = (cell % 2 * width, cell / 2 * height);
        var scale = Math.Min((width - (2 * Edge)) / form.PointWidth, (height - (2 * Edge)) / form.PointHeight);
        var (w, h) = (form.PointWidth * scale, form.PointHeight * scale);
        using var paper = XGraphics.FromPdfPage(_page!, XGraphicsPdfPageOptions.Append);
        paper.DrawImage(form, x + ((width - w) / 2), y + ((height - h) / 2), w, h);
        _placed++;
    }

    public void Dispose()
    {
        _sheet.Dispose();
        foreach (var form in _forms) form.Dispose();
    }
}
