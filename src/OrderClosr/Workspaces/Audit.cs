using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Writes the audit log: one line in the caller, saved by the caller's own save in the caller's own transaction.</summary>
/// <example><c>audit.Write(AuditAction.ApiKeyMade, row.Id, row.Name);</c>
/// <c>audit.Write(AuditAction.PriceChanged, product.Id, product.Name, old: new { was.Price }, now: new { product.Price });</c>
/// <c>audit.OfAccount(account.Id, AuditAction.PasswordChanged);</c></example>
public sealed class Audit(OrderClosrDb db, Actor actor, TimeProvider time)
{
    private const int LongestName = 120, LongestValue = 200;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Something was done to a thing of the current workspace.</summary>
    /// <param name="name">How the thing is called, in the merchant's own words; never a customer's name or number.</param>
    /// <param name="old">Flat values before; never a secret.</param>
    /// <param name="now">Flat values afterwards. With both, equal values are left out, and where nothing differs nothing is written.</param>
    public void Write<T>(AuditAction action, Id<T> subject, string name = "", object? old = null, object? now = null) => Add(action, WordOf(typeof(T).Name), subject.Value, name, old, now);

    /// <summary>Something was done to the workspace itself.</summary>
    public void Write(AuditAction action, object? old = null, object? now = null) => Add(action, "", null, "", old, now);

    /// <summary>Something happened to an account, by its own hand. Null: to an e-mail that has none.</summary>
    public void OfAccount(Guid? account, AuditAction action, object? now = null)
    {
        var at = time.GetUtcNow();
        db.Add(new AccountEntry { Id = Id<AccountEntry>.New(at), AccountId = account, At = at, Action = action, New = Values(now)?.ToJsonString(Json) });
    }

    private void Add(AuditAction action, string subject, Guid? id, string name, object? old, object? now)
    {
        var (before, after) = (Values(old), Values(now));
        if (before is not null && after is not null)
        {
            foreach (var same in before.Where(b => after.TryGetPropertyValue(b.Key, out var value) && JsonNode.DeepEquals(value, b.Value)).Select(b => b.Key).ToList())
            {
                before.Remove(same);
                after.Remove(same);
            }
            if (before.Count == 0 && after.Count == 0) return;
        }
        var at = time.GetUtcNow();
        db.Add(new AuditEntry
        {
            Id = Id<AuditEntry>.New(at), At = at, Actor = actor.Kind, ActorId = actor.Id, Action = action, Subject = subject, SubjectId = id, SubjectName = Short(name, LongestName),
            Old = before?.ToJsonString(Json), New = after?.ToJsonString(Json),
        });
    }

    private static JsonObject? Values(object? values)
    {
        if (values is null) return null;
        var json = (JsonObject)JsonSerializer.SerializeToNode(values, values.GetType(), Json)!;
        foreach (var text in json.Where(v => v.Value?.GetValueKind() == JsonValueKind.String).Select(v => v.Key).ToList()) json[text] = Short((string)json[text]!, LongestValue);
        return json;
    }

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    private static string WordOf(string type) => JsonNamingPolicy.SnakeCaseLower.ConvertName(type);
}
