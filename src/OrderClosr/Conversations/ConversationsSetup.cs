using OrderClosr.Ground.Jobs;

namespace OrderClosr.Conversations;

/// <summary>Messages and who holds a conversation.</summary>
public static class ConversationsSetup
{
    public static IServiceCollection AddConversations(this IServiceCollection services)
    {
        services.AddScoped<Receiving>().AddScoped<Holding>();
        services.AddJob<SettleEcho, SettleEchoHandler>();
        return services;
    }
}
