using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Data;

/// <summary>The one database of the product, on SQLite or PostgreSQL: filters every read to the current workspace and refuses foreign writes.</summary>
/// <remarks>
/// Tables are declared by their room (<c>OrderTables.cs</c>) as <see cref="IEntityTypeConfiguration{T}"/>; a C# extension gives
/// <c>db.Orders</c>. Not pooled: a pooled context came back with the previous tenant's id (facts/stack.md section 7).
/// </remarks>
public abstract class OrderClosrDb(DbContextOptions options, CurrentWorkspace workspace, Dialect dialect, Bell bell) : DbContext(options)
{
    /// <summary>What differs between the two databases.</summary>
    public Dialect Dialect => dialect;

    /// <summary>The workspace whose rows this context sees; read by every query filter.</summary>
    public WorkspaceId WorkspaceId => workspace.Id;

    /// <summary>Rows of all workspaces: for the engine's own tables, from a scope that is everywhere.</summary>
    internal IQueryable<T> Everywhere<T>() where T : class =>
        workspace.IsEverywhere ? Set<T>().IgnoreQueryFilters([WorkspaceFilter]) : throw new InvalidOperationException("This scope is not everywhere.");

    /// <summary>Runs <paramref name="work"/> in one transaction; on SQLite it first waits its turn to write (one writer).</summary>
    /// <remarks>Never call a vendor inside. Nested calls join the outer transaction.</remarks>
    public async Task<T> InTransactionAsync<T>(Func<Task<T>> work, CancellationToken stop)
    {
        if (Database.CurrentTransaction is not null) return await work();
        Transactions.MustNotBeInside(this);
        T result;
        Transactions.Enter(this);
        try
        {
            using var turn = await dialect.WaitToWriteAsync(stop);
            await using var transaction = await Database.BeginTransactionAsync(stop);
            result = await work();
            await transaction.CommitAsync(stop);
        }
        catch
        {
            _notices.Clear(); // What was rolled back is not told with the next commit.
            throw;
        }
        finally
        {
            Transactions.Leave();
        }
        RingBell();
        return result;
    }

    /// <summary>Says after the commit that something changed; nothing is said when it is rolled back.</summary>
    public void Tell(string what, string key) => _notices.Add(new(WorkspaceId, what, key));

    /// <inheritdoc cref="Tell(string, string)"/>
    public void Tell<T>(string what, Id<T> id) => Tell(what, id.ToString());

    /// <inheritdoc cref="InTransactionAsync{T}"/>
    public Task InTransactionAsync(Func<Task> work, CancellationToken stop) =>
        InTransactionAsync(async () => { await work(); return 0; }, stop);

    /// <summary>Lets the running transaction write a row that belongs to no workspace. Only from a scope that has entered none: it can reach no workspace's rows by it.</summary>
    internal async Task PermitOfNobodyAsync(IOfWorkspace row, CancellationToken stop)
    {
        if (!WorkspaceId.IsNone || !row.WorkspaceId.IsNone || Database.CurrentTransaction is null) throw new InvalidOperationException("A row of nobody is written in a transaction of a scope that acts for no workspace.");
        _ofNobody.Add(row);
        if (!workspace.IsEverywhere) await dialect.ActForNobodyAsync(this, stop);
    }

    /// <summary>The running transaction goes on inside a workspace that it has just made; the scope acts for it from here on.</summary>
    internal Task EnterMadeAsync(WorkspaceId made, CancellationToken stop)
    {
        if (Database.CurrentTransaction is null) throw new InvalidOperationException("A workspace is made in a transaction.");
        workspace.Enter(made);
        return dialect.ActForAsync(this, made, stop);
    }

