using OrderClosr.Billing;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;

namespace OrderClosr.Vendors.Chargily;

/// <summary>Chargily Pay V2 as the way our plans are paid (facts/chargily.md).</summary>
public static class ChargilySetup
{
    public static IServiceCollection AddChargily(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(StartCheck.Of("payments", ChargilySettings.Problems));
        var settings = ChargilySettings.Problems(configuration).Any() ? new("", new("https://pay.chargily.net/api/v2/")) : ChargilySettings.Read(configuration);
        if (settings.IsOn) services.AddSingleton(OutboundRule.For(ChargilyClient.Vendor, [settings.Url]));
        return services.AddSingleton(settings).AddSingleton<IPayments, ChargilyClient>().AddSingleton<IEventSource, ChargilyReader>();
    }
}
