using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;
using OrderClosr.Vendors.Ecotrack;
using OrderClosr.Vendors.Maystro;
using OrderClosr.Vendors.Noest;
using OrderClosr.Vendors.Procolis;
using OrderClosr.Vendors.Yalidine;
using OrderClosr.Vendors.ZrExpress;

namespace OrderClosr.Tests.Vendors;

/// <summary>Answers that no sandbox gives: success without a number, a number without success, nothing at all.</summary>
public sealed class CourierAnswerTests
{
    private static readonly Dictionary<string, string> Credentials = new() { ["api_token"] = "t", ["token"] = "t", ["user_guid"] = "g", ["api_id"] = "1", ["key"] = "k", ["tenant_id"] = "i", ["api_key"] = "k" };

    /// <summary>All six, by the name each calls out under.</summary>
    private static readonly string[] Names = ["ecotrack", "maystro", "noest", "procolis", "yalidine", "zr-express"];

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, "[]")]
    [InlineData(200, """{"success":true}""")]
    [InlineData(201, """{"success":true,"tracking":""}""")]
    [InlineData(200, """{"success":true,"tracking":null,"id":null}""")]
    [InlineData(200, """{"tracking":"EC1"}""")]
    [InlineData(200, """{"success":"0","tracking":"EC1"}""")]
    [InlineData(200, """{"success":false}""")]
    [InlineData(202, """{"display_id":7}""")]
    [InlineData(200, """{"1042-K7QX3M":{"success":true,"tracking":null}}""")]
    [InlineData(200, """{"1042-K7QX3M":{"success":false,"tracking":"yal-1","message":"address"}}""")]
    [InlineData(200, """{"1042-AAAAAA":{"success":true,"tracking":"yal-1"}}""")]
    [InlineData(200, """{"Colis":[]}""")]
    [InlineData(200, """{"Colis":[{"Tracking":"1042-AAAAAA","MessageRetour":"Good"}]}""")]
    [InlineData(200, """{"Colis":[{"Tracking":"1042-K7QX3M"}]}""")]
    [InlineData(200, "null")]
    public async Task Only_success_with_a_number_is_a_parcel_and_anything_less_may_be_one(int status, string body)
    {
        await using var courier = await AnsweringAsync(status, body);
        using var gate = new OutboundGate(Names.Select(v => OutboundRule.For(v, [courier.Url])), TimeProvider.System);
        foreach (var adapter in All(gate, courier.Url)) Assert.Equal((adapter.Name, BookingEnd.Unclear), (adapter.Name, await EndAsync(adapter)));
    }

    [Theory]
    [InlineData(400, """{"message":"Non : Amine Benali, 0500 00 00 12, ne répond pas au +213500000012","detail":"Non : Amine Benali, 0500 00 00 12, ne répond pas au +213500000012"}""")]
    [InlineData(422, """{"detail":"Non : AMINE BENALI, 0500 00 00 12, ne répond pas au +213500000012","message":"Non : AMINE BENALI, 0500 00 00 12, ne répond pas au +213500000012"}""")]
    public async Task A_refusal_never_repeats_who_it_was_about(int status, string body)
    {
        await using var courier = await AnsweringAsync(status, body);
        using var gate = new OutboundGate(Names.Select(v => OutboundRule.For(v, [courier.Url])), TimeProvider.System);
        foreach (var adapter in All(gate, courier.Url).Where(a => a.Name != "procolis")) // which says no with 200: below
        {
            var answer = (await adapter.BookAsync(Access(), [Parcel()], default)).Single();
            Assert.Equal((adapter.Name, BookingEnd.Refused, "Non : …, …, ne répond pas au …"), (adapter.Name, answer.End, answer.No!.Words));
        }
    }

    [Theory]
    [InlineData("procolis", """{"Colis":[{"Tracking":"1042-K7QX3M","MessageRetour":"Non : amine benali, 0500 00 00 12, ne répond pas au +213500000012"}]}""")]
    [InlineData("yalidine", """{"1042-K7QX3M":{"success":false,"tracking":null,"message":"Non : amine benali, 0500 00 00 12, ne répond pas au +213500000012"}}""")]
    public async Task Nor_does_a_refusal_that_comes_as_a_success(string name, string body)
    {
        await using var courier = await AnsweringAsync(200, body);
        using var gate = new OutboundGate(Names.Select(v => OutboundRule.For(v, [courier.Url])), TimeProvider.System);
        var answer = (await All(gate, courier.Url).Single(a => a.Name == name).BookAsync(Access(), [Parcel()], default)).Single();
        Assert.Equal((BookingEnd.Refused, "Non : …, …, ne répond pas au …"), (answer.End, answer.No!.Words));
    }

    [Theory]
    [InlineData(301, FailureCategory.Configuration)]
    [InlineData(302, FailureCategory.Configuration)]
    [InlineData(403, FailureCategory.Credentials)]
    [InlineData(405, FailureCategory.Configuration)]
    [InlineData(404, FailureCategory.Configuration)]
    [InlineData(408, FailureCategory.OutcomeUnknown)]
    [InlineData(429, FailureCategory.RateLimited)]
    [InlineData(504, FailureCategory.OutcomeUnknown)]
    public async Task A_status_of_http_means_the_same_for_all(int status, FailureCategory means)
    {
        await using var courier = await AnsweringAsync(status, """{"message":"x"}""");
        using var gate = new OutboundGate(Names.Select(v => OutboundRule.For(v, [courier.Url])), TimeProvider.System);
        foreach (var adapter in All(gate, courier.Url))
        {
            var failure = await Assert.ThrowsAsync<VendorFailure>(() => adapter.BookAsync(Access(), [Parcel()], default));
            Assert.Equal((adapter.Name, means), (adapter.Name, failure.Category));
            if (status == 429) Assert.Equal(TimeSpan.FromMinutes(1), failure.RetryAfter); // none was named
        }
    }

    [Fact]
    public async Task The_app_knows_all_six_and_the_operator_can_take_the_uncertain_one_away()
    {
        await using var app = Built();
        var couriers = app.Services.GetRequiredService<Couriers>();
        Assert.Equal(Names, couriers.All.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.True(couriers.Find("maystro")!.Profile.IsUncertain);
        Assert.Contains("*.ecotrack.dz", app.Services.GetRequiredService<OutboundGate>().Rules.Single(r => r.Vendor == "ecotrack").Hosts);
        await using var without = Built(("Couriers:Maystro:Enabled", "false"), ("Couriers:Noest:LabelHosts", "files.example.net"));
        Assert.Null(without.Services.GetRequiredService<Couriers>().Find("maystro"));
        Assert.Contains("files.example.net", without.Services.GetRequiredService<OutboundGate>().Rules.Single(r => r.Vendor == "noest").Hosts);

        // Built and never started: no database is opened.
        static WebApplication Built(params (string Name, string Value)[] more)
        {
            var settings = TestApp.SettingsFor("Data Source=never-opened.db", Path.GetTempPath(), "http://127.0.0.1:1", null);
            foreach (var (name, value) in more) settings[name] = value;
            return App.Build([], settings, builder => builder.Logging.ClearProviders());
        }
    }

    private static IEnumerable<ICourier> All(OutboundGate gate, Uri url) =>
    [
        new EcotrackCourier(new(gate, new(url)), NullLogger<EcotrackLists>.Instance), new MaystroCourier(new(gate, new(url, url))), new NoestCourier(new(gate, new(url))),
        new ProcolisCourier(new(gate, new(url)), new()), new YalidineCourier(new(gate, new(url)), new()), new ZrCourier(new(gate, new(url))),
    ];

    /// <summary>"Unclear" is an answer, or a failure whose outcome is unknown: the room treats both alike.</summary>
    private static async Task<BookingEnd> EndAsync(ICourier adapter)
    {
        try
        {
            return (await adapter.BookAsync(Access(), [Parcel()], default)).Single().End;
        }
        catch (VendorFailure failure) when (failure.Category == FailureCategory.OutcomeUnknown)
        {
            return BookingEnd.Unclear;
        }
    }

    private static CourierAccess Access() => new(CourierAccountId.New(DateTimeOffset.UnixEpoch), Credentials, new CourierPace([], TimeProvider.System))
    {
        OriginWilaya = 16, Origin = new(CourierPlaceKind.Wilaya, "16", "16", "Alger") { WilayaCode = 16 },
    };

    private static ParcelToBook Parcel() => new()
    {
        Reference = "1042-K7QX3M", Name = "Amine Benali", Phone = Phone.Stored("+213500000012"), Address = "Cité 120 logts", Delivery = Delivery.Home, Wilaya = new(CourierPlaceKind.Wilaya, "16", "16", "Alger"),
        Commune = new(CourierPlaceKind.Commune, "7001", "16", "Bab Ezzouar"), Goods = "Montre x1", Lines = [new("Montre", "", 1, new(4500))], ToCollect = new(4900), GoodsValue = new(4500), DeliveryFee = new(400),
    };

    private static async Task<Answering> AnsweringAsync(int status, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(http =>
        {
            // ZR asks for its customer before it books: that call is not what these tests are about.
            if (http.Request.Path.Value!.EndsWith("/customers/search", StringComparison.Ordinal))
                return http.Response.WriteAsJsonAsync(new { items = new[] { new { id = "c1", name = "Amine Benali", phone = new { number1 = "+213500000012" } } }, hasNext = false });
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            if (status is 301 or 302) http.Response.Headers.Location = "/elsewhere";
            return http.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return new(app, new(app.Urls.First() + "/api/"));
    }

    private sealed record Answering(WebApplication App, Uri Url) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
