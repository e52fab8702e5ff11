namespace OrderClosr.Ground.Data;

/// <summary>Knows whether the running code is inside a transaction, so that waiting for a vendor or for itself there is a bug that shows at once.</summary>
internal static class Transactions
{
    private static readonly AsyncLocal<object?> Open = new();

    /// <summary>True inside <see cref="OrderClosrDb.InTransactionAsync(Func{Task}, CancellationToken)"/>.</summary>
    internal static bool IsInside => Open.Value is not null;

    /// <summary>A second context that writes inside the transaction of a first one would wait for it for ever on SQLite and be a commit of its own on PostgreSQL.</summary>
    internal static void MustNotBeInside(OrderClosrDb db)
    {
        if (Open.Value is { } other && !ReferenceEquals(other, db)) throw new InvalidOperationException("Another scope's transaction is open here: write through that scope.");
    }

    internal static void Enter(OrderClosrDb db) => Open.Value = db;

    internal static void Leave() => Open.Value = null;
}
