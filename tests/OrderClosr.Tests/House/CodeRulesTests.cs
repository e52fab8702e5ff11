using OrderClosr.Ground.Values;

namespace OrderClosr.Tests.House;

/// <summary>Promises that are read off the code. A failure names the rule and its reason.</summary>
public sealed class CodeRulesTests
{
    [Fact]
    public void Time_comes_from_the_TimeProvider() => Sources.None(
        [
            .. Sources.Find(@"DateTime(Offset)?\.(Utc)?Now\b|DateTime\.Today\b|Thread\.Sleep|new PeriodicTimer\(\s*[^,)]+\)|Environment\.TickCount"),
            .. Sources.Find(@"TimeProvider\.System\b", path => path == "Ground/GroundSetup.cs"),
            // Every wait and every limit is told which clock it goes by.
            .. Sources.Find(@"Task\.Delay\((?![^;]*\b_?[tT]ime\b)[^;]*;"),
            .. Sources.Find(@"new CancellationTokenSource\((?!\s*\))(?![^;]*\b_?[tT]ime\b)[^;]*;"),
        ],
        "time comes from TimeProvider, today from AlgiersTime", "a test must be able to move the clock, and the server's own day is not the shop's");

    [Fact]
    public void Money_is_added_up_only_where_the_house_says()
    {
        var files = (string[])["Orders/Totals.cs", "Shipping/FeeTable.cs", "Cash/Matching.cs", "Billing/Prices.cs", "Dashboard/Earned.cs", "Agent/Guards/MoneyGuard.cs", "Ground/Values/Dinars.cs"];
        var permitted = string.Concat(Sources.App.Where(f => files.Contains(f.Path)).Select(f => f.Text));
        var operators = Code.Uses.Where(u => u.Type == typeof(Dinars) && u.Member is "op_Addition" or "op_Subtraction" or "op_Multiply"
                && !System.Text.RegularExpressions.Regex.IsMatch(permitted, $@"\b(class|record|struct) {u.Owner.Name.Split('`')[0]}\b"))
            .Select(u => $"{u.Owner.FullName}: {u.Member}");
        var amounts = Sources.Find(@"\.Amount\)?\s*(\*|/|\+(?!\+)|-(?!-)|\+=|-=)(?!>)\s*|(?<![=<>""/*+-])[*/+-]=?\s*\(?[\w.!?]+\.Amount\b|\bSum(Async)?\([^;)]*\.Amount\b", path => files.Contains(path));
        Sources.None([.. operators, .. amounts], "money is Dinars, added up in Orders/Totals.cs, looked up in Shipping/FeeTable.cs, compared in Cash/Matching.cs, priced in Billing/Prices.cs, told as earned in Dashboard/Earned.cs, read in MoneyGuard.cs",
            "a total must have one author, or two pages will name two prices");
    }

    [Fact]
    public void The_filter_is_lifted_only_in_the_ground_and_by_verbs_and_with_a_reason()
    {
        static bool MayLift(string path) => Sources.In(path, "Ground/", "Verbs/");
        Sources.None(
            [
                .. Sources.Find(@"IgnoreQueryFilters|OpenEverywhere|EnterEverywhere|\.Everywhere<|IsEverywhere|FromSql\w*\(|SqlQuery\w*\(|ExecuteSql\w*\(", MayLift),
                .. Sources.Find(@"IgnoreQueryFilters\(\)"),
                .. Sources.Find(@"(?<!WorkspaceScope )OpenEverywhere\((?!"")[^)]*\)"),
            ],
            "lifting the workspace's filter needs a reason and stands only in Ground and Verbs", "one forgotten filter shows a shop's customers to another shop");
    }

    [Fact]
    public void No_call_leaves_except_through_the_gate() => Sources.None(
        [
            .. Sources.Find(@"new (HttpClient|SocketsHttpHandler|HttpClientHandler|TcpClient|UdpClient|ClientWebSocket|Socket)\b|IHttpClientFactory|AddHttpClient\b|WebRequest\.Create", path => Sources.In(path, "Ground/Outbound/")),
            // The mail library may speak on a connection of the gate, never make one.
            .. Sources.Find(@"\bSmtpClient\b", path => Sources.In(path, "Vendors/Smtp/")),
            .. Sources.Find(@"\.Connect(Async)?\((?!stream\b|""smtp"")", path => !Sources.In(path, "Vendors/Smtp/")),
        ],
        "HTTP clients are made only in Ground/Outbound", "the allow-list holds only when nobody goes around it (promise P9)");

