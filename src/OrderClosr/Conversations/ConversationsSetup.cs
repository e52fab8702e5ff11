using OrderClosr.Channels;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations;

/// <summary>Messages and who holds a conversation.</summary>
public static class ConversationsSetup
{
    public static IServiceCollection AddConversations(this IServiceCollection services)
    {
        services.AddScoped<Receiving>().AddScoped<Holding>().AddScoped<Saying>().AddScoped<Reaching>().AddScoped<Answering>().AddScoped<Noting>().AddScoped<Typing>().AddScoped<Pausing>().AddScoped<OptOuts>();
        services.AddScoped<ICustomerErasure, ConversationsErasure>();
        services.AddJob<SendMessage, SendMessageHandler>();
        services.AddJob<SettleEcho, SettleEchoHandler>();
        services.AddJob<SettleFailure, SettleFailureHandler>();
        services.AddJob<ReleaseHeld, ReleaseHeldHandler>();
        services.AddJob<FetchMedia, FetchMediaHandler>();
        services.AddJob<FetchName, FetchNameHandler>();
        services.AddScoped<IListener<MessageReceived>, FetchOnMessageReceived>().AddScoped<IListener<MessageReceived>, FetchNameOnMessageReceived>();
        services.AddScoped<IListener<MessageReceived>, OptOutOnMessageReceived>();
        services.AddJob<WatchChannels, WatchChannelsHandler>();
        services.AddJob<WatchChannel, WatchChannelHandler>();
        services.AddScoped<IListener<ChannelMended>, SettleOnChannelChange>().AddScoped<IListener<ChannelDisconnected>, SettleOnChannelChange>();
        services.AddScoped<IListener<MemberChanged>, FreeOnMemberChanged>().AddScoped<IListener<MemberDisabled>, FreeOnMemberChanged>();
        return services;
    }
}
