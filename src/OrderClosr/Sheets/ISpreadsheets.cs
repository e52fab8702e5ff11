using OrderClosr.Ground.Values;

namespace OrderClosr.Sheets;

/// <summary>The merchant's spreadsheets at their vendor: what the mirror needs of them.</summary>
/// <remarks>
/// A call that does not succeed throws a <c>VendorFailure</c>; its code is one of <see cref="SheetTrouble"/> where a person must mend something.
/// Text stays text, whatever it begins with: nothing that is written is ever run as a formula.
/// </remarks>
public interface ISpreadsheets
{
    /// <summary>Checks the file a merchant pastes, strictly, and keeps what is needed of it. No address in it is ever used.</summary>
    /// <returns>Refused with field <c>key</c>: <c>key_missing, key_too_big, key_not_json, key_other_kind, key_email, key_unreadable, key_weak</c>.</returns>
    Result<SheetKey> ReadKey(string? file);

    /// <summary>The spreadsheet's id in the address a merchant copies; null: it is no such address.</summary>
    string? ReadLink(string? link);

    /// <summary>The address at which a person opens it.</summary>
    Uri LinkTo(string spreadsheet);

    /// <summary>Zero when so many calls may be made now, else how long to wait until they may.</summary>
    TimeSpan RoomIn(SheetAccess access, int reads, int writes);

    /// <summary>Name and tabs.</summary>
    Task<SheetShape> LookAsync(SheetAccess access, CancellationToken stop);

    /// <summary>Every cell of a tab, row by row; blanks at the end of a row are left out.</summary>
    Task<IReadOnlyList<IReadOnlyList<string>>> ReadAsync(SheetAccess access, string tab, CancellationToken stop);

    /// <summary>The first row and one column of a tab, in one call.</summary>
    Task<SheetSpine> ReadSpineAsync(SheetAccess access, string tab, int column, CancellationToken stop);

    /// <summary>Writes all of it or nothing, in one call.</summary>
    Task WriteAsync(SheetAccess access, IReadOnlyList<SheetWrite> writes, CancellationToken stop);
}

/// <summary>What is kept of a service account's file.</summary>
/// <param name="Email">The address to share the sheet with.</param>
public sealed record SheetKey(string Email, string PrivateKey, string KeyId, string Project)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => Email;
}

/// <summary>Whose key opens which spreadsheet.</summary>
public sealed record SheetAccess(SheetKey Key, string Spreadsheet);

/// <summary>A tab: its id stays when it is renamed.</summary>
public sealed record SheetTab(int Id, string Title, int Rows, int Columns);

/// <summary>A spreadsheet without its cells.</summary>
public sealed record SheetShape(string Title, IReadOnlyList<SheetTab> Tabs);

/// <summary>A tab's first row and one of its columns (its own first row included).</summary>
public sealed record SheetSpine(IReadOnlyList<string> Head, IReadOnlyList<string> Column);

/// <summary>One change of a spreadsheet. Rows and columns count from 0; a cell is a text, a whole number (<see cref="long"/>), or null for a blank.</summary>
public abstract record SheetWrite(int Tab);

/// <summary>Puts cells beside each other into a row.</summary>
public sealed record PutCells(int Tab, int Row, int Column, IReadOnlyList<object?> Cells) : SheetWrite(Tab);

/// <summary>Adds rows behind the last one that holds anything.</summary>
public sealed record AppendRows(int Tab, IReadOnlyList<IReadOnlyList<object?>> Rows) : SheetWrite(Tab);

/// <summary>Makes a tab.</summary>
public sealed record AddTab(int Tab, string Title) : SheetWrite(Tab);

/// <summary>Pushes everything from a row on down by one.</summary>
public sealed record InsertRow(int Tab, int Row) : SheetWrite(Tab);

/// <summary>Makes a tab wider.</summary>
public sealed record AddColumns(int Tab, int Count) : SheetWrite(Tab);

/// <summary>Whoever edits this column is asked whether it is meant.</summary>
public sealed record GuardColumn(int Tab, int Column, string Words) : SheetWrite(Tab);

/// <summary>Codes of what a merchant has to mend.</summary>
public static class SheetTrouble
{
    /// <summary>The four that a test tells apart, in the order in which they are met.</summary>
    public const string KeyRefused = "key_refused", ApiDisabled = "api_disabled", NotFound = "sheet_not_found", NotShared = "not_shared";

    /// <summary>Shared, but only for reading.</summary>
    public const string ReadOnly = "read_only";

    /// <summary>The service account itself is gone.</summary>
    public const string AccountGone = "account_gone";

    /// <summary>Our own clock is wrong.</summary>
    public const string ClockWrong = "clock_wrong";

    /// <summary>The tab was deleted.</summary>
    public const string TabGone = "tab_gone";

    /// <summary>The column with the ids was deleted, or its head renamed beyond recognition.</summary>
    public const string IdColumnGone = "id_column_gone";

    /// <summary>The first row of the chosen tab holds something else than our heads.</summary>
    public const string HeadTaken = "head_taken";
}
