using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Tenancy;

/// <summary>Opens a scope of services that acts for one workspace: how jobs, grains, event readers and seeds enter it.</summary>
public sealed class WorkspaceScopes(IServiceScopeFactory scopes)
{
    /// <summary>A scope for one workspace; its <see cref="OrderClosrDb"/> sees that workspace only.</summary>
    public WorkspaceScope Open(WorkspaceId workspace)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Enter(workspace);
        return new(scope);
    }

    /// <summary>A scope that sees no workspace: for tables that have none (accounts, routes, events).</summary>
    public WorkspaceScope OpenNone() => new(scopes.CreateAsyncScope());

    /// <summary>Which workspaces hold a row that meets the condition: ids only, for clocks that then enter each of them. Those that are being deleted have no work.</summary>
    public async Task<IReadOnlyList<WorkspaceId>> WithAnyAsync<T>(Expression<Func<T, bool>> condition, CancellationToken stop) where T : class, IOfWorkspace
    {
        await using var scope = OpenEverywhere("a clock asks which workspaces have work for it");
        var found = await scope.Db.Everywhere<T>().Where(condition).Select(row => row.WorkspaceId).Distinct().ToListAsync(stop);
        if (found.Count == 0) return found;
        var leaving = await scope.Db.Set<Workspace>().Where(w => w.DeleteAskedAt != null).Select(w => w.Id).ToListAsync(stop);
        return [.. found.Except(leaving)];
    }

    /// <summary>A scope across all workspaces. Only <c>Ground</c> and <c>Verbs</c> may, and must say why.</summary>
    internal WorkspaceScope OpenEverywhere(string reason)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().EnterEverywhere(reason);
        return new(scope);
    }
}

/// <summary>Services of one <see cref="WorkspaceScopes"/> scope.</summary>
public sealed class WorkspaceScope(AsyncServiceScope scope) : IAsyncDisposable
{
    public OrderClosrDb Db => scope.ServiceProvider.GetRequiredService<OrderClosrDb>();

    public IServiceProvider Services => scope.ServiceProvider;

    public T Get<T>() where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
