using OrderClosr.Ground.Jobs;

namespace OrderClosr.Channels;

/// <summary>Connected accounts and pauses.</summary>
public static class ChannelsSetup
{
    public static IServiceCollection AddChannels(this IServiceCollection services) => services.AddScoped<ChannelHealth>().AddScoped<IListener<LaneBroken>, BreakOnLaneBroken>();
}
