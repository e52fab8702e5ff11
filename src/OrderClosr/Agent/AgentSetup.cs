using OrderClosr.Agent.Tools;
using OrderClosr.Billing;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Agent;

/// <summary>The sales agent: grain, turn, tools.</summary>
public static class AgentSetup
{
    public static IServiceCollection AddAgent(this IServiceCollection services)
    {
        services.AddSingleton<Turn>();
        services.AddScoped<TurnGates>().AddScoped<Thinking>().AddScoped<TurnCommit>().AddScoped<Prompt>().AddScoped<RescueFacts>().AddScoped<SaidPhones>().AddScoped<MediaRead>().AddScoped<Summary>().AddScoped<Spending>().AddScoped<Proposals>().AddScoped<ICustomerErasure, AgentErasure>();
        // In this order they stand in the prompt: changing it costs every workspace its cached prefix once.
        services.AddScoped<SaveOrder>();
        services.AddScoped<ITool, SearchProducts>().AddScoped<ITool, ShowProduct>().AddScoped<ITool, QuoteDelivery>().AddScoped<ITool>(p => p.GetRequiredService<SaveOrder>())
            .AddScoped<ITool, ConfirmOrderTool>().AddScoped<ITool, ChangeOrCancelOrder>().AddScoped<ITool, TrackParcel>().AddScoped<ITool, RescueParcel>().AddScoped<ITool, NoteLead>().AddScoped<ITool, HandOverTool>();
        services.AddSweep<Conversation>((grains, workspace, id) => grains.GetGrain<IConversationGrain>(ConversationGrain.KeyOf(workspace, id)).NudgeAsync());
        services.AddScoped<SaveAgentSettings>().AddScoped<Noticing>().AddNavItem(new("agent", NavGroup.Shop, 130, "agent", "agent", Needs: Capability.SeeShop));
        services.AddScoped<IListener<PlanOpened>, GoOnOnPlanOpened>();
        services.AddHostedService<ConversationWaking>();
        return services;
    }
}
