using System.Text.Json;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>What a courier handed over with its money: a file of lines, applied once.</summary>
public sealed class PaymentSlip : IOfWorkspace, IVersioned, IHasId<PaymentSlip>
{
    public required Id<PaymentSlip> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CourierAccountId AccountId { get; init; }

    /// <summary>The courier's number of it, or the file's name.</summary>
    public required string Number { get; init; }
    public required string FileName { get; init; }

    /// <summary>SHA-256 of the file while it is applied, so that one file counts once; with the slip's own id behind it once undone.</summary>
    public required string FileKey { get; set; }
    public SlipState State { get; internal set; } = SlipState.Applied;

    /// <summary>How many parcels and other lines it has.</summary>
    public required int LineCount { get; init; }

    /// <summary>Its lines added up: collected, the courier's fees, fees of returns, and what is left for the shop.</summary>
    public required Dinars Collected { get; init; }

    /// <inheritdoc cref="Collected"/>
    public required Dinars Fees { get; init; }

    /// <inheritdoc cref="Collected"/>
    public required Dinars ReturnFees { get; init; }

    /// <inheritdoc cref="Collected"/>
    public required Dinars Net { get; init; }

    /// <summary>The total the file itself writes below its lines; null: none.</summary>
    public Dinars? FileTotal { get; init; }

    /// <summary>What the shop counted in its hand or on its account.</summary>
    public required Dinars Received { get; set; }

    /// <summary>Why a sum that differs is accepted; null: it is not, or there is no difference.</summary>
    public string? SumReason { get; set; }
    public required DateTimeOffset AppliedAt { get; init; }
    public required Guid AppliedBy { get; init; }
    public DateTimeOffset? UndoneAt { get; internal set; }
    public Guid? UndoneBy { get; internal set; }
    public List<SlipLine> Lines { get; init; } = [];
    public int Version { get; private set; }
}

/// <summary>Whether a slip counts.</summary>
public enum SlipState { Applied, Undone }

/// <summary>One line of an applied slip, with what was found about it and what it changed.</summary>
public sealed class SlipLine : IOfWorkspace, IVersioned, IHasId<SlipLine>
{
    public required Id<SlipLine> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Id<PaymentSlip> SlipId { get; init; }

    /// <summary>The line of the file, counted as a spreadsheet does.</summary>
    public required int Line { get; init; }

    /// <summary>As the file has it.</summary>
    public required string Tracking { get; init; }

    /// <summary>The parcel meant; null: none of ours.</summary>
    public ParcelId? ParcelId { get; init; }
    public Dinars? Collected { get; init; }
    public Dinars? Fee { get; init; }
    public Dinars? ReturnFee { get; init; }

    /// <summary>What the line adds to the slip's sum.</summary>
    public required Dinars Net { get; init; }
    public required Finding Finding { get; init; }

    /// <summary>What should have stood where the difference is.</summary>
    public required Dinars Expected { get; init; }

    /// <summary>For the shop: below zero is missing.</summary>
    public required Dinars Difference { get; init; }

    /// <summary>The parcel's cash state before and after the slip; null when the line changed nothing.</summary>
    public CashState? Before { get; init; }

    /// <inheritdoc cref="Before"/>
    public CashState? After { get; internal set; }

    /// <summary>What had been received for the parcel before and after.</summary>
    public Dinars ReceivedBefore { get; init; }

    /// <inheritdoc cref="ReceivedBefore"/>
    public Dinars ReceivedAfter { get; init; }

    /// <summary>The line of an earlier slip that paid the same thing.</summary>
    public Id<SlipLine>? EarlierLineId { get; init; }
    public Resolution Resolution { get; internal set; }

    /// <summary>Why it was accepted.</summary>
    public string? Reason { get; internal set; }
    public DateTimeOffset? ResolvedAt { get; internal set; }
    public Guid? ResolvedBy { get; internal set; }
    public int Version { get; private set; }
}

/// <summary>What a person did about a line that is not as it should be.</summary>
public enum Resolution
{
    /// <summary>Nothing yet, or nothing to do.</summary>
    None,
    Accepted,

    /// <summary>Asked back from the courier.</summary>
    Claimed,

    /// <summary>It came right by itself: the delivery was heard of later.</summary>
    Settled,
}

/// <summary>A file that was looked at and not yet applied; gone after an hour.</summary>
public sealed class SlipLook : IOfWorkspace, IVersioned, IHasId<SlipLook>
{
    public required Id<SlipLook> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CourierAccountId AccountId { get; init; }

    /// <summary>The member who looked.</summary>
    public required Guid LookedBy { get; init; }
    public required string FileName { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public required string FileHash { get; init; }

    /// <summary>The file's cells.</summary>
    public required List<SheetRow> Sheet { get; init; }

    /// <summary>Which column is what; null while nobody could tell.</summary>
    public SlipColumns? Columns { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The slip it became.</summary>
    public Id<PaymentSlip>? SlipId { get; set; }
    public int Version { get; private set; }
}

/// <summary>The columns of one kind of file of a courier as a person (or we) read them: used when a file with the same heads comes again.</summary>
public sealed class SlipFormat : IOfWorkspace, IVersioned, IHasId<SlipFormat>
{
    public required Id<SlipFormat> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CourierAccountId AccountId { get; init; }

    /// <summary>A fingerprint of the heads of the columns.</summary>
    public required string Head { get; init; }
    public SlipColumns? Columns { get; set; }
    public int Version { get; private set; }

    internal static string Write(SlipColumns? columns) => JsonSerializer.Serialize(columns, JsonSerializerOptions.Default);
    internal static SlipColumns? Read(string json) => JsonSerializer.Deserialize<SlipColumns?>(json, JsonSerializerOptions.Default);
}
