using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Google;

/// <summary>Opens <c>/google</c>: the token endpoint, Sheets version 4, pages to look at a sheet, and the merchant's own hand.</summary>
internal static class GoogleSetup
{
    private static readonly string[] Knobs =
        ["invalid-grant", "key-deleted", "clock-skew", "token-redirect", "self-signed-jwt", "not-shared", "api-disabled", "work-then-503", "quota", "merchant", "append-astray"];

    public static IServiceCollection AddGoogle(this IServiceCollection services) => services.AddSingleton<GoogleAccounts>().AddSingleton<GoogleWorld>().AddSingleton<GoogleApi>();

    public static void MapGoogle(this IEndpointRouteBuilder app)
    {
        var (world, api) = (app.ServiceProvider.GetRequiredService<GoogleWorld>(), app.ServiceProvider.GetRequiredService<GoogleApi>());
        var google = app.MapVendor("google", vendor =>
        {
            vendor.Knobs = Knobs;
            vendor.Forget = world.Reset;
            vendor.RetryAfter = null;
            vendor.ErrorBody = (fault, status) => fault.Path == "/token" ? "{\"error\":\"internal_failure\"}" : GoogleRefusal.Body(status, GoogleRefusal.StatusOf(status), "Internal error encountered.", "backendError");
        });
        google.MapPost("/token", (HttpContext http, GoogleWorld _) => world.Accounts.TokenAsync(http));
        google.Map("/v4/spreadsheets/{**path}", (HttpContext http, string path) => api.AnswerAsync(http, path));

        google.MapGet("/_accounts", () => new { items = world.Accounts.All.Select(a => Shown(a)) });
        google.MapPost("/_accounts", (AccountRequest wish) => wish.Email is { } email && world.Accounts.Make(email) is { } made ? Results.Text(made.KeyFile().ToJsonString(), "application/json", statusCode: 201) : Results.Json(new { error = "email is a new one that ends in .iam.gserviceaccount.com" }, statusCode: 422));
        google.MapGet("/_accounts/{email}/key", (string email) => world.Accounts.Find(email) is { } account ? Results.Text(account.KeyFile().ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), "application/json") : Results.NotFound());
        google.MapPost("/_accounts/{email}", (string email, AccountChange change) =>
        {
            if (world.Accounts.Find(email) is not { } account) return Results.NotFound();
            account.IsDeleted = change.Deleted ?? account.IsDeleted;
            account.IsKeyDeleted = change.KeyDeleted ?? account.IsKeyDeleted;
            account.IsApiDisabled = change.ApiDisabled ?? account.IsApiDisabled;
            return Results.Json(Shown(account));
        });
        google.MapGet("/_limits", () => new { items = world.Rates.Shown() });

