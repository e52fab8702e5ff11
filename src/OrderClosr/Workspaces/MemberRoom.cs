using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Whether the workspace has room for one more person; the room of the plans says it.</summary>
public interface IMemberRoom
{
    /// <summary>Why there is none; null: there is.</summary>
    Task<Refusal?> RefusesOneMoreAsync(CancellationToken stop);
}

/// <summary>A workspace was made; told in its transaction, inside the workspace.</summary>
public sealed record WorkspaceMade;
