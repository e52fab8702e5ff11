using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Sheets;

/// <summary>A workspace's own spreadsheet: with which key it is opened, which tabs are ours, which columns we write. One per workspace.</summary>
public sealed class SheetConnection : IOfWorkspace, IHasId<SheetConnection>
{
    /// <summary>The field the key is bound to.</summary>
    public const string KeyField = "sheet_connection.service_account";

    public required Id<SheetConnection> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>What is kept of the service account's file, as JSON, sealed under <see cref="KeyField"/>; null once it was disconnected.</summary>
    public Sealed? ServiceAccount { get; set; }

    /// <summary>The spreadsheet's id; empty until the merchant gave its address.</summary>
    public string Spreadsheet { get; set; } = "";

    /// <summary>Its name as last seen.</summary>
    public string Title { get; set; } = "";

    public SheetState State { get; internal set; } = SheetState.Draft;

    /// <summary>What is wrong, a code of <see cref="SheetTrouble"/>; null when nothing is.</summary>
    public string? Trouble { get; internal set; }

    public DateTimeOffset? TroubleAt { get; internal set; }
    public DateTimeOffset? ConnectedAt { get; internal set; }

    /// <summary>Its tabs as last seen, for the merchant to choose from.</summary>
    [NotMapped]
    public List<SheetTab> Tabs
    {
        get => Read<List<SheetTab>>(TabsJson) ?? [];
        set => TabsJson = JsonSerializer.Serialize(value, JsonSerializerOptions.Default);
    }

    /// <summary>The column of <see cref="Tabs"/>.</summary>
    public string TabsJson { get; private set; } = "";

    /// <summary>The language of heads and states in the sheet, <c>fr</c> or <c>ar</c>.</summary>
    public string Language { get; set; } = "fr";

    /// <summary>The tab of the orders by its id, which stays when it is renamed; null until it is chosen or made.</summary>
    public int? OrdersTab { get; set; }

    /// <summary>Its name as last seen.</summary>
    public string OrdersTitle { get; set; } = "";

    /// <summary>Columns of the orders in the merchant's order.</summary>
    [NotMapped]
    public List<SheetColumn> Columns
    {
        get => Read<List<SheetColumn>>(ColumnsJson) ?? [];
        set => ColumnsJson = JsonSerializer.Serialize(value, JsonSerializerOptions.Default);
    }

    /// <summary>The column of <see cref="Columns"/>.</summary>
    public string ColumnsJson { get; private set; } = "";

    /// <summary>Leads are mirrored too, into a tab of their own.</summary>
    public bool MirrorsLeads { get; set; } = true;

    /// <inheritdoc cref="OrdersTab"/>
    public int? LeadsTab { get; set; }

    /// <inheritdoc cref="OrdersTitle"/>
    public string LeadsTitle { get; set; } = "";

    [NotMapped]
    public List<SheetColumn> LeadColumns
    {
        get => Read<List<SheetColumn>>(LeadColumnsJson) ?? [];
        set => LeadColumnsJson = JsonSerializer.Serialize(value, JsonSerializerOptions.Default);
    }

    /// <summary>The column of <see cref="LeadColumns"/>.</summary>
    public string LeadColumnsJson { get; private set; } = "";

    /// <summary>States and notes that the merchant changes in the sheet are read back.</summary>
    public bool ReadsBack { get; set; } = true;

    /// <summary>A tab whose rows are orders of other shops; null: none.</summary>
    public int? SourceTab { get; set; }

    /// <inheritdoc cref="OrdersTitle"/>
    public string SourceTitle { get; set; } = "";

    /// <summary>Which head of that tab is what: role (<see cref="SourceRoles"/>) → head.</summary>
    [NotMapped]
    public Dictionary<string, string> SourceColumns
    {
        get => Read<Dictionary<string, string>>(SourceColumnsJson) ?? [];
        set => SourceColumnsJson = JsonSerializer.Serialize(value, JsonSerializerOptions.Default);
    }

    /// <summary>The column of <see cref="SourceColumns"/>.</summary>
    public string SourceColumnsJson { get; private set; } = "";

    /// <summary>Rows that stood there when it was mapped are not orders: the next look only notes them.</summary>
    public bool SourceSkipsNext { get; set; }

    /// <summary>The approved template by which a customer who has not written lately is asked; empty: a person calls.</summary>
    public string SourceTemplate { get; set; } = "";

    public DateTimeOffset? LastWrittenAt { get; internal set; }
    public DateTimeOffset? LastReadAt { get; internal set; }

    /// <summary>When every row was last compared.</summary>
    public DateTimeOffset? ComparedAt { get; internal set; }

