using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;

namespace OrderClosr.Bench;

/// <summary>What the machine can do at best: an endpoint that does nothing, and one that checks a signature and stores the body with grouped commits, with nothing behind it.</summary>
internal static class BareServer
{
    internal static async Task RunAsync(string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System).AddDatabase(connectionString);
        builder.Services.AddSingleton<Strain>().AddSingleton<EventNudge>().AddSingleton<EventWriter>().AddHostedService(p => p.GetRequiredService<EventWriter>());
        var app = builder.Build();
        app.MapGet("/empty", () => Results.Ok());
        var secret = Encoding.UTF8.GetBytes(Webhooks.Secret);
        app.MapPost("/bare", async (HttpRequest request, EventWriter writer) =>
        {
            var body = new byte[(int)request.ContentLength!];
            await request.Body.ReadExactlyAsync(body);
            var given = request.Headers["X-Hub-Signature-256"].ToString();
            var right = given.Length == 71 && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, body), Convert.FromHexString(given.AsSpan(7)));
            return !right ? Results.StatusCode(403) : await writer.StoreAsync("bench", body, default) ? Results.Ok() : Results.StatusCode(503);
        });
        await App.MigrateAsync(app.Services);
        await app.RunAsync();
    }
}
