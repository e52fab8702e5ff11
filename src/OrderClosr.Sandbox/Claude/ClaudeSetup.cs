using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Claude.Seller;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Claude;

/// <summary>Opens <c>/claude</c>: the Messages API, and the doors that choose who speaks.</summary>
internal static class ClaudeSetup
{
    /// <summary>The vendor's state.</summary>
    public static IServiceCollection AddClaude(this IServiceCollection services) => services.AddSingleton<ClaudeApi>();

    /// <summary>The vendor's addresses.</summary>
    public static void MapClaude(this IEndpointRouteBuilder app)
    {
        var api = app.ServiceProvider.GetRequiredService<ClaudeApi>();
        var claude = app.MapVendor("claude", vendor =>
        {
            vendor.Knobs = ["cut-body", "prefix-mismatch", "cache-minimum", "token-factor", "any-version", "no-system-messages", "rate-limit"];
            vendor.Forget = api.Forget;
            vendor.HidesSecrets = false; // keys travel in headers, which are not logged; the body must stay as it was sent
            vendor.RetryAfter = null;
            vendor.ErrorBody = (_, status) => new ApiError(status, ApiError.TypeOf(status), ApiError.WordsOf(status)).Body(ClaudeWire.NewId("req"));
            vendor.ErrorHeaders = (headers, body) => headers["request-id"] = JsonNode.Parse(body).Text("request_id");
        });
        claude.MapPost("/v1/messages", (RequestDelegate)api.MessageAsync);
        claude.MapPost("/v1/messages/count_tokens", (RequestDelegate)api.CountAsync);
        claude.MapFallback("/{**rest}", (HttpContext http) =>
        {
            var id = ClaudeWire.NewId("req");
            http.Response.Headers["request-id"] = id;
            return Results.Text(new ApiError(404, "not_found_error", "Not Found").Body(id), "application/json", statusCode: 404);
        });

        claude.MapGet("/_mode", () => Json(api.Mode.Shown()));
        claude.MapPost("/_mode", async (HttpRequest call, CancellationToken stop) =>
        {
            JsonObject? wish;
            try { wish = await JsonNode.ParseAsync(call.Body, cancellationToken: stop) as JsonObject; }
            catch (JsonException) { wish = null; }
            return api.Mode.Set(wish ?? []) is { } why ? Json(new JsonObject { ["error"] = why }, 422) : Json(api.Mode.Shown());
        });
        claude.MapGet("/_assertions", () => new { items = api.Assertions.Items });
        claude.MapDelete("/_assertions", () => { api.Assertions.Clear(); return Results.NoContent(); });
        // What the seller understood of a text: for whoever wonders why it answered as it did.
        claude.MapPost("/_read", async (HttpRequest call, CancellationToken stop) =>
            Json(SellerModel.Explain((await JsonNode.ParseAsync(call.Body, cancellationToken: stop)).Text("text") ?? "")));
    }

    private static IResult Json(JsonObject shown, int status = 200) => Results.Text(shown.ToJsonString(ClaudeWire.Json), "application/json", statusCode: status);
}
