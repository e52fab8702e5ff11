using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;
using OrderClosr.Sheets;

namespace OrderClosr.Vendors.Google;

/// <summary>The file Google's console hands out for a service account, read strictly (facts/google-sheets.md section 3).</summary>
/// <remarks>Its addresses (<c>token_uri</c>, <c>auth_uri</c>, …) are dropped: a file that names another host must not make us call it.</remarks>
internal static partial class GoogleKeyFile
{
    /// <summary>Bytes; a real one has about 2,400.</summary>
    internal const int Most = 8 * 1024;

    private const int LeastBits = 2048;

    internal static Result<SheetKey> Read(string? file)
    {
        if (string.IsNullOrWhiteSpace(file)) return No("key_missing", "Paste the service account's JSON file.");
        if (Encoding.UTF8.GetByteCount(file) > Most) return No("key_too_big", "This is too long for a service account's file.");
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return No("key_not_json", "This is not the JSON file: paste all of it, unchanged.");
        }
        if (root.ValueKind != JsonValueKind.Object) return No("key_not_json", "This is not the JSON file: paste all of it, unchanged.");
        if (Text(root, "type") != "service_account") return No("key_other_kind", "This is a file of another kind: a service account's is needed.");
        var email = Text(root, "client_email");
        if (!Address().IsMatch(email)) return No("key_email", "The address in the file is no service account's.");
        var (pem, id) = (Text(root, "private_key"), Text(root, "private_key_id"));
        if (id.Length is 0 or > 200 || Text(root, "project_id") is not { Length: > 0 and <= 200 } project) return No("key_unreadable", "Parts of the file are missing: paste all of it, unchanged.");
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException or FormatException or NotSupportedException)
        {
            return No("key_unreadable", "The key in the file cannot be read: paste all of it, unchanged.");
        }
        return key.KeySize < LeastBits ? No("key_weak", "The key is too short to be safe: make a new one.") : new SheetKey(email, pem, id, project);
    }

    private static string Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static Refusal No(string code, string words) => new(code, words, "key");

    [GeneratedRegex(@"\A[a-z0-9-]+@[a-z0-9.-]+\.iam\.gserviceaccount\.com\z", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
