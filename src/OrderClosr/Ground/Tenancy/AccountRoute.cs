using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Tenancy;

/// <summary>Which workspace an outside account (a Page, a WhatsApp number, a courier account) belongs to.</summary>
/// <remarks>Read before a workspace is known, so it is not <see cref="IOfWorkspace"/> and holds no customer's words.
/// <c>(Source, Account)</c> is unique: one Page belongs to one workspace.</remarks>
public sealed class AccountRoute
{
    /// <summary>Where the events come from and what kind of account it is, e.g. <c>meta/page</c>, <c>meta/whatsapp</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The account's id at the vendor.</summary>
    public required string Account { get; init; }

    public required WorkspaceId WorkspaceId { get; set; }

    /// <summary>The row of the room that owns the connection (the channel's id).</summary>
    public required Guid Target { get; set; }
}
