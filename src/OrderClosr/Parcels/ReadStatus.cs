using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>What a member said a courier's label means, for every later parcel: nobody is asked twice.</summary>
public sealed class LabelReading : IOfWorkspace, IHasId<LabelReading>
{
    public required Id<LabelReading> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required string Courier { get; init; }

    /// <summary>The label as <see cref="Folding.Fold"/> made it.</summary>
    public required string Label { get; init; }
    public required Movement Movement { get; set; }
    public required Guid AccountId { get; set; }
    public required DateTimeOffset At { get; set; }

    internal static string Of(string raw) => Folding.Fold(raw).Trim() is { Length: > 200 } long_ ? long_[..200] : Folding.Fold(raw).Trim();
}

/// <summary>A member says what a label means that nobody mapped.</summary>
public sealed class ReadStatus(OrderClosrDb db, Moving moving)
{
    /// <summary>Meanings a person can give: all but "unknown".</summary>
    public static readonly IReadOnlyList<Movement> Meanings = [.. Enum.GetValues<Movement>().Where(m => m is not (Movement.Unknown or Movement.Registered))];

    /// <summary>Moves the parcel by the member's word and settles the question.</summary>
    /// <param name="always">Also for every later parcel of this courier.</param>
    public Task<Result<Parcel>> RunAsync(ParcelId id, Movement means, bool always, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.Trouble is not ("status_unknown" or "contradiction")) return Refusal.NotAllowed("Nothing is asked of this parcel.", []);
        if (!Meanings.Contains(means)) return new Refusal("meaning_missing", "Say what it means.", "means");
        var label = parcel.Raw ?? "";
        if (ParcelTransitions.Meaning(means, parcel.State) is { } to && to != parcel.State)
        {
            if (await moving.MoveAsync(parcel, to, cause with { Reason = $"« {label} »" }, stop) is { } no) return no;
        }
        else moving.Note(parcel, cause with { Reason = $"« {label} »" });
        if (always && parcel.Trouble == "status_unknown" && LabelReading.Of(label) is { Length: > 0 } folded)
        {
            var courier = parcel.Courier;
            if (await db.LabelReadings.SingleOrDefaultAsync(r => r.Courier == courier && r.Label == folded, stop) is { } known) (known.Movement, known.AccountId, known.At) = (means, cause.AccountId ?? default, cause.At);
            else db.Add(new LabelReading { Id = Id<LabelReading>.New(cause.At), Courier = courier, Label = folded, Movement = means, AccountId = cause.AccountId ?? default, At = cause.At });
        }
        parcel.Settle();
        await db.SaveChangesAsync(stop);
        db.Tell("parcel", id);
        db.Tell("order", parcel.OrderId);
        return parcel;
    }, stop);
}

internal sealed class LabelReadingTable : IEntityTypeConfiguration<LabelReading>
{
    public void Configure(EntityTypeBuilder<LabelReading> builder)
    {
        builder.ToTable("label_readings");
        builder.HasIndex(r => new { r.WorkspaceId, r.Courier, r.Label }).IsUnique();
        builder.Property(r => r.Courier).HasMaxLength(40);
        builder.Property(r => r.Label).HasMaxLength(200);
    }
}
