using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Tenancy;

/// <summary>What a room does with its own rows when one customer of the current workspace is erased (promise P18).</summary>
/// <remarks>Each room speaks for its tables: one that leads to a customer and that nobody speaks for fails a test. Rooms gather in their order and erase the other way round, in one transaction.</remarks>
public interface ICustomerErasure
{
    /// <summary>The kinds of rows it speaks for: those it deletes, those it empties, and those that hold nothing of a person.</summary>
    IReadOnlyList<Type> SpeaksFor { get; }

    /// <summary>Finds and locks what is the customer's, and says what stands against it; nothing is changed yet.</summary>
    Task<Refusal?> GatherAsync(ErasedCustomer customer, CancellationToken stop) => Task.FromResult<Refusal?>(null);

    /// <summary>Deletes the room's rows of the customer, or takes out of them what tells of a person.</summary>
    Task EraseAsync(ErasedCustomer customer, CancellationToken stop);
}

/// <summary>What the rooms found of a customer who is being erased: ids, names of files, and words by which a delivery nobody could read is known as theirs.</summary>
public sealed class ErasedCustomer(Guid customer)
{
    public Guid Customer => customer;
    public HashSet<Guid> Conversations { get; } = [];

    /// <summary>All orders of the customer.</summary>
    public HashSet<Guid> Orders { get; } = [];

    /// <summary>Those of them that a courier carried: they stay in the merchant's books, without the person.</summary>
    public HashSet<Guid> KeptOrders { get; } = [];

    /// <summary>Other ids by which a waiting job may name the customer: messages, files.</summary>
    public HashSet<Guid> Others { get; } = [];

    /// <summary>Files of the workspace that may be theirs; removed once no row names them any more.</summary>
    public HashSet<string> Files { get; } = [];

    /// <summary>The channels' ids of the person and their phones in digits.</summary>
    public HashSet<string> Words { get; } = [];

    /// <summary>The orders that go.</summary>
    public IEnumerable<Guid> GoneOrders => Orders.Except(KeptOrders);

    /// <summary>Everything that goes, by its id.</summary>
    public IEnumerable<Guid> Gone => [customer, .. Conversations, .. GoneOrders, .. Others];
}

/// <summary>A customer was erased after this copy of the database was made, and is to be erased again if they are back; told before anybody is served.</summary>
public sealed record ErasureReplayed(Guid Customer);
