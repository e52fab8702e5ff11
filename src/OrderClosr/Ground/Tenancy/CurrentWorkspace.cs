using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Tenancy;

/// <summary>Marks a row that belongs to one workspace: filtered on every read, checked on every write, exported and erased with it.</summary>
public interface IOfWorkspace
{
    /// <summary>The owner. Stamped by the context when the row is added; never changed afterwards.</summary>
    WorkspaceId WorkspaceId { get; }
}

/// <summary>The workspace that the running request, job or grain call acts for. One per scope; set once by a door.</summary>
/// <remarks>Nothing set means nothing is read and nothing can be written: forgetting it fails closed.</remarks>
public sealed class CurrentWorkspace
{
    /// <summary>The workspace of this scope, or none.</summary>
    public WorkspaceId Id { get; private set; }

    /// <summary>True when the engine itself looks across workspaces (sweep, job runner, retention).</summary>
    public bool IsEverywhere { get; private set; }

    /// <summary>Enters a workspace. A scope acts for one workspace only: entering a second one is a bug.</summary>
    public void Enter(WorkspaceId id)
    {
        if (id.IsNone) throw new ArgumentException("No workspace to enter.", nameof(id));
        if (IsEverywhere || (!Id.IsNone && Id != id)) throw new InvalidOperationException("This scope already acts for another workspace.");
        Id = id;
    }

    /// <summary>Looks across all workspaces. Only <c>Ground</c> and <c>Verbs</c> may, and must say why.</summary>
    internal void EnterEverywhere(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (!Id.IsNone) throw new InvalidOperationException("This scope already acts for one workspace.");
        IsEverywhere = true;
    }
}
