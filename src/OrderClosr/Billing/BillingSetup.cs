using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Billing;

/// <summary>Plans, invoices, payments.</summary>
public static class BillingSetup
{
    /// <summary>Where looks at payments wait: the service's own client keeps to 60 calls a minute, 5 at once (facts/chargily.md section 1).</summary>
    public const string Lane = "payments/checkout";

    public static IServiceCollection AddBilling(this IServiceCollection services)
    {
        services.AddSingleton(StartCheck.Of("plans", Plans.Problems)).AddSingleton<Plans>().AddSingleton<IOffer>(p => p.GetRequiredService<Plans>());
        services.AddScoped<Subscriptions>().AddScoped<Invoicing>().AddScoped<Paying>().AddScoped<PlanLetters>().AddScoped<UsageMeter>().AddScoped<PlanLimits>().AddScoped<BillingView>();
        services.AddScoped<IPlanUse, MembersUse>().AddScoped<IMemberRoom, RoomForMembers>().AddScoped<IListener<WorkspaceMade>, BeginTrialOnWorkspaceMade>().AddScoped<IListener<DeletionAsked>, ListInvoicesOnDeletion>();
        services.AddScoped<IListener<DatabaseRestored>, FindLostPaymentsOnDatabaseRestored>();
        services.AddJob<LookAtPayment, LookAtPaymentHandler>().AddJob<SweepPayments, SweepPaymentsHandler>().AddJob<FindLostPayments, FindLostPaymentsHandler>().AddJob<RollPlans, RollPlansHandler>().AddJob<SendPlanLetter, SendPlanLetterHandler>();
        services.AddSingleton(new LaneRule(Lane, new LaneBudget(5, new LaneLimit(60, TimeSpan.FromMinutes(1))))).AddHostedService<TryPaymentsAtStart>();
        services.AddScoped<IBanner, PlanBanner>().AddSingleton<InvoicePaper>();
        services.AddNavItem(new("billing", NavGroup.Settings, 60, "card", "settings/billing", Needs: Capability.PayPlan, Exists: p => p.GetRequiredService<Plans>().IsOn));
        return services;
    }

    /// <summary>A key that the service refused stops the lane; it comes from the environment, so a start is when it may have been mended.</summary>
    private sealed class TryPaymentsAtStart(WorkspaceScopes scopes, Plans plans, TimeProvider time) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (!plans.IsOn) return;
            foreach (var workspace in await scopes.WithAnyAsync<Job>(j => j.Lane == Lane && j.State == JobState.Parked, cancellationToken))
            {
                await using var scope = scopes.Open(workspace);
                await scope.Db.InTransactionAsync(() => scope.Db.ResumeLaneAsync(Lane, time.GetUtcNow(), cancellationToken), cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
