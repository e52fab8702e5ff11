using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrderClosr.Sandbox.Chargily;
using OrderClosr.Sandbox.Claude;
using OrderClosr.Sandbox.Ecotrack;
using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Google;
using OrderClosr.Sandbox.Mail;
using OrderClosr.Sandbox.Maystro;
using OrderClosr.Sandbox.Meta;
using OrderClosr.Sandbox.Noest;
using OrderClosr.Sandbox.Phone;
using OrderClosr.Sandbox.Procolis;
using OrderClosr.Sandbox.Sentry;
using OrderClosr.Sandbox.Yalidine;
using OrderClosr.Sandbox.ZrExpress;

namespace OrderClosr.Sandbox;

/// <summary>Plays every vendor over real HTTP. One line per vendor.</summary>
/// <example><c>await using var sandbox = SandboxApp.Build(new() { Port = 0, App = "http://127.0.0.1:5080" }); await sandbox.StartAsync(); var address = sandbox.Urls.First();</c></example>
public static class SandboxApp
{
    /// <summary>Makes the sandbox; start it with <c>StartAsync</c> or <c>RunAsync</c>.</summary>
    public static WebApplication Build(SandboxOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "OrderClosr.Sandbox" });
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 110 * 1024 * 1024;
        });
        // A free port cannot be taken on the name "localhost" (two addresses), only on one address.
        builder.WebHost.UseUrls(options.Port == 0 ? "http://127.0.0.1:0" : $"http://{options.Host}:{options.Port}");
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);

        var services = builder.Services;
        services.AddRouting().AddRequestDecompression();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        services.AddSingleton(options).AddSingleton(options.Time);
        services.AddSingleton(new Chance(options.RandomSeed));
        services.AddSingleton<VendorBook>().AddSingleton<Deliveries>();
        services.AddMeta();
        services.AddClaude();
        services.AddEcotrack();
        services.AddGoogle();
        services.AddMaystro();
        services.AddNoest();
        services.AddYalidine();
        services.AddZrExpress();
        services.AddProcolis();
        services.AddChargily();
        services.AddMail();

        var app = builder.Build();
        app.UseRequestDecompression();
        app.UseMiddleware<VendorGate>();
        app.UseRouting();
        app.MapMeta();
        app.MapPhone();
        app.MapClaude();
        app.MapEcotrack();
        app.MapGoogle();
        app.MapMaystro();
        app.MapNoest();
        app.MapYalidine();
        app.MapZrExpress();
        app.MapProcolis();
        app.MapChargily();
        app.MapMail();
        app.MapSentry();

        return app;
    }

    /// <summary>Where this sandbox can be reached, known once it has started; used in the addresses vendors hand out.</summary>
    internal static string OwnAddress(this IServiceProvider services) =>
        services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?.Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal).TrimEnd('/') ?? "http://localhost:5090";
}
