using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Procolis;

/// <summary>The five calls Procolis has (facts: zr-express.md part B). Nothing but 200 is ever answered.</summary>
public sealed partial class ProcolisApi(ProcolisCourier courier) : IEndpointFilter
{
    private static readonly RateWindow[] Counted = [new("minute", TimeSpan.FromMinutes(1), int.MaxValue), new("hour", TimeSpan.FromHours(1), int.MaxValue)];

    /// <summary>Maps them.</summary>
    public void Map(RouteGroupBuilder group)
    {
        var api = group.MapGroup("").AddEndpointFilter(this);
        api.MapGet("/token", () => Answer(new JsonObject { ["Statut"] = "Accès activé" }));
        api.MapPost("/tarification", () => Answer(new JsonArray([.. Gazetteer.Wilayas(courier.Wilayas).Where(w => !courier.IsSwitchedOff(w.Code)).Select(w => new JsonObject
        {
            ["IDWilaya"] = Digits(w.Code), ["Wilaya"] = w.French, ["Domicile"] = Digits(Tariff.Home(w.Code)), ["Stopdesk"] = Digits(Tariff.Desk(w.Code)), ["Annuler"] = Digits(Tariff.Return(w.Code)),
        })])));
        Post("/add_colis", http => EachAsync(http, Add));
        Post("/pret", http => EachAsync(http, MakeReady));
        Post("/lire", ReadAsync);

        // Written here: of a method that takes the context alone the result would be dropped.
        void Post(string path, Func<HttpContext, Task<IResult>> answer) => api.MapPost(path, async http => await (await answer(http)).ExecuteAsync(http));
    }

    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        CourierAccount? account;
        lock (courier.Gate) account = courier.AccountOf(http.Request.Headers["token"]);
        if (account is null || account.Id != http.Request.Headers["key"] || courier.IsDead(account))
            return Answer(new JsonObject { ["Statut"] = "Accès refusé" }, int.TryParse(courier.Vendor.Faults.Value("bad-credentials"), CultureInfo.InvariantCulture, out var status) ? status : 200);
        courier.Rates.Count(account.Id, Counted);
        http.Items[typeof(ProcolisApi)] = account;
        return await next(context);
    }

    private static CourierAccount AccountOf(HttpContext http) => (CourierAccount)http.Items[typeof(ProcolisApi)]!;

    private async Task<IResult> EachAsync(HttpContext http, Func<CourierAccount, JsonObject, (string Tracking, string Words)> what)
    {
        if (await RowsAsync(http) is not { } rows) return Answer(new JsonObject { ["MessageRetour"] = "Colis manquant" });
        var account = AccountOf(http);
        lock (courier.Gate)
            return Answer(new JsonObject
            {
                ["Colis"] = new JsonArray([.. rows.Select(row =>
                {
                    var (tracking, words) = what(account, row);
                    return new JsonObject { ["Tracking"] = tracking, ["MessageRetour"] = words };
                })]),
            });
    }

    private async Task<IResult> ReadAsync(HttpContext http)
    {
        var rows = await RowsAsync(http);
        var account = AccountOf(http);
        lock (courier.Gate)
        {
            var found = (rows ?? []).Select(r => CourierJson.Words(r["Tracking"]) is { } tracking ? courier.Own(account, tracking) : null).OfType<PlayedParcel>().ToList();
            return found.Count == 0 ? Results.Text("null", "application/json") : Answer(new JsonObject { ["Colis"] = new JsonArray([.. found.Select(Row)]) });
        }
    }

    private (string Tracking, string Words) Add(CourierAccount account, JsonObject row)
    {
        var tracking = row.TextOf("Tracking");
        if (tracking is null) return ("", "Tracking manquant"); // "" asks for a number, an absent field is a mistake
        if (tracking.Length > 0 && courier.Own(account, tracking) is not null) return (tracking, "Double Tracking");
        if (Refuse(row) is { } why) return (tracking, why);
        if (tracking.Length == 0)
            do tracking = "ZR" + RandomNumberGenerator.GetString("0123456789", 10);
            while (courier.Own(account, tracking) is not null);
        var ready = IsOne(row["Confrimee"]);
        courier.Begin(new()
        {
            Account = account, Tracking = tracking, Id = $"{account.Id}/{tracking}", Reference = CourierJson.Words(row["id_Externe"] ?? row["ID_Externe"]), Client = row.TextOf("Client")!, Phone = row.TextOf("MobileA")!, Phone2 = row.TextOf("MobileB"),
            Address = row.TextOf("Adresse")!, Wilaya = int.Parse(row.TextOf("IDWilaya")!, CultureInfo.InvariantCulture), Commune = row.TextOf("Commune")!, ToDesk = IsOne(row["TypeLivraison"]), Kind = IsOne(row["TypeColis"]) ? 2 : 1,
            Amount = int.Parse(row.TextOf("Total")!, CultureInfo.InvariantCulture), Product = row.TextOf("TProduit") ?? row.TextOf("Produit")!, Note = row.TextOf("Note"), IsReleased = ready,
            Status = ready ? ProcolisSituations.Ready : ProcolisSituations.Draft, CreatedAt = courier.Now,
        });
        return (tracking, "Good");
    }

    // No list of communes is offered, so the name need only be one of the wilaya's, however its accents are written.
    private string? Refuse(JsonObject row)
    {
        foreach (var name in (ReadOnlySpan<string>)["TypeLivraison", "TypeColis"])
            if (CourierJson.Whole(row[name]) is not (0 or 1)) return $"{name} incorrect";
        if (row["Confrimee"] is null || !(IsOne(row["Confrimee"]) || row.TextOf("Confrimee") == "")) return "Confrimee incorrect";
        foreach (var name in (ReadOnlySpan<string>)["Client", "MobileA", "Adresse", "IDWilaya", "Commune", "Total"])
            if (string.IsNullOrWhiteSpace(row.TextOf(name))) return $"{name} manquant";
        if (string.IsNullOrWhiteSpace(row.TextOf("TProduit") ?? row.TextOf("Produit"))) return "TProduit manquant";
        foreach (var name in (ReadOnlySpan<string>)["MobileA", "MobileB"])
            if (row.TextOf(name) is { Length: > 0 } phone && !FieldErrors.IsPhone(phone)) return $"{name} incorrect";
        if (!TwoDigits().IsMatch(row.TextOf("IDWilaya")!) || int.Parse(row.TextOf("IDWilaya")!, CultureInfo.InvariantCulture) is not (>= 1 and var wilaya) || wilaya > courier.Wilayas || courier.IsSwitchedOff(wilaya)) return "IDWilaya incorrect";
        if (!int.TryParse(row.TextOf("Total"), NumberStyles.None, CultureInfo.InvariantCulture, out _)) return "Total incorrect";
        var known = Folded(row.TextOf("Commune")!);
        return Gazetteer.Communes.Any(c => (courier.Wilayas == 48 ? Of48(c) : c.WilayaIn(courier.Wilayas)) == wilaya && Folded(c.French) == known) ? null : "Commune incorrecte";
    }

    private (string Tracking, string Words) MakeReady(CourierAccount account, JsonObject row)
    {
        var tracking = CourierJson.Words(row["Tracking"]) ?? "";
        if (courier.Own(account, tracking) is not { } parcel) return (tracking, "Tracking introuvable");
        courier.Release(parcel);
        return (tracking, "Good");
    }

    private JsonObject Row(PlayedParcel p) => new()
    {
        ["Tracking"] = p.Tracking, ["Situation"] = courier.Shown(p), ["IDSituation"] = Digits(Math.Max(0, ProcolisSituations.All.ToList().IndexOf(p.Status)) + 1), ["DateA"] = ProcolisCourier.Written(p.CreatedAt),
        ["DateH_Action"] = ProcolisCourier.Written(p.History.Max(e => e.At)), ["Client"] = p.Client, ["MobileA"] = p.Phone, ["Adresse"] = p.Address, ["Commune"] = p.Commune, ["IDWilaya"] = Digits(p.Wilaya), ["Total"] = Digits(p.Amount),
        ["Commentaire"] = p.History[^1].Reason ?? "", ["Date_Livree"] = p.History.LastOrDefault(e => e.Status.StartsWith("Livrée", StringComparison.Ordinal) || e.Status == "Colis Livrée") is { } e ? ProcolisCourier.Written(e.At) : "", ["id_Externe"] = p.Reference ?? "",
    };

    private IResult Answer(JsonNode json, int status = 200) => Results.Text(OddTypes.Apply(json, courier.Vendor.Faults)!.ToJsonString(CourierJson.Relaxed), "application/json", statusCode: status);

    private static async Task<IReadOnlyList<JsonObject>?> RowsAsync(HttpContext http) =>
        (await CourierJson.BodyAsync(http.Request) as JsonObject)?["Colis"] is JsonArray { Count: > 0 } rows && rows.All(r => r is JsonObject) ? [.. rows.Select(r => r!.AsObject())] : null;

    private static bool IsOne(JsonNode? node) => node is JsonValue v && v.GetValueKind() is JsonValueKind.Number or JsonValueKind.String && CourierJson.Whole(node) == 1;

    private static string Digits(int number) => number.ToString("D2", CultureInfo.InvariantCulture);

    private static string Folded(string name) => string.Concat(Courier.Unaccented(name).Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // The districts of 2019 go back to the wilaya they were split from (facts: geography.md section 6).
    private static int Of48(PlayedCommune commune) => commune.Wilaya58 switch { 49 or 50 => 1, 51 => 7, 52 => 8, 53 or 54 => 11, 55 => 30, 56 => 33, 57 => 39, 58 => 47, var code => code };

    [GeneratedRegex("^[0-9]{2}$")]
    private static partial Regex TwoDigits();
}