    /// <summary>A write is under way, or was when the process ended; null: none is.</summary>
    public DateTimeOffset? WritingAt { get; internal set; }

    /// <summary>What that write was about to do and how its tab looked, for each tab by itself, sealed under <see cref="WritingField"/>: after a crash it is looked whether it landed where it was meant to.</summary>
    public Sealed? Writing { get; internal set; }

    /// <summary>The field it is bound to.</summary>
    public const string WritingField = "sheet_connection.writing";

    /// <summary>When everything was last asked to be written anew.</summary>
    public DateTimeOffset? ResyncAskedAt { get; internal set; }

    /// <summary>The one writer of a spreadsheet over all machines.</summary>
    public string Lane => LaneOf(Spreadsheet);

    private static T? Read<T>(string json) => json.Length == 0 ? default : JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Default);

    internal static string LaneOf(string spreadsheet) => $"sheet/{spreadsheet}";
}

/// <summary>How a connection stands.</summary>
public enum SheetState
{
    /// <summary>Being set up.</summary>
    Draft,
    Connected,

    /// <summary>Nothing is written until a person mends it; what changes meanwhile is kept.</summary>
    Broken,
}

/// <summary>A column we write: what it holds, and what its head says in the sheet (the merchant may rename it there).</summary>
/// <param name="Key">One of <see cref="SheetColumns"/>.</param>
/// <param name="IsPlaced">Its head stands in the sheet.</param>
public sealed record SheetColumn(string Key, string Title, bool IsPlaced = false);

/// <summary>That an order or a lead has a row in the sheet, and whether the row says what is true.</summary>
/// <remarks>The outbox of the mirror: <see cref="Wanted"/> rises in the transaction of each change. Holds no words, only fingerprints of what was written.</remarks>
public sealed class SheetRow : IOfWorkspace, IHasId<SheetRow>
{
    public required Id<SheetRow> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Id<SheetConnection> ConnectionId { get; init; }

    /// <summary>Of an order's row.</summary>
    public OrderId? OrderId { get; init; }

    /// <summary>Of a lead's row.</summary>
    public Id<Orders.Lead>? LeadId { get; init; }

    /// <summary>Counts the changes.</summary>
    public int Wanted { get; set; } = 1;

    /// <summary>Up to which change the sheet has been written; 0: never.</summary>
    public int Written { get; set; }

    /// <summary>Its customer was erased: what we wrote goes, then this row.</summary>
    public bool IsGone { get; set; }

    /// <summary>Fingerprint of our cells as they were written.</summary>
    public string? Hash { get; set; }

    /// <summary>Fingerprint of the state as it was written: another one in the sheet is the merchant's.</summary>
    public string? StateHash { get; set; }

    /// <summary>The same of the note.</summary>
    public string? NoteHash { get; set; }

    /// <summary>The id that stands in the sheet.</summary>
    internal Guid Subject => OrderId?.Value ?? LeadId!.Value.Value;
}

/// <summary>Something the merchant is told about the sheet: what was found, what was done about it.</summary>
public sealed class SheetRemark : IOfWorkspace, IHasId<SheetRemark>
{
    public required Id<SheetRemark> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Id<SheetConnection> ConnectionId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>A code of the pages' words: <c>sheets.told_CODE</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What stands in the sentence: a head, a number of rows; never a customer's words.</summary>
    public string Subject { get; init; } = "";

    public int Count { get; init; }

    /// <summary>The order it is about; null: none.</summary>
    public OrderId? OrderId { get; init; }
}

/// <summary>A row of the source tab that was met: it becomes one order, once.</summary>
public sealed class SheetIntake : IOfWorkspace, IHasId<SheetIntake>
{
    public required Id<SheetIntake> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Id<SheetConnection> ConnectionId { get; init; }

    /// <summary>Fingerprint of what makes the row this order: its reference, else phone and product.</summary>
    public required string Key { get; init; }

    /// <summary>Fingerprint of all its cells when it was last read: a row that was not understood is tried again when it changes.</summary>
    public required string Content { get; set; }

    /// <summary>The row's number when it was last read.</summary>
    public int Row { get; set; }

    /// <summary>The order it became; null: not understood.</summary>
    public OrderId? OrderId { get; set; }

    /// <summary>Why not, a refusal's code; null once it is an order.</summary>
    public string? Trouble { get; set; }

    /// <summary>The field in question.</summary>
    public string? Field { get; set; }

    /// <summary>The customer was asked in the chat.</summary>
    public bool IsAsked { get; set; }

    public required DateTimeOffset At { get; set; }
}
