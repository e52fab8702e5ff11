using System.Text.Json;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

public sealed class ValuesTests
{
    [Fact]
    public void Today_begins_in_Algiers_one_hour_before_it_begins_in_UTC()
    {
        var time = new TestClock(new DateTimeOffset(2026, 11, 28, 22, 59, 59, TimeSpan.Zero));
        Assert.Equal(new DateOnly(2026, 11, 28), time.TodayInAlgiers());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new DateOnly(2026, 11, 29), time.TodayInAlgiers());
    }

    [Fact]
    public void A_day_starts_at_23_hours_UTC_of_the_day_before_in_summer_and_winter()
    {
        Assert.Equal(new DateTimeOffset(2026, 7, 9, 23, 0, 0, TimeSpan.Zero), AlgiersTime.StartOf(new(2026, 7, 10)));
        Assert.Equal(new DateTimeOffset(2026, 1, 9, 23, 0, 0, TimeSpan.Zero), AlgiersTime.StartOf(new(2026, 1, 10)));
        Assert.Equal(TimeSpan.Zero, AlgiersTime.StartOf(new(2026, 1, 10)).Offset);
    }

    [Theory, InlineData(0, "0 DA"), InlineData(950, "950 DA"), InlineData(4500, "4\u00a0500 DA"), InlineData(1234567, "1\u00a0234\u00a0567 DA"), InlineData(-300, "-300 DA")]
    public void Dinars_are_written_as_the_trade_writes_them(long amount, string text) => Assert.Equal(text, new Dinars(amount).ToString());

    [Theory, InlineData("3900"), InlineData("3 900"), InlineData("3\u202f900 DA"), InlineData("3.900"), InlineData("3,900"), InlineData("3900,00"), InlineData("3.900,00"), InlineData("٣٩٠٠ دج"), InlineData("٣٬٩٠٠")]
    public void An_amount_is_read_as_merchants_and_their_tables_write_it(string text) => Assert.Equal(new Dinars(3900), TypedAmount.Read(text, "price").Value);

    [Theory, InlineData("3900,50"), InlineData("4200,000"), InlineData("4200.000"), InlineData("1234 567"), InlineData("12,34"), InlineData("3,9000"), InlineData(",390"), InlineData("3900 euros"), InlineData("3e3"), InlineData("39 00 00")]
    public void What_could_be_two_amounts_is_none(string text) => Assert.Equal("amount_unreadable", TypedAmount.Read(text, "price").Refusal?.Code);

    [Theory, InlineData("-1", "amount_below_zero"), InlineData("50000001", "amount_too_large"), InlineData("999999999999999", "amount_too_large"), InlineData("9999999999999999", "amount_unreadable")]
    public void An_amount_out_of_reach_says_so(string text, string code) => Assert.Equal(code, TypedAmount.Read(text, "price").Refusal?.Code);

    [Fact]
    public void Dinars_that_leave_their_range_are_a_bug_and_never_wrap_round()
    {
        Assert.Throws<OverflowException>(() => new Dinars(long.MaxValue) + new Dinars(1));
        Assert.Throws<OverflowException>(() => new Dinars(long.MaxValue) * 2);
        Assert.Throws<OverflowException>(() => new Dinars(long.MinValue) - new Dinars(1));
    }

    [Fact]
    public void Dinars_and_ids_are_bare_values_in_JSON()
    {
        var id = WorkspaceId.New(DateTimeOffset.UnixEpoch.AddYears(50));
        Assert.Equal($"{{\"amount\":3500,\"id\":\"{id}\"}}", JsonSerializer.Serialize(new { amount = new Dinars(3500), id }));
        Assert.Equal(id, JsonSerializer.Deserialize<WorkspaceId>($"\"{id}\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<WorkspaceId>("\"no id\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Dinars>("12.5"));
    }

    [Fact]
    public void Ids_rise_in_the_order_they_were_made_also_within_a_millisecond_and_from_many_threads()
    {
        var now = new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 10_000).Select(_ => Id<Workspace>.New(now)).ToList();
        Assert.Equal(ids.Order(), ids);
        var many = ParallelEnumerable.Range(0, 10_000).Select(_ => Id<Workspace>.New(now)).ToHashSet();
        Assert.Equal(10_000, many.Count);
        Assert.All(ids.Take(10), id => Assert.Equal(7, id.Value.Version));
    }
}