    private readonly HashSet<object> _ofNobody = [];

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        GuardWorkspace();
        if (Database.CurrentTransaction is not null) return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        Transactions.MustNotBeInside(this);
        using var turn = await dialect.WaitToWriteAsync(cancellationToken);
        var rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        RingBell();
        return rows;
    }

    private void RingBell()
    {
        if (_notices.Count == 0) return;
        bell.Ring([.. _notices]);
        _notices.Clear();
    }

    private readonly List<Notice> _notices = [];

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync: writing waits its turn.");

    private void GuardWorkspace()
    {
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Unchanged or EntityState.Detached) continue;
            if (entry.Entity is IAppendOnly && entry.State != EntityState.Added) throw new InvalidOperationException($"{entry.Metadata.ShortName()} is only ever added to.");
            if (entry.Entity is IVersioned && entry.State == EntityState.Modified)
                entry.Property(nameof(IVersioned.Version)).CurrentValue = (int)entry.Property(nameof(IVersioned.Version)).OriginalValue! + 1;
            if (entry.Entity is not IOfWorkspace row) continue;
            if (workspace.IsEverywhere || (row.WorkspaceId.IsNone && _ofNobody.Contains(row))) continue;
            if (entry.State == EntityState.Added && row.WorkspaceId.IsNone)
                entry.Property(nameof(IOfWorkspace.WorkspaceId)).CurrentValue = WorkspaceId;
            var owner = (WorkspaceId)entry.Property(nameof(IOfWorkspace.WorkspaceId)).CurrentValue!;
            var before = (WorkspaceId)entry.Property(nameof(IOfWorkspace.WorkspaceId)).OriginalValue!;
            if (WorkspaceId.IsNone || owner != WorkspaceId || (entry.State != EntityState.Added && before != WorkspaceId))
                throw new ForeignWorkspaceException(entry.Metadata.ShortName());
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Dinars>().HaveConversion<DinarsColumn>();
        configurationBuilder.Properties<Phone>().HaveConversion<PhoneColumn>().HaveMaxLength(20);
        configurationBuilder.Properties<Sealed>().HaveConversion<SealedColumn>();
        // Part of its row: said before anything can take it for a table of its own.
        configurationBuilder.ComplexProperties<Microsoft.AspNetCore.Identity.IdentityPasskeyData>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
        foreach (var type in typeof(OrderClosrDb).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, IsNested: false } && t.GetProperty("Id") is { } id
                     && id.PropertyType == typeof(Id<>).MakeGenericType(t)))
            configurationBuilder.Properties(typeof(Id<>).MakeGenericType(type)).HaveConversion(typeof(IdColumn<>).MakeGenericType(type));
        dialect.ConfigureConventions(configurationBuilder);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(OrderClosrDb).Assembly);
        foreach (var type in modelBuilder.Model.GetEntityTypes().ToList())
        {
            var entity = modelBuilder.Entity(type.ClrType);
            if (typeof(IVersioned).IsAssignableFrom(type.ClrType)) entity.Property(nameof(IVersioned.Version)).IsConcurrencyToken();
            foreach (var key in type.GetProperties().Where(p => p.IsPrimaryKey() && typeof(IId).IsAssignableFrom(p.ClrType))) key.ValueGenerated = Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never;
            if (typeof(IOfWorkspace).IsAssignableFrom(type.ClrType)) SetFilterMethod.MakeGenericMethod(type.ClrType).Invoke(this, [modelBuilder]);
        }
        SnakeCase.Apply(modelBuilder);
    }

    private void SetFilter<T>(ModelBuilder model) where T : class, IOfWorkspace
    {
        Expression<Func<T, bool>> ours = row => row.WorkspaceId == WorkspaceId;
        model.Entity<T>().HasQueryFilter(WorkspaceFilter, ours);
    }

    private const string WorkspaceFilter = "workspace";
    private static readonly MethodInfo SetFilterMethod = typeof(OrderClosrDb).GetMethod(nameof(SetFilter), BindingFlags.Instance | BindingFlags.NonPublic)!;
}

/// <summary>A row whose <see cref="Version"/> rises with each change; a writer that read an older one is refused.</summary>
public interface IVersioned
{
    int Version { get; }
}

/// <summary>A row that is written once and neither changed nor deleted: a log that people rely on.</summary>
/// <remarks>One exception: it goes with its whole workspace, by <see cref="Purging"/>, which deletes by statements and past this guard.</remarks>
public interface IAppendOnly;

/// <summary>A row of another workspace was about to be written: always a bug, never a person's mistake.</summary>
public sealed class ForeignWorkspaceException(string entity) : InvalidOperationException($"A row of another workspace was about to be written: {entity}.");
