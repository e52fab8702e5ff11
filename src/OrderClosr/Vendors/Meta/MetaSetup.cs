using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;

namespace OrderClosr.Vendors.Meta;

/// <summary>Messenger, Instagram and WhatsApp through Meta's platform.</summary>
public static class MetaSetup
{
    /// <summary>Where Meta keeps media of Messenger and Instagram (facts/meta.md section 8).</summary>
    private static readonly string[] MediaHosts = ["*.fbcdn.net", "*.fbsbx.com", "*.cdninstagram.com", "*.whatsapp.net"];

    public static IServiceCollection AddMeta(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = MetaSettings.Read(configuration);
        services.AddSingleton(settings);
        services.AddSingleton(OutboundRule.For("meta", [new(settings.GraphUrl), new(settings.InstagramGraphUrl), new(settings.InstagramTokenUrl)], MediaHosts));
        services.AddSingleton<IEventSource, MetaReader>();
        services.AddSingleton<MetaClient>().AddSingleton<MetaMedia>().AddSingleton<ISender, MetaSender>().AddSingleton<IChannelVendor, MetaConnection>().AddSingleton<IChannelDialogs, MetaDialogs>().AddScoped<MetaAccounts>();
        services.AddJob<LookUpMessage, LookUpMessageHandler>();
        // The slowest limit of the three channels holds for all: a number shared with the phone app sends 20 a second (section 5.6).
        services.AddSingleton(new LaneRule("meta/", new(8, new LaneLimit(20, TimeSpan.FromSeconds(1)))));
        return services;
    }
}
