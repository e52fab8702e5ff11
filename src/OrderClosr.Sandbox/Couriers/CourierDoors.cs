using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>Doors of a courier for people and tests: parcels, their moves, payouts, accounts, limits.</summary>
public static class CourierDoors
{
    /// <summary>Opens a courier under its prefix with all doors; map its own addresses on the group that comes back.</summary>
    public static RouteGroupBuilder MapCourier(this IEndpointRouteBuilder app, Courier courier, IEnumerable<string> knobs, Action<Vendor> shape)
    {
        var group = app.MapVendor(courier.Name, vendor =>
        {
            vendor.Knobs = [.. Courier.CommonKnobs.Concat(knobs).Distinct(StringComparer.Ordinal)];
            vendor.Forget = courier.Reset;
            shape(vendor);
        });
        group.MapGet("/_parcels", (string? account, string? reference) =>
        {
            lock (courier.Gate)
                return Results.Json(new { items = courier.Parcels.Where(p => (account is null || p.Account.Id == account) && (reference is null || p.Reference == reference)).Select(Shown).ToList() });
        });
        group.MapGet("/_parcels/{tracking}", (string tracking) =>
        {
            lock (courier.Gate) return courier.Find(tracking) is { } parcel ? Results.Json(new { parcel = Shown(parcel), history = parcel.History.ToList() }) : NotFound(courier, tracking);
        });
        group.MapPost("/_parcels/{tracking}/move", (string tracking, MoveRequest move) =>
        {
            lock (courier.Gate)
            {
                if (courier.Find(tracking) is not { } parcel) return NotFound(courier, tracking);
                return courier.Move(parcel, move) is { } why ? Results.Json(new { error = why, statuses = courier.Statuses }, statusCode: 422) : Results.Json(Shown(parcel));
            }
        });
        group.MapPost("/_payouts", (PayoutRequest payout) => PayOut(courier, payout));
        group.MapGet("/_payouts", () => { lock (courier.Gate) return Results.Json(new { items = courier.Slips.Select(s => Shown(courier, s)).ToList() }); });
        group.MapGet("/_payouts/{file}", (string file) => SlipFile(courier, file));
        group.MapGet("/_limits", () => new { items = courier.Rates.Shown() });
        group.MapGet("/_accounts", () => { lock (courier.Gate) return Results.Json(new { items = courier.Accounts.Select(Shown).ToList() }); });
        group.MapPost("/_accounts", (CourierAccountSeed seed) =>
        {
            if (string.IsNullOrEmpty(seed.Id) || string.IsNullOrEmpty(seed.Token)) return Results.Json(new { error = "id and token are needed" }, statusCode: 422);
            lock (courier.Gate)
                return courier.Accounts.Any(a => a.Id == seed.Id || a.Token == seed.Token)
                    ? Results.Json(new { error = "this id or token is taken" }, statusCode: 409)
                    : Results.Json(Shown(courier.Open(seed)), statusCode: 201);
        });
        group.MapPost("/_accounts/{id}", (string id, AccountChange change) =>
        {
            lock (courier.Gate)
            {
                if (courier.Accounts.FirstOrDefault(a => a.Id == id) is not { } account) return Results.Json(new { error = $"there is no account \"{id}\"" }, statusCode: 404);
                if (change.Webhook is { } address) account.Webhook = address.Length > 0 ? address : null;
                account.WebhookSecret = change.WebhookSecret ?? account.WebhookSecret;
                account.Token = change.Token ?? account.Token;
                account.IsRevoked = change.Revoked ?? account.IsRevoked;
                account.IsSuspended = change.Suspended ?? account.IsSuspended;
                return Results.Json(Shown(account));
            }
        });
        return group;
    }

