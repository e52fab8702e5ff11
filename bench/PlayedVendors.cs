using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrderClosr.Bench;

/// <summary>A Claude and a Meta that answer at once and always alike, so that what is measured is ours.</summary>
internal static class PlayedVendors
{
    internal static async Task<WebApplication> StartAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        var answer = JsonSerializer.Serialize(new
        {
            id = "msg_bench", type = "message", role = "assistant", model = "claude-haiku-5-5", content = new[] { new { type = "text", text = "مرحبا، كيفاش نعاونك؟" } }, stop_reason = "end_turn", stop_sequence = (string?)null,
            usage = new { input_tokens = 900, output_tokens = 20, cache_creation_input_tokens = 0, cache_read_input_tokens = 800 },
        });
        app.MapPost("/claude/v1/messages", () => Results.Text(answer, "application/json"));
        var n = 0;
        // A channel that fails its checks would answer nobody.
        app.MapGet("/meta/{**path}", (string path) => path.Split('/')[^1] switch
        {
            "debug_token" => Results.Json(new { data = new { is_valid = true, app_id = "1", scopes = new[] { "whatsapp_business_messaging", "whatsapp_business_management" } } }),
            "subscribed_apps" => Results.Json(new { data = new[] { new { whatsapp_business_api_data = new { id = "1" } } } }),
            "message_templates" => Results.Json(new { data = Array.Empty<string>() }),
            _ => Results.Json(new { id = "1", platform_type = "CLOUD_API", status = "CONNECTED" }),
        });
        app.MapPost("/meta/{**path}", () => Results.Json(new
        {
            messaging_product = "whatsapp", contacts = new[] { new { input = "1", wa_id = "1" } }, messages = new[] { new { id = $"wamid.BENCH{Interlocked.Increment(ref n)}" } }, success = true,
        }));
        await app.StartAsync();
        return app;
    }
}