    [Fact]
    public void What_refreshes_itself_is_morphed_in_place() => Sources.None(
        Sources.Find(@"\blive-(?:(?!<[A-Za-z]).)*?hx-swap=""outerHTML|hx-swap=""outerHTML(?:(?!<[A-Za-z]).)*?\blive-", options: System.Text.RegularExpressions.RegexOptions.Singleline),
        "what listens for a live event is swapped by outerMorph", "a replaced element forgets the event that came while its answer was on the way, and the page stays old");

    [Fact]
    public void An_orders_state_is_set_only_by_its_table()
    {
        var wrong = Code.Uses.Where(u => u.Type == typeof(OrderClosr.Orders.Order) && u.Member == "set_State" && u.Owner.FullName != "OrderClosr.Orders.OrderTransitions").Select(u => u.Owner.FullName!);
        Sources.None([.. wrong], "a state changes only through its transition table", "every move keeps who, when and why, and a forbidden move cannot happen by another door");
    }

    [Fact]
    public void A_parcels_state_is_set_only_by_its_table()
    {
        var wrong = Code.Uses.Where(u => u.Type == typeof(OrderClosr.Parcels.Parcel) && u.Member == "set_State" && u.Owner.FullName != "OrderClosr.Parcels.ParcelTransitions").Select(u => u.Owner.FullName!);
        Sources.None([.. wrong], "a state changes only through its transition table", "a late word of a courier must not reopen a finished parcel by another door");
    }

    [Fact]
    public void A_plans_an_invoices_and_a_payments_state_is_set_only_by_their_tables()
    {
        Type[] kept = [typeof(OrderClosr.Billing.Subscription), typeof(OrderClosr.Billing.Invoice), typeof(OrderClosr.Billing.Payment)];
        // The row that begins says how it begins.
        var beginnings = (string[])["OrderClosr.Billing.Subscriptions", "OrderClosr.Billing.Paying"];
        var wrong = Code.Uses.Where(u => kept.Contains(u.Type) && u.Member == "set_State" && u.Owner.FullName != "OrderClosr.Billing.BillingTransitions" && !beginnings.Contains(u.Owner.FullName)).Select(u => u.Owner.FullName!);
        Sources.None([.. wrong, .. Sources.Find(@"\b(subscription|invoice|payment)\.State\s*=(?!=)", path => path == "Billing/BillingTransitions.cs")], "a state changes only through its transition table", "money that nobody paid must not open a plan by another door");
    }

    [Fact]
    public void Nothing_changes_or_deletes_a_line_of_the_audit_log()
    {
        // Saving refuses it (OrderClosrDb); what goes past saving is looked for here. The one exception is Ground/Tenancy/Purging.cs, which deletes
        // a whole workspace by statements put together from the model: nobody else may put one together.
        var madeUp = Sources.Find(@"delete\s+from\s+\{", path => path == "Ground/Tenancy/Purging.cs", System.Text.RegularExpressions.RegexOptions.IgnoreCase);
        var past = Sources.Find(@"(AuditEntries|AccountEntries|AuditEntry>\(\)|AccountEntry>\(\))[^;]*\.Execute(Update|Delete)|(update|delete\s+from)\s+(audit|account)_entries", options: System.Text.RegularExpressions.RegexOptions.IgnoreCase);
        var settable = typeof(OrderClosr.Ground.Data.IAppendOnly).Assembly.GetTypes().Where(t => t.IsClass && typeof(OrderClosr.Ground.Data.IAppendOnly).IsAssignableFrom(t)).SelectMany(t => t.GetProperties())
            .Where(p => p.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))).Select(p => $"{p.DeclaringType!.Name}.{p.Name}");
        Sources.None([.. past, .. madeUp, .. settable], "a line of a log is added and never touched again", "a log that can be mended proves nothing");
    }

    [Fact]
    public void Comments_are_not_code_to_these_tests() =>
        Assert.Equal("a  b \"// kept\" c\n", Sources.WithoutComments("a /* no */ b \"// kept\" c// gone\n").Replace("a  b", "a  b", StringComparison.Ordinal));
}
