using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations.Pages;

/// <summary>What the inbox pages need, and their place in the navigation.</summary>
public static class InboxPagesSetup
{
    public static IServiceCollection AddInboxPages(this IServiceCollection services) => services.AddScoped<InboxReader>().AddScoped<ThreadReader>().AddScoped<ControlsReader>().AddScoped<Blocking>().AddScoped<IStatusLine, AgentLine>()
        .AddNavItem(new("inbox", NavGroup.Work, 10, "chat", "inbox", PhonePlace: 2, Count: static (db, _, stop) => InboxReader.WaitingAsync(db, stop), Calls: true, Needs: Capability.SeeInbox))
        .AddNavItem(new("controls", NavGroup.Steering, 20, "sliders", "controls", Needs: Capability.SeeShop));
}
