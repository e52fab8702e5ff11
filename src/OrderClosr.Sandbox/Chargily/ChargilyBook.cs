using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Chargily;

/// <summary>Everything the payment service keeps: objects by kind and id, in the order they were made.</summary>
/// <remarks>Callers hold <see cref="Gate"/> while they read or change anything.</remarks>
public sealed class ChargilyBook(VendorBook vendors, Chance chance, TimeProvider time)
{
    /// <summary>The kinds of objects, as they stand in addresses.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["customers", "products", "prices", "checkouts", "payment-links"];

    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
    private readonly Dictionary<string, List<JsonObject>> _objects = Kinds.ToDictionary(k => k, _ => new List<JsonObject>());

    /// <summary>One change at a time.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Its faults and log.</summary>
    public Vendor Vendor => vendors["chargily"];

    /// <summary>Seconds since 1970, as all its timestamps are.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>All of a kind, the oldest first.</summary>
    public IReadOnlyList<JsonObject> All(string kind) => _objects[kind];

    /// <summary>One of them; null when there is none.</summary>
    public JsonObject? Find(string kind, string id) => _objects[kind].Find(o => (string?)o["id"] == id);

    /// <summary>Gives it an id and its times, and keeps it.</summary>
    public JsonObject Add(string kind, JsonObject thing)
    {
        thing.Insert(0, "id", NewId());
        (thing["created_at"], thing["updated_at"]) = (Now, Now);
        _objects[kind].Add(thing);
        return thing;
    }

    /// <summary>Takes it away; false when it was not there.</summary>
    public bool Remove(string kind, string id) => _objects[kind].RemoveAll(o => (string?)o["id"] == id) > 0;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (Gate)
            foreach (var kind in _objects.Values) kind.Clear();
    }

    /// <summary>A ULID in lower case: 10 letters of time, 16 of chance.</summary>
    public string NewId()
    {
        Span<char> id = stackalloc char[26];
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 9; i >= 0; i--, at >>= 5) id[i] = Letters[(int)(at & 31)];
        for (var i = 10; i < 26; i++) id[i] = Letters[(int)chance.Next(32)];
        return new(id);
    }
}
