using OrderClosr.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

// Two cores run tests, app, sandbox and database. Two more tests at once fill the time in which others wait for a clock, a line or a page; more would only make waits fail.
[assembly: Parallelization(MaxThreads = 4)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace OrderClosr.Tests.Support;

/// <summary>The classes that take a minute or more begin first: left for the end, one of them would run alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        nameof(Ground.CrashTests), nameof(Browser.ParcelPagesTests), nameof(Parcels.DayOfParcelsTests), nameof(Ground.RandomKillTests), nameof(Browser.PagesTests), nameof(Parcels.CourierRoadTests),
        nameof(Vendors.Meta.MetaSendingTests), nameof(Browser.RescueLookTests), nameof(Browser.CashLookTests), nameof(Tenancy.EndpointWalkTests), nameof(Agent.TurnTests), nameof(Vendors.Meta.TakeOverTests),
        nameof(Road.BuyingTests), nameof(Parcels.BookingTests), nameof(Workspaces.SignInTests), nameof(Promises.P13_ADeletedWorkspaceIsGoneWithin30Days), nameof(Web.HooksTests), Promises.P10_SentryGetsScrubbedEvents.OneHub,
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : notnull, ITestCollection => [.. testCollections.OrderBy(PlaceOf)];

    private static int PlaceOf<TTestCollection>(TTestCollection collection) where TTestCollection : notnull, ITestCollection
    {
        var place = Array.FindIndex(Long, name => collection.TestCollectionDisplayName == name || collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
