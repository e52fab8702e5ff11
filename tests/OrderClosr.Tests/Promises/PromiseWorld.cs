using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Promises;

/// <summary>One started app for all promises that can share one; their classes run one after the other.</summary>
/// <remarks>Each test makes customers, accounts or a shop of its own and takes back what it switched.</remarks>
public sealed class PromiseWorld : IAsyncLifetime
{
    internal RoadWorld Road { get; private set; } = null!;
    internal TestApp App => Road.App;
    internal Shop Shop => Road.Shop;

    public async ValueTask InitializeAsync() => Road = await RoadWorld.StartAsync(Database.Sqlite);

    public async ValueTask DisposeAsync() => await Road.DisposeAsync();
}

/// <summary>The classes that share it.</summary>
[CollectionDefinition(Name)]
public sealed class PromiseCollection : ICollectionFixture<PromiseWorld>
{
    public const string Name = "promises";
}
