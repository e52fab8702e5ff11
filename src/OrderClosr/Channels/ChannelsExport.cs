using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Channels;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class ChannelsExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<Channel>("channels", "Connected Pages, Instagram accounts and WhatsApp numbers, without their access.", c => c.Id, c => c.Kind, c => c.ExternalId, c => c.ParentId, c => c.Name, c => c.State, c => c.Trouble,
            c => c.PausedAt, c => c.ConnectedAt, c => c.TokenAt, c => c.TokenEndsAt, c => c.LastEventAt, c => c.IsOnPhone).Json(c => c.Health).Json(c => c.Templates),
        TableExport.Of<Controls>("controls", "The switches of the Controls page.", c => c.PausedAt, c => c.ResumeAfterHours),
        TableExport.LeftOut<ConnectAttempt>("A connection under way at the vendor, with its access; gone as soon as accounts are chosen, or soon after."),
    ];
}
