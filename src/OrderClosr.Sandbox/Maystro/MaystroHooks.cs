using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Maystro;

/// <summary>One address a merchant registered; no type is all types.</summary>
public sealed record MaystroHook(string Id, CourierAccount Account, string Endpoint, string? TypeId);

/// <summary>Webhooks as Maystro sends them: unsigned, JSON in base64 twice (facts: couriers/maystro.md section 6).</summary>
public sealed class MaystroHooks(Deliveries deliveries)
{
    private readonly List<MaystroHook> _all = [];

    /// <summary>Id and name of each type.</summary>
    public static readonly IReadOnlyList<(string Id, string Name)> Types = [("1", "OrderStatusChanged"), ("2", "orderCreated"), ("3", "InventoryMovement")];

    /// <summary>What is registered.</summary>
    public IReadOnlyList<MaystroHook> Of(CourierAccount account) => [.. _all.Where(h => h.Account == account)];

    /// <summary>Registers an address.</summary>
    public MaystroHook Add(CourierAccount account, string endpoint, string? typeId)
    {
        var hook = new MaystroHook(Guid.NewGuid().ToString(), account, endpoint, typeId);
        _all.Add(hook);
        return hook;
    }

    /// <summary>Takes one back; false when there is none.</summary>
    public bool Remove(CourierAccount account, string id) => _all.RemoveAll(h => h.Account == account && h.Id == id) > 0;

    /// <summary>Forgets all.</summary>
    public void Clear() => _all.Clear();

    /// <summary>Tells every address that wants this event. <paramref name="status"/> may be a lie: nobody signs.</summary>
    public int Tell(MaystroCourier courier, PlayedParcel parcel, string name, int status) => Tell(courier, parcel.Account, name, new()
    {
        ["external_order_id"] = parcel.Reference, ["display_id_order"] = int.Parse(parcel.Tracking, System.Globalization.CultureInfo.InvariantCulture), ["id"] = parcel.Id, ["status"] = status,
    }, parcel.Id);

    /// <summary>The same with a payload of one's own; how many addresses were told.</summary>
    public int Tell(MaystroCourier courier, CourierAccount account, string name, JsonObject payload, string instance)
    {
        if (courier.Vendor.Faults.IsOn("webhooks-off")) return 0;
        var json = courier.Written(new JsonObject { ["event"] = name, ["payload"] = payload, ["instance_uuid"] = instance });
        var (body, type) = Wrap(json, courier.Vendor.Faults.Value("webhook-envelope"));
        var told = 0;
        foreach (var hook in _all.Where(h => h.Account == account && (h.TypeId is null || Types.Any(t => t.Id == h.TypeId && t.Name == name))).ToList())
        {
            told++;
            deliveries.Post(new()
            {
                Vendor = courier.Vendor, Url = hook.Endpoint, Body = body, ContentType = type, IsReceived = s => s is >= 200 and < 300,
                Retries = CourierRetries.Read(courier.Vendor.Faults.Value("retry-schedule")) ?? CourierRetries.Read("5,60")!,
                StillWanted = () => { lock (courier.Gate) return _all.Contains(hook); },
            });
        }
        return told;
    }

    /// <summary>The envelope: base64 twice, <c>message.data</c>, or <c>plain</c>.</summary>
    /// <example><c>{}</c> → <c>e30=</c> → <c>ZTMwPQ==</c></example>
    public static (byte[] Body, string Type) Wrap(string json, string? envelope) => envelope switch
    {
        "plain" => (Encoding.UTF8.GetBytes(json), "application/json"),
        "message.data" => (Encoding.UTF8.GetBytes(new JsonObject { ["message"] = new JsonObject { ["data"] = Base64(json) } }.ToJsonString()), "application/json"),
        _ => (Encoding.UTF8.GetBytes(Base64(Base64(json))), "text/plain"),
    };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
