using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>What kind of hand did something.</summary>
public enum AuditActor
{
    /// <summary>The product itself: a clock, a job, the agent, the operator's verbs.</summary>
    System,

    /// <summary>A member, by the account's id.</summary>
    Member,

    /// <summary>A merchant's program, by the id of its key.</summary>
    ApiKey,
}

/// <summary>Who acts in this request or job. The door says it once; where no door stands it is the system.</summary>
public sealed class Actor
{
    public AuditActor Kind { get; private set; }

    /// <summary>The account or the key; null for the system.</summary>
    public Guid? Id { get; private set; }

    internal void BeMember(Guid account) => (Kind, Id) = (AuditActor.Member, account);

    internal void BeApiKey(IId key) => (Kind, Id) = (AuditActor.ApiKey, key.Value);
}
