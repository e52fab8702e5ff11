using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Bench;

/// <summary>Signed deliveries as Meta sends them: WhatsApp text messages of about 1.8 KB, each with an id of its own, from 2,000 customers.</summary>
internal sealed class Webhooks(string phoneNumberId)
{
    internal const string Secret = "invented-app-secret-bench";

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    // Arabic escaped as Meta escapes it, long enough that a delivery has the size of a real one.
    private static readonly string Text = string.Concat(Enumerable.Repeat("\\u0633\\u0644\\u0627\\u0645 \\u0634\\u062d\\u0627\\u0644 ", 14));

    /// <summary>Body of delivery <paramref name="n"/>.</summary>
    internal byte[] Body(int n)
    {
        var phone = $"2135000{n % 2000:000000}";
        return Encoding.ASCII.GetBytes($$$"""
            {"object":"whatsapp_business_account","entry":[{"id":"206","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"213500009001","phone_number_id":"{{{phoneNumberId}}}"},"contacts":[{"profile":{"name":"Lina"},"wa_id":"{{{phone}}}","user_id":"DZ.{{{phone}}}"}],"messages":[{"from":"{{{phone}}}","from_user_id":"DZ.{{{phone}}}","id":"wamid.{{{_run}}}{{{n}}}","timestamp":"{{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}}}","type":"text","text":{"body":"{{{Text}}}"}}]}}]}]}
            """);
    }

    /// <summary>Deliveries as whole requests for a server, made before the clock runs.</summary>
    internal byte[][] Requests(int count, int port, string path = "/webhooks/meta") => [.. Enumerable.Range(0, count).Select(n =>
    {
        var body = Body(n);
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));
        return LoadGenerator.Request("POST", path, port, body, $"X-Hub-Signature-256: sha256={signature}\r\n");
    })];
}
