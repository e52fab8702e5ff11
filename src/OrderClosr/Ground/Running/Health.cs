using Microsoft.EntityFrameworkCore;
using Orleans.Runtime;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;

namespace OrderClosr.Ground.Running;

/// <summary><c>/health/live</c> (this process answers) and <c>/health/ready</c> (it can do its work: database, migrations, keys, cluster).</summary>
public static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => "ok");
        app.MapGet("/health/ready", async (HttpContext http, OrderClosrDb db, CancellationToken stop) =>
        {
            var services = http.RequestServices;
            var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
            var (database, migrations) = await DatabaseAsync(db, stop);
            var parts = new Dictionary<string, string>
            {
                ["database"] = database,
                ["migrations"] = migrations,
                ["keys"] = FernetKeys.Problem(services.GetRequiredService<IConfiguration>()["FERNET_KEYS"]) is null ? "ok" : "missing",
                ["cluster"] = stopping ? "stopping" : services.GetRequiredService<ISiloStatusOracle>().CurrentStatus == SiloStatus.Active ? "ok" : "not joined",
            };
            var ready = parts.Values.All(p => p == "ok");
            http.Response.Headers.CacheControl = "no-store";
            // A late backup is for a person to mend: taking the app out of service would mend nothing.
            var backup = database != "ok" || migrations != "ok" ? "unknown" : await services.GetRequiredService<BackupAge>().IsLateAsync(stop) ? "late" : "ok";
            return Results.Json(new { ready, parts, watch = new { backup } }, statusCode: ready ? 200 : 503);
        });
    }

    private static async Task<(string Database, string Migrations)> DatabaseAsync(OrderClosrDb db, CancellationToken stop)
    {
        try
        {
            return ("ok", (await db.Database.GetPendingMigrationsAsync(stop)).Any() ? "behind" : "ok");
        }
        catch (Exception error) when (error is System.Data.Common.DbException or InvalidOperationException or TimeoutException)
        {
            return ("away", "unknown");
        }
    }
}
