using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>A customer was told who answers and what becomes of their words: by which message, when. The proof that consent could be given.</summary>
/// <remarks>The words, and whether they arrived, stand on the message. Found for export and erasure by workspace and customer.</remarks>
public sealed class ConsentNotice : IOfWorkspace, IHasId<ConsentNotice>
{
    public required Id<ConsentNotice> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CustomerId CustomerId { get; set; }
    public required ConversationId ConversationId { get; init; }
    public required MessageId MessageId { get; init; }
    public required DateTimeOffset At { get; init; }
}
