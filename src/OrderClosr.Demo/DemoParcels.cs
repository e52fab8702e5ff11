using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrderClosr.Demo;

/// <summary>The parcels of Dar Lina's week: shipped through the API as a merchant's program would, carried by the people of the played couriers, so that the board, the rescues
/// and the money have something to show. Takes some minutes beside everything else: a courier whose lists are read slowly comes last.</summary>
internal static class DemoParcels
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromMinutes(5);

    /// <summary>The courier, its prefix in the sandbox, and what its people say in turn; nothing: it waits in the shop for the pick-up.</summary>
    private static readonly IReadOnlyList<(string Courier, string Vendor, string[] Words)> Plan =
    [
        ("yalidine", "yalidine", ["Expédié", "Sorti en livraison", "Livré"]), ("zr-express", "zr", ["dispatch", "sortie_en_livraison", "livre"]), ("yalidine", "yalidine", ["Expédié", "Sorti en livraison", "Livré"]),
        ("zr-express", "zr", ["dispatch", "sortie_en_livraison", "livre"]), ("yalidine", "yalidine", ["Expédié", "Sorti en livraison", "Tentative échouée"]), ("zr-express", "zr", ["dispatch", "sortie_en_livraison"]),
        ("yalidine", "yalidine", ["Expédié", "Sorti en livraison", "Echèc livraison", "Retour vers centre", "Retour vers vendeur"]), ("yalidine", "yalidine", ["Expédié", "Vers Wilaya"]), ("zr-express", "zr", ["dispatch", "vers_wilaya"]),
        ("ecotrack", "ecotrack", []), ("noest", "noest", []), ("zr-express", "zr", []), ("maystro", "maystro", []),
    ];

    internal static async Task ShipAsync(string app, string sandbox, string apiKey, CancellationToken stop)
    {
        try
        {
            using var api = new HttpClient { BaseAddress = new($"{app}/api/v1/") };
            api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
            using var couriers = new HttpClient { BaseAddress = new(sandbox) };
            var confirmed = (await api.GetFromJsonAsync<JsonNode>("orders?state=confirmed&limit=100", stop))!["items"]!.AsArray()
                // Those of the weeks before came to their end long ago.
                .Where(o => (int)o!["number"]! > 1000).Select(o => (string)o!["id"]!).Reverse().ToList();
            var shipped = new List<(string Id, string Vendor, string[] Words)>();
            foreach (var (order, (courier, vendor, words)) in confirmed.Zip(Plan))
            {
                using var answer = await api.PostAsJsonAsync($"orders/{order}/ship", new { courier }, stop);
                if (answer.IsSuccessStatusCode) shipped.Add(((string)(await answer.Content.ReadFromJsonAsync<JsonNode>(stop))!["id"]!, vendor, words));
            }
            // Each as soon as its courier has it; one that waits for a person, as some do in life, is left.
            for (var until = DateTime.UtcNow + Patience; shipped.Count > 0 && DateTime.UtcNow < until; await Task.Delay(Look, stop))
                foreach (var parcel in shipped.ToList())
                {
                    if ((string?)(await api.GetFromJsonAsync<JsonNode>($"parcels/{parcel.Id}", stop))!["tracking"] is not { } tracking) continue;
                    foreach (var to in parcel.Words) using (await couriers.PostAsJsonAsync($"{parcel.Vendor}/_parcels/{tracking}/move", new { to }, stop)) { }
                    shipped.Remove(parcel);
                }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            if (!stop.IsCancellationRequested) Console.WriteLine($"The demo's parcels were not all shipped: {error.Message}");
        }
    }
}