    private static IResult PayOut(Courier courier, PayoutRequest payout)
    {
        lock (courier.Gate)
        {
            if (payout.Trackings.Count == 0) return Results.Json(new { error = "trackings are needed" }, statusCode: 422);
            var parcels = new List<PlayedParcel>();
            foreach (var tracking in payout.Trackings)
            {
                if (courier.Find(tracking) is not { } parcel) return NotFound(courier, tracking);
                if (parcel.Slip is not null) return Results.Json(new { error = $"{tracking} was paid with {parcel.Slip}" }, statusCode: 409);
                if (!courier.IsDelivered(parcel) && !courier.IsReturned(parcel)) return Results.Json(new { error = $"{tracking} is neither delivered nor returned: {parcel.Status}" }, statusCode: 409);
                parcels.Add(parcel);
            }
            if (parcels.Select(p => p.Account).Distinct().Count() > 1) return Results.Json(new { error = "a slip is for one account" }, statusCode: 422);
            if (parcels.Distinct().Count() != parcels.Count) return Results.Json(new { error = "a parcel is named twice" }, statusCode: 422);
            var lines = parcels.Select(p => Line(courier, p) is var line && payout.Amounts.TryGetValue(p.Tracking, out var amount) ? line with { Amount = amount } : line)
                .Concat(payout.Strangers.Select(s => new SlipLine(s.Tracking, s.Reference, "Inconnu", "0500000000", "Alger", "", courier.Now, s.Amount, 0)));
            return Results.Json(Shown(courier, courier.Pay(parcels[0].Account, lines)), statusCode: 201);
        }
    }

    private static SlipLine Line(Courier courier, PlayedParcel parcel) => new(parcel.Tracking, parcel.Reference, parcel.Client, parcel.Phone,
        Gazetteer.Wilaya(parcel.Wilaya)?.French ?? "", parcel.Status, courier.Now, courier.IsReturned(parcel) ? 0 : parcel.Amount, courier.FeeOf(parcel));

    private static IResult SlipFile(Courier courier, string file)
    {
        lock (courier.Gate)
        {
            var dot = file.LastIndexOf('.');
            if (courier.Slips.FirstOrDefault(s => dot > 0 && s.Id == file[..dot]) is not { } slip) return Results.Json(new { error = $"there is no slip \"{file}\"" }, statusCode: 404);
            return file[dot..] switch
            {
                ".csv" => Results.Bytes(slip.Csv(courier.SlipColumns), "text/csv; charset=utf-8", file),
                ".xlsx" => Results.Bytes(slip.Xlsx(courier.SlipColumns), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file),
                _ => Results.Json(new { error = "a slip is .csv or .xlsx" }, statusCode: 404),
            };
        }
    }

    private static IResult NotFound(Courier courier, string tracking) => Results.Json(new { error = $"{courier.Name} has no parcel \"{tracking}\"" }, statusCode: 404);

    private static object Shown(PlayedParcel p) => new
    {
        reference = p.Reference, tracking = p.Tracking, state = p.Status, amount = p.Amount, id = p.Id, account = p.Account.Id, released = p.IsReleased, client = p.Client, phone = p.Phone,
        wilaya = p.Wilaya, commune = p.Commune, to_desk = p.ToDesk, desk = p.Desk, slip = p.Slip,
    };

    private static object Shown(CourierAccount a) => new { id = a.Id, name = a.Name, wilaya = a.Wilaya, webhook = a.Webhook, revoked = a.IsRevoked, suspended = a.IsSuspended };

    private static object Shown(Courier courier, PaymentSlip s) => new
    {
        id = s.Id, account = s.Account, total = s.Total, csv = $"/{courier.Name}/_payouts/{s.Id}.csv", xlsx = $"/{courier.Name}/_payouts/{s.Id}.xlsx",
        items = s.Lines.Select(l => new { tracking = l.Tracking, reference = l.Reference, amount = l.Amount, fee = l.Fee, net = l.Net }),
    };

    private sealed record PayoutRequest
    {
        public IReadOnlyList<string> Trackings { get; init; } = [];

        // Planted mistakes: another amount than was collected, and parcels nobody knows.
        public IReadOnlyDictionary<string, int> Amounts { get; init; } = new Dictionary<string, int>();
        public IReadOnlyList<Stranger> Strangers { get; init; } = [];
    }

    private sealed record Stranger(string Tracking, int Amount, string? Reference);

    private sealed record AccountChange(string? Webhook, string? WebhookSecret, string? Token, bool? Revoked, bool? Suspended);
}
