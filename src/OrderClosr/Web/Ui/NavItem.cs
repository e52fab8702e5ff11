using OrderClosr.Ground.Data;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Ui;

/// <summary>One entry of the merchant's navigation, registered by the room that owns the page: <c>services.AddNavItem(…)</c>.</summary>
/// <param name="Key">What a page says in <c>Here</c> to be the current one; also the words: <c>nav.KEY</c> (and <c>nav.KEY_short</c> on the phone's bar).</param>
/// <param name="Group">Under which title of the side bar.</param>
/// <param name="Place">Order in the whole bar.</param>
/// <param name="Icon">Name of an <see cref="Ui.Icon"/>.</param>
/// <param name="Path">Address inside the workspace, e.g. <c>orders/confirm</c>.</param>
/// <param name="PhonePlace">Order in the phone's bar of at most four and "more"; null: only under "more".</param>
/// <param name="Count">How much waits there; null or zero shows nothing. Runs on every page: one indexed count.</param>
/// <param name="Calls">A person is needed: the count is shown in saffron.</param>
/// <param name="OnlyWithCount">Shown only while something waits.</param>
/// <param name="Needs">What a member's role must have to see it, the same as the page's; not said: owners alone.</param>
/// <param name="Exists">Asked where not every server has the page.</param>
public sealed record NavItem(string Key, NavGroup Group, int Place, string Icon, string Path, int? PhonePlace = null,
    Func<OrderClosrDb, Shop, CancellationToken, Task<int>>? Count = null, bool Calls = false, bool OnlyWithCount = false, Capability? Needs = null, Func<IServiceProvider, bool>? Exists = null)
{
    /// <summary>Is it in the menu of a member with this role?</summary>
    public bool IsFor(Role role) => Needs is { } capability ? role.May(capability) : role == Role.Owner;
}

/// <summary>Titles of the side bar.</summary>
public enum NavGroup
{
    Work, Shop, Steering,

    /// <summary>One entry in the side bar; its pages stand beside each other in the strip on each of them (<see cref="SettingsHead"/>).</summary>
    Settings,
}

/// <summary>Registration of <see cref="NavItem"/>s.</summary>
public static class NavSetup
{
    public static IServiceCollection AddNavItem(this IServiceCollection services, NavItem item) => services.AddSingleton(item);
}
