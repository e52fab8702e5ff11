using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>One parcel on a payment slip; whole dinars. <c>Amount</c> is what the courier says it collected, <c>Fee</c> what it keeps.</summary>
public sealed record SlipLine(string Tracking, string? Reference, string Client, string Phone, string Wilaya, string Status, DateTimeOffset At, int Amount, int Fee)
{
    /// <summary>What reaches the merchant; below 0 for a return.</summary>
    public int Net => Amount - Fee;
}

/// <summary>A column of a courier's slip: what stands at its head, and its cells (text or whole number).</summary>
public sealed record SlipColumn(string Head, Func<SlipLine, object?> Cell);

/// <summary>What a courier hands over with the money.</summary>
public sealed record PaymentSlip(string Id, string Account, DateTimeOffset At, IReadOnlyList<SlipLine> Lines)
{
    /// <summary>The money handed over.</summary>
    public int Total => Lines.Sum(l => l.Net);

    /// <summary>As Excel in French saves it: semicolons, UTF-8 with its mark.</summary>
    public byte[] Csv(IReadOnlyList<SlipColumn> columns)
    {
        var text = new StringBuilder().AppendJoin(';', columns.Select(c => Quoted(c.Head))).Append("\r\n");
        foreach (var line in Lines) text.AppendJoin(';', columns.Select(c => Quoted(Text(c.Cell(line))))).Append("\r\n");
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    /// <summary>The same as a workbook of one sheet; amounts are numbers.</summary>
    public byte[] Xlsx(IReadOnlyList<SlipColumn> columns)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Part(zip, "[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>""");
            Part(zip, "_rels/.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Part(zip, "xl/workbook.xml", """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Paiement" sheetId="1" r:id="rId1"/></sheets></workbook>""");
            Part(zip, "xl/_rels/workbook.xml.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""");
            var sheet = new StringBuilder("""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>""");
            Row(sheet, 1, columns.Select(c => (object?)c.Head));
            for (var i = 0; i < Lines.Count; i++) Row(sheet, i + 2, columns.Select(c => c.Cell(Lines[i])));
            Part(zip, "xl/worksheets/sheet1.xml", sheet.Append("</sheetData></worksheet>").ToString());
        }
        return file.ToArray();
    }

    private static string Text(object? cell) => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(";\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static void Row(StringBuilder sheet, int number, IEnumerable<object?> cells)
    {
        sheet.Append(CultureInfo.InvariantCulture, $"<row r=\"{number}\">");
        foreach (var (at, cell) in cells.Index())
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + at)}{number}");
            if (cell is int amount) sheet.Append(CultureInfo.InvariantCulture, $"<c r=\"{place}\"><v>{amount}</v></c>");
            else sheet.Append(CultureInfo.InvariantCulture, $"<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape(Text(cell))}</t></is></c>");
        }
        sheet.Append("</row>");
    }

    private static void Part(ZipArchive zip, string name, string xml)
    {
        using var part = zip.CreateEntry(name).Open();
        part.Write(Encoding.UTF8.GetBytes("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""" + xml));
    }
}
