using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>Makes parcels: the customer, the post, the tracking (facts/couriers/zr-express.md section A3). ZR refuses a reference it has.</summary>
internal sealed class ZrBooking(ZrClient client, ZrLists lists, ZrTracking tracking)
{
    /// <summary>Two calls each for the customers, then one for all.</summary>
    internal const int AtOnce = 4;

    /// <summary>Whether a parcel to a home names a hub, too (section D row 2).</summary>
    internal static readonly CourierVariant HomeHub = new("home_hub", "none", "own");

    internal async Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop)
    {
        var answers = new BookingAnswer[parcels.Count];
        var bodies = new List<(int Index, Dictionary<string, object?> Body)>();
        // Everything until the post may be lost and repeated without harm.
        var own = access.Variant(HomeHub) == "own" && parcels.Any(p => p.Delivery == Delivery.Home) ? await lists.OwnHubAsync(access, stop) : null;
        foreach (var (i, p) in parcels.Index())
        {
            if (p.Delivery == Delivery.Desk && p.Desk is null)
            {
                answers[i] = BookingAnswer.Refused(BookingCodes.Desk, "The order names no pickup point.", "desk");
                continue;
            }
            var (customer, no) = await CustomerAsync(access, p, stop);
            if (no is not null) answers[i] = new(BookingEnd.Refused, No: no);
            else bodies.Add((i, ZrWire.Create(p, customer!, p.Delivery == Delivery.Desk ? p.Desk!.Ref : own)));
        }
        if (bodies.Count == 1) answers[bodies[0].Index] = await PostAsync(access, parcels[bodies[0].Index], bodies[0].Body, stop);
        else if (bodies.Count > 1) await PostManyAsync(access, parcels, bodies, answers, stop);
        return answers;
    }

    private async Task<BookingAnswer> PostAsync(CourierAccess access, ParcelToBook p, Dictionary<string, object?> body, CancellationToken stop)
    {
        var reply = await client.PostAsync(access, "parcels", body, stop);
        if (reply.IsSuccess) return reply.Body.AnyText("id") is { } id ? BookingAnswer.Registered(await MadeAsync(access, p, id, stop)) : BookingAnswer.Unclear;
        var title = ZrWire.Title(reply) ?? "";
        if (title == ZrWire.Duplicate) return await ExistingAsync(access, p, stop);
        return IsCustomerGone(title) ? throw CustomerGone() : new(BookingEnd.Refused, No: ZrWire.No(reply, p));
    }

    /// <summary>From here on the parcel exists: whatever goes wrong, its id must not be lost. The number is asked for later.</summary>
    private async Task<CourierParcel> MadeAsync(CourierAccess access, ParcelToBook p, string id, CancellationToken stop)
    {
        var bare = new CourierParcel { Reference = p.Reference, TheirId = id };
        try
        {
            return await tracking.RowAsync(access, new(p.Reference, null, id, default), stop) is { } row && ZrTracking.Of(row, []) is { } told ? told with { Reference = p.Reference, TheirId = id } : bare;
        }
        catch (Exception e) when (e is VendorFailure or OperationCanceledException)
        {
            return bare;
        }
    }

    /// <summary>ZR has our reference: it is our parcel of an earlier try.</summary>
    private async Task<BookingAnswer> ExistingAsync(CourierAccess access, ParcelToBook p, CancellationToken stop)
    {
        try
        {
            return await tracking.FindAsync(access, p.Reference, stop) is { } there ? BookingAnswer.Registered(there) : BookingAnswer.Exists;
        }
        catch (VendorFailure failure) when (failure.Category is FailureCategory.Transient or FailureCategory.RateLimited)
        {
            return BookingAnswer.Exists;
        }
    }

    /// <summary>207: each parcel has its own end, matched by its place and its reference; several noes may share one place.</summary>
    private async Task PostManyAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, List<(int Index, Dictionary<string, object?> Body)> bodies, BookingAnswer[] answers, CancellationToken stop)
    {
        var reply = await client.PostAsync(access, "parcels/bulk", new Dictionary<string, object> { ["parcels"] = bodies.Select(b => b.Body).ToList() }, stop);
        if (!reply.IsSuccess)
        {
            foreach (var (i, _) in bodies) answers[i] = new(BookingEnd.Refused, No: ZrWire.No(reply, parcels[i]));
            return;
        }
        var (good, bad) = (reply.Body.At("successes").Items.ToList(), reply.Body.At("failures").Items.ToList());
        foreach (var (at, (i, _)) in bodies.Index())
        {
            var p = parcels[i];
            var made = good.FirstOrDefault(IsIts);
            var noes = bad.Where(IsIts).Select(f => (Field: f.AnyText("errorCode") ?? "", Words: f.AnyText("errorMessage") ?? "")).ToList();
            answers[i] = (made.AnyText("parcelId") ?? made.AnyText("id")) is { } id ? BookingAnswer.Registered(new() { Reference = p.Reference, TheirId = id, Tracking = made.AnyText("trackingNumber") })
                : noes.Any(n => n.Field == ZrWire.Duplicate) ? await ExistingAsync(access, p, stop)
                : noes.Any(n => IsCustomerGone(n.Field)) || noes.Count == 0 ? BookingAnswer.Unclear
                : new(BookingEnd.Refused, No: ZrWire.No(noes, p));

            bool IsIts(JsonElement row) => row.AnyText("externalId") is { } reference ? reference == p.Reference : row.Whole("index") == at;
        }
    }

    /// <summary>The customer of this phone and name at ZR, made when there is none. Made twice it is only two customers.</summary>
    internal async Task<(string? Id, Refusal? No)> CustomerAsync(CourierAccess access, ParcelToBook p, CancellationToken stop)
    {
        var search = await client.AskAsync(access, "customers/search", new Dictionary<string, object> { ["keyword"] = p.Phone.E164, ["pageNumber"] = 1, ["pageSize"] = 100 }, stop);
        var known = ZrWire.Rows(search).Where(c => c.At("phone").Text("number1") == p.Phone.E164 && c.Text("id") is not null).ToList();
        var name = Folding.Compact(p.Name);
        if (known.Where(c => Folding.Compact(c.Text("name")) == name).Concat(known).Select(c => c.Text("id")).FirstOrDefault() is { } id) return (id, null);
        var made = await client.AskAsync(access, "customers/individual", new Dictionary<string, object> { ["name"] = CourierHttp.Plain(p.Name), ["phone"] = ZrWire.Phones(p.Phone, p.SecondPhone) }, stop);
        return !made.IsSuccess ? (null, ZrWire.No(made, p)) : (made.Body.Text("id") ?? throw made.Unclear(), null);
    }

    private static bool IsCustomerGone(string title) => title.StartsWith("CustomerErrors.", StringComparison.Ordinal);

    /// <summary>Deleted between our two calls: nothing was made, the next try makes him anew.</summary>
    private static VendorFailure CustomerGone() => new(FailureCategory.Transient, "ZR Express no longer knows the customer.", "no_answer");
}