        google.MapGet("/_sheets", () => { lock (world.Gate) return Results.Json(new { items = world.All.Select(s => new { id = s.Id, title = s.Title, url = $"/google/spreadsheets/d/{s.Id}/edit", shared_with = s.SharedWith.Keys.ToList() }).ToList() }); });
        google.MapPost("/_sheets", (SheetRequest wish) =>
        {
            lock (world.Gate)
            {
                var sheet = world.Make(wish.Title ?? "Commandes", null, wish.Tab ?? "Feuille 1");
                if (wish.SharedWith is { } email) sheet.SharedWith[email] = wish.Role ?? "writer";
                return Results.Json(new { id = sheet.Id, url = $"/google/spreadsheets/d/{sheet.Id}/edit" }, statusCode: 201);
            }
        });
        google.MapGet("/_sheets/{id}", (HttpContext http, string id) =>
        {
            lock (world.Gate)
                return world.Find(id) is not { } sheet ? Results.NotFound() : http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) ? Page(sheet) : Results.Json(Shown(sheet));
        });
        google.MapPut("/_sheets/{id}", (string id, JsonObject body) => Put(world, id, body));
        google.MapPost("/_sheets/{id}/share", (string id, ShareRequest share) =>
        {
            lock (world.Gate)
            {
                if (world.Find(id) is not { } sheet || share.Email is null) return Results.NotFound();
                if (share.Role == "none") sheet.SharedWith.Remove(share.Email);
                else sheet.SharedWith[share.Email] = share.Role ?? "writer";
                return Results.NoContent();
            }
        });
        google.MapPost("/_sheets/{id}/act", (string id, GoogleAct act) =>
        {
            lock (world.Gate) return world.Find(id) is not { } sheet ? Results.NotFound() : GoogleMerchant.Act(sheet, act) is { } why ? Results.Json(new { error = why }, statusCode: 422) : Results.NoContent();
        });
        google.MapGet("/", () => { lock (world.Gate) return List(world); });
        // What a merchant's browser has in its address bar.
        google.MapGet("/spreadsheets/d/{id}/{**rest}", (string id) => { lock (world.Gate) return world.Find(id) is { } sheet ? Page(sheet) : Results.NotFound(); });
    }

    private static IResult Put(GoogleWorld world, string id, JsonObject body)
    {
        if (body["tabs"] is not JsonObject tabs || tabs.Count == 0) return Results.Json(new { error = "tabs are needed" }, statusCode: 422);
        lock (world.Gate)
        {
            if (world.Find(id) is not { } sheet) return Results.NotFound();
            sheet.Atomically(all =>
            {
                all.RemoveAll(t => !tabs.ContainsKey(t.Title));
                foreach (var (title, rows) in tabs)
                {
                    var tab = all.Find(t => t.Title == title) ?? sheet.Add(title, null, all);
                    tab.Rows.Clear();
                    foreach (var row in rows as JsonArray ?? [])
                        tab.Rows.Add([.. (row as JsonArray ?? []).Select(c => c switch { null => default, JsonValue v when v.TryGetValue<string>(out var s) => s.Length == 0 ? default : new GoogleCell(s), JsonValue v when v.TryGetValue<bool>(out var b) => new GoogleCell(b), _ => new GoogleCell(c.GetValue<double>()) })]);
                    (tab.RowCount, tab.ColumnCount) = (Math.Max(tab.RowCount, tab.Rows.Count), Math.Max(tab.ColumnCount, tab.UsedColumns));
                }
                return 0;
            });
            return Results.Json(Shown(sheet));
        }
    }

    private static object Shown(GoogleAccount account) => new { client_email = account.Email, deleted = account.IsDeleted, key_deleted = account.IsKeyDeleted, api_disabled = account.IsApiDisabled, key = $"/google/_accounts/{account.Email}/key" };

    private static object Shown(GoogleSheet sheet) => new
    {
        id = sheet.Id, title = sheet.Title, shared_with = sheet.SharedWith,
        tabs = sheet.Tabs.ToDictionary(t => t.Title, t => t.Rows.Take(t.Used).Select(r => r.Take(r.FindLastIndex(c => !c.IsEmpty) + 1).Select(c => c.Shown).ToList()).ToList()),
        // A formula and a text that looks like one are told apart here alone.
        formulas = sheet.Tabs.SelectMany(t => t.Rows.SelectMany((r, i) => r.Select((c, k) => (Cell: c, Row: i, Column: k)).Where(x => x.Cell.Formula is not null).Select(x => new { tab = t.Title, cell = $"{GoogleA1.Letters(x.Column)}{x.Row + 1}", formula = x.Cell.Formula }))).ToList(),
    };

    private static IResult List(GoogleWorld world)
    {
        var html = new StringBuilder(Head("Google Sheets"));
        html.Append("<h1>Google Sheets</h1><h2>Feuilles</h2><ul>");
        foreach (var sheet in world.All) html.Append($"<li><a href=\"/google/spreadsheets/d/{sheet.Id}/edit\">{Text(sheet.Title)}</a> <small>{string.Join(", ", sheet.SharedWith.Select(s => Text($"{s.Key} ({s.Value})")))}</small></li>");
        html.Append("</ul><h2>Comptes de service</h2><ul>");
        foreach (var account in world.Accounts.All) html.Append($"<li>{Text(account.Email)} <a href=\"/google/_accounts/{account.Email}/key\">clé JSON</a></li>");
        return Results.Text(html.Append("</ul></body></html>").ToString(), "text/html; charset=utf-8");
    }

    private static IResult Page(GoogleSheet sheet)
    {
        var html = new StringBuilder(Head(sheet.Title));
        html.Append($"<p><a href=\"/google\">Google Sheets</a></p><h1>{Text(sheet.Title)}</h1>");
        foreach (var tab in sheet.Tabs)
        {
            html.Append($"<h2>{Text(tab.Title)}</h2><div><table><tr><th></th>");
            var (height, width) = (tab.Used, tab.UsedColumns);
            for (var c = 0; c < width; c++) html.Append($"<th>{GoogleA1.Letters(c)}</th>");
            html.Append("</tr>");
            for (var r = 0; r < height; r++)
            {
                html.Append($"<tr><th>{r + 1}</th>");
                for (var c = 0; c < width; c++) html.Append($"<td dir=\"auto\"{(tab[r, c].Value is double ? " class=\"n\"" : tab[r, c].Formula is not null ? " class=\"f\"" : "")}>{Text(tab[r, c].Shown)}</td>");
                html.Append("</tr>");
            }
            html.Append("</table></div>");
        }
        return Results.Text(html.Append("</body></html>").ToString(), "text/html; charset=utf-8");
    }

    private static string Head(string title) =>
        $"<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(title)}</title><style>body{{font:15px system-ui;margin:1.5rem;color:#222}}div{{overflow-x:auto}}table{{border-collapse:collapse}}td,th{{border:1px solid #d5d5d5;padding:.25rem .5rem;white-space:nowrap;max-width:22rem;overflow:hidden;text-overflow:ellipsis}}th{{background:#f3f3f3;font-weight:500;color:#666}}tr:nth-child(2) td{{font-weight:600}}.n{{text-align:right}}.f{{color:#a00}}</style></head><body>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private sealed record AccountRequest(string? Email);

    private sealed record AccountChange(bool? Deleted, bool? KeyDeleted, bool? ApiDisabled);

    private sealed record SheetRequest(string? Title, string? Tab, string? SharedWith, string? Role);

    private sealed record ShareRequest(string? Email, string? Role);
}
