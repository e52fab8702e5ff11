using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>One line of a workspace's audit log: who did what to which thing, when. Written in the transaction of its cause, never changed.</summary>
/// <remarks>Holds no secret and no customer's words: names of the merchant's own things, amounts, roles.</remarks>
public sealed class AuditEntry : IOfWorkspace, IHasId<AuditEntry>, IAppendOnly
{
    public required Id<AuditEntry> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required AuditActor Actor { get; init; }

    /// <summary>The account or the API key; null for the system.</summary>
    public Guid? ActorId { get; init; }

    public required AuditAction Action { get; init; }

    /// <summary>What kind of thing it was done to, in the product's word: <c>channel</c>, <c>product</c>; empty: the workspace itself.</summary>
    public string Subject { get; init; } = "";

    public Guid? SubjectId { get; init; }

    /// <summary>How the thing was called then.</summary>
    public string SubjectName { get; init; } = "";

    /// <summary>Values before, as a flat JSON object; null where there are none.</summary>
    public string? Old { get; init; }

    /// <summary>Values afterwards.</summary>
    public string? New { get; init; }
}

/// <summary>One line of what happened to an account, in no workspace: sign-ins, password, second step.</summary>
public sealed class AccountEntry : IHasId<AccountEntry>, IAppendOnly
{
    public required Id<AccountEntry> Id { get; init; }

    /// <summary>Null: nobody has the e-mail that was tried. Written all the same, so that both cost the same.</summary>
    public Guid? AccountId { get; init; }

    public required DateTimeOffset At { get; init; }
    public required AuditAction Action { get; init; }

    /// <summary>Values afterwards, as a flat JSON object.</summary>
    public string? New { get; init; }
}
