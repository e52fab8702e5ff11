using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Layout;

/// <summary>The navigation of one page: its items and how much waits behind each, counted once per request.</summary>
/// <remarks>Counts in a scope of its own, so that it never meets the page's own queries on one connection.</remarks>
public sealed class NavCounts(IEnumerable<NavItem> items, IServiceProvider services, WorkspaceScopes scopes, Shop shop, IHttpContextAccessor http)
{
    private readonly Dictionary<string, int> _counts = [];
    private Task? _loading;

    /// <summary>What is shown, in its order.</summary>
    public IReadOnlyList<NavItem> Items => [.. items.Where(i => i.IsFor(shop.Role) && i.Exists?.Invoke(services) != false && (!i.OnlyWithCount || Of(i) > 0)).OrderBy(i => i.Group).ThenBy(i => i.Place)];

    /// <summary>The settings' pages, one entry in the side bar.</summary>
    public IReadOnlyList<NavItem> Settings => [.. Items.Where(i => i.Group == NavGroup.Settings)];

    /// <summary>What stands at the foot of the side bar, e.g. "agent paused".</summary>
    public IReadOnlyList<StatusLine> Lines { get; private set; } = [];

    /// <summary>What is said across every page.</summary>
    public IReadOnlyList<Banner> Banners { get; private set; } = [];

    /// <summary>How much waits behind an item.</summary>
    public int Of(NavItem item) => _counts.GetValueOrDefault(item.Key);

    /// <summary>Counts; harmless to call again.</summary>
    public Task LoadAsync() => _loading ??= ReadAsync(http.HttpContext?.RequestAborted ?? default);

    private async Task ReadAsync(CancellationToken stop)
    {
        await using var scope = scopes.Open(shop.Id);
        foreach (var item in items)
            if (item.Count is not null && item.IsFor(shop.Role)) _counts[item.Key] = await item.Count(scope.Db, shop, stop);
        var banners = new List<Banner>();
        foreach (var banner in scope.Services.GetServices<IBanner>())
            if (await banner.ReadAsync(scope.Db, shop, stop) is { } shown) banners.Add(shown);
        Banners = banners;
        if (!shop.May(Capability.SeeShop)) return;
        var said = new List<StatusLine>();
        foreach (var line in scope.Services.GetServices<IStatusLine>())
            if (await line.ReadAsync(scope.Db, stop) is { } text) said.Add(text);
        Lines = said;
    }
}
