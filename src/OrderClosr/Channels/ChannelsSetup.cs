using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Channels;

/// <summary>Connected accounts and pauses.</summary>
public static class ChannelsSetup
{
    public static IServiceCollection AddChannels(this IServiceCollection services)
    {
        services.AddScoped<ChannelHealth>().AddScoped<OwnerLetters>().AddScoped<Connecting>().AddScoped<ConnectByDialog>().AddScoped<IListener<LaneBroken>, BreakOnLaneBroken>();
        services.AddScoped<ChannelsUse>().AddScoped<IPlanUse>(p => p.GetRequiredService<ChannelsUse>());
        services.AddJob<CheckChannel, CheckChannelHandler>();
        services.AddJob<CheckChannels, CheckChannelsHandler>();
        services.AddJob<LeaveChannel, LeaveChannelHandler>().AddScoped<IListener<DeletionAsked>, LeaveOnDeletionAsked>();
        services.AddJob<SendOwnerLetter, SendOwnerLetterHandler>();
        services.AddJob<RenewToken, RenewTokenHandler>();
        services.AddJob<RenewTokens, RenewTokensHandler>();
        services.AddJob<ShareFromPhone, ShareFromPhoneHandler>();
        services.AddNavItem(new NavItem("channels", NavGroup.Settings, 20, "chat", "channels", Calls: true, Needs: Capability.SeeShop,
            Count: (db, _, stop) => db.Channels.CountAsync(c => c.State == ChannelState.Broken, stop)));
        return services;
    }
}
