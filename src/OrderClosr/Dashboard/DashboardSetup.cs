using Microsoft.EntityFrameworkCore.Diagnostics;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Dashboard;

/// <summary>Services of the dashboard.</summary>
public static class DashboardSetup
{
    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddSingleton<ISaveChangesInterceptor, MarkDays>()
        .AddScoped<RollUp>().AddScoped<Numbers>().AddScoped<PlanCost>().AddScoped<Records>().AddScoped<FigureWords>().AddScoped<NumbersFile>().AddScoped<SaveNumberSettings>().AddScoped<ICustomerErasure, DashboardErasure>()
        .AddScoped<EveningWishes>().AddScoped<IListener<MemberChanged>>(services => services.GetRequiredService<EveningWishes>())
        .AddJob<CountDays, CountDaysHandler>().AddJob<WriteEveningLetters, WriteEveningLettersHandler>().AddJob<SendEveningLetter, SendEveningLetterHandler>()
        .AddNavItem(new("notifications", NavGroup.Settings, 50, "mail", "settings/notifications", Needs: Capability.SeeNumbers))
        .AddNavItem(new("dashboard", NavGroup.Steering, 10, "chart", "dashboard", PhonePlace: 40, Needs: Capability.SeeNumbers));
}
