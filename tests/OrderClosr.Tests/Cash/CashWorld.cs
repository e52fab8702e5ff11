using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Cash;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Cash;

/// <summary>A shop with an account at every courier there is, and parcels that stand where a test wants them.</summary>
internal sealed class CashWorld : IAsyncDisposable
{
    private int _parcels;

    internal required TestApp App { get; init; }
    internal required Shop Shop { get; init; }
    internal required IReadOnlyList<CourierAccountId> Accounts { get; init; }
    internal required IReadOnlyDictionary<CourierAccountId, Id<CourierPlace>> Places { get; init; }
    internal FakeTimeProvider Clock => App.Time;
    internal CourierAccountId Account => Accounts[0];

    internal const int ReturnFee = 200;

    internal static async Task<CashWorld> StartAsync(Database database, int? accounts = null)
    {
        // Stands still, but today: a browser's cookies go by the true clock.
        var clock = new TestClock(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        var app = await TestApp.StartAsync(database, new() { Time = clock });
        return await MakeAsync(app, await app.NewShopAsync(), accounts);
    }

    internal static async Task<CashWorld> MakeAsync(TestApp app, Shop shop, int? accounts = null)
    {
        await using var scope = app.In(shop.Id);
        var now = app.Get<TimeProvider>().GetUtcNow();
        var (made, places) = (new List<CourierAccountId>(), new Dictionary<CourierAccountId, Id<CourierPlace>>());
        foreach (var courier in app.Get<Couriers>().All.Take(accounts ?? int.MaxValue))
        {
            var account = new CourierAccount
            {
                Id = CourierAccountId.New(now), Courier = courier.Name, Name = courier.Profile.Title, Credentials = scope.Get<SecretBox>().Seal(shop.Id, "courier_account.credentials", "{}"), ChannelKey = $"{Guid.NewGuid():N}", ConnectedAt = now,
            };
            var wilaya = new CourierPlace { Id = Id<CourierPlace>.New(now), AccountId = account.Id, Kind = CourierPlaceKind.Wilaya, Ref = "w16", WilayaRef = "w16", Name = "Alger", WilayaCode = 16 };
            scope.Db.AddRange(account, wilaya, new CourierFee { Id = Id<CourierFee>.New(now), AccountId = account.Id, WilayaRef = "w16", Home = new(450), Return = new(ReturnFee) });
            // Terms without a part of the amount: the courier's own are tested by themselves.
            scope.Db.Add(new CourierTerms { Id = Id<CourierTerms>.New(now), AccountId = account.Id, DaysToPay = 7, CodBasisPoints = 0 });
            made.Add(account.Id);
            places[account.Id] = wilaya.Id;
        }
        await scope.Db.SaveChangesAsync();
        return new() { App = app, Shop = shop, Accounts = made, Places = places };
    }

    internal WorkspaceScope Open() => App.In(Shop.Id);

    internal string Link(string path) => $"/w/{Shop.Slug}/{path}";

    /// <summary>A parcel that is with the courier, not stored yet.</summary>
    internal Parcel Parcel(CourierAccountId account, int toCollect = 4500, int? fee = 450, ParcelState state = ParcelState.InTransit)
    {
        var now = Clock.GetUtcNow();
        var n = ++_parcels;
        return new Parcel
        {
            Id = ParcelId.New(now), OrderId = OrderId.New(now), AccountId = account, Courier = "any", Reference = $"REF-{n:000000}", Sequence = 1, PublicKey = $"{Guid.NewGuid():N}", CreatedAt = now,
            Tracking = $"TRK{n:000000}", ToCollect = new(toCollect), DeliveryFee = new(500), CourierFee = fee is { } known ? new Dinars(known) : null, State = state, StateAt = now, WilayaPlaceId = Places[account], WilayaCode = 16,
        };
    }

    internal async Task<Parcel> StoredAsync(int toCollect = 4500, int? fee = 450, ParcelState state = ParcelState.InTransit, CourierAccountId? account = null)
    {
        var parcel = Parcel(account ?? Account, toCollect, fee, state);
        await using var scope = Open();
        scope.Db.Add(parcel);
        await scope.Db.SaveChangesAsync();
        return parcel;
    }

    /// <summary>The courier says something of the parcel, as a webhook does.</summary>
    internal async Task HearAsync(Parcel parcel, params CourierEvent[] words)
    {
        await using var scope = Open();
        await scope.Db.InTransactionAsync(async () =>
        {
            var row = await scope.Db.LockedParcelAsync(parcel.Id, default);
            await scope.Get<Moving>().HearAsync(row!, new() { Tracking = row!.Tracking, Events = words }, default);
            await scope.Db.SaveChangesAsync();
        }, default);
    }

    internal CourierEvent Word(Movement movement, CashState? money = null, string? slip = null, string? reason = null) =>
        new(Clock.GetUtcNow(), movement, $"{movement} {money}", reason) { Money = money is { } step ? new CourierMoney(step, slip) : null };

    /// <summary>A stored parcel the courier delivered.</summary>
    internal async Task<Parcel> DeliveredAsync(int toCollect = 4500, int? fee = 450, CourierAccountId? account = null)
    {
        var parcel = await StoredAsync(toCollect, fee, account: account);
        await HearAsync(parcel, Word(Movement.Delivered));
        return parcel;
    }

    internal async Task<CashState> StateAsync(Parcel parcel)
    {
        await using var scope = Open();
        return await scope.Db.Parcels.AsNoTracking().Where(p => p.Id == parcel.Id).Select(p => p.CashState).SingleAsync();
    }

    internal async Task<List<CashMove>> MovesAsync(Parcel parcel)
    {
        await using var scope = Open();
        return await scope.Db.CashMoves.AsNoTracking().Where(m => m.ParcelId == parcel.Id).OrderBy(m => m.Id).ToListAsync();
    }

    /// <summary>Uploads a file as a member does; the page it leads to, or the refusal's page.</summary>
    internal async Task<(HttpStatusCode Code, string Address, string Page)> UploadAsync(Visitor member, CourierAccountId account, string name, byte[] bytes)
    {
        var answer = await member.PostFileAsync(Link($"cash/slips/new?account={account}"), "file", name, bytes);
        return answer.StatusCode == HttpStatusCode.Found
            ? (answer.StatusCode, answer.Headers.Location!.ToString(), await member.ReadAsync(answer.Headers.Location!.ToString()))
            : (answer.StatusCode, "", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Sends the preview's form; null for <paramref name="received"/>: ticks "exactly this".</summary>
    internal static async Task<HttpResponseMessage> ApplyAsync(Visitor member, string preview, string? received = null, string? number = null)
    {
        var page = await member.ReadAsync(preview);
        var seen = System.Text.RegularExpressions.Regex.Match(page, "name=\"seen\" value=\"([0-9a-f]+)\"").Groups[1].Value;
        return await member.SubmitAsync(preview, new() { ["seen"] = seen, ["received"] = received ?? "", ["same"] = received is null ? "true" : "", ["number"] = number ?? "" });
    }

    /// <summary>Uploads and applies; the slip with its lines.</summary>
    internal async Task<PaymentSlip> CountedAsync(Visitor member, CourierAccountId account, string name, byte[] bytes, string? received = null, string? number = null)
    {
        var (code, preview, page) = await UploadAsync(member, account, name, bytes);
        Assert.True(code == HttpStatusCode.Found, page);
        var applied = await ApplyAsync(member, preview, received, number);
        Assert.True(applied.StatusCode == HttpStatusCode.Found, WebUtility.HtmlDecode(await applied.Content.ReadAsStringAsync()));
        return await SlipAsync(applied.Headers.Location!.ToString());
    }

    internal async Task<PaymentSlip> SlipAsync(string address)
    {
        Assert.True(Id<PaymentSlip>.TryParse(address.Split('/')[^1], null, out var id));
        await using var scope = Open();
        return await scope.Db.PaymentSlips.AsNoTracking().Include(s => s.Lines.OrderBy(l => l.Line)).SingleAsync(s => s.Id == id);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
