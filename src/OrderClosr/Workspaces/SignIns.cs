using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Live;

namespace OrderClosr.Workspaces;

/// <summary>Starts, checks and ends sign-ins. The row decides and says whose it is, the cookie only refers to it (facts/passwords-and-sessions.md section 4, 7.2 to 7.5).</summary>
/// <remarks>Not by the cookie handler's own session store: there a browser that signs in again while it is signed in keeps its old reference (docs/decisions/015).</remarks>
public sealed class SignIns(WorkspaceScopes scopes, LiveHub live, TimeProvider time)
{
    /// <summary>Name of the cookie's scheme.</summary>
    public const string Scheme = "account";

    /// <summary>Not used for so long: ended.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(14);

    /// <summary>Signs in anew after so long, however much it was used.</summary>
    public static readonly TimeSpan AtMost = TimeSpan.FromDays(60);

    private const string SignInClaim = "sign_in", KeyClaim = "key";
    private const int KeyBytes = 32;

    /// <summary>The sign-in a request came with; empty when none.</summary>
    public static Guid IdOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(SignInClaim), out var id) ? id : Guid.Empty;

    /// <summary>A new sign-in with a new row and a new reference; an older one of this browser ends. A browser the account never used is told to its person by mail.</summary>
    public async Task StartAsync(HttpContext http, Guid accountId)
    {
        await EndAsync(http);
        var now = time.GetUtcNow();
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var row = new SignIn { Id = Id<SignIn>.New(now), AccountId = accountId, KeyHash = Hash(key), Device = Devices.Of(http.Request.Headers.UserAgent), CreatedAt = now, SeenAt = now };
        var (browser, idle) = (KnownBrowsers.Recognise(http), now - Idle);
        await using var scope = scopes.OpenNone();
        var db = scope.Db;
        await db.InTransactionAsync(async () =>
        {
            // What nobody can use any more goes at the same time: the table stays small.
            await db.SignIns.Where(s => s.SeenAt <= idle).ExecuteDeleteAsync(http.RequestAborted);
            db.SignIns.Add(row);
            scope.Get<Audit>().OfAccount(accountId, AuditAction.SignedIn);
            if (await scope.Get<KnownBrowsers>().IsStrangeAsync(accountId, browser, http.RequestAborted))
                await db.LaterOfNobodyAsync(new SendAccountLetter(row.Id.Value, accountId, AccountLetter.Device, null, now, row.Device), now, http.RequestAborted);
            await db.SaveChangesAsync(http.RequestAborted);
        }, http.RequestAborted);
        await http.SignInAsync(Scheme, new(new ClaimsIdentity([new(KeyClaim, key)], Scheme)), new AuthenticationProperties { IsPersistent = true });
    }

    /// <summary>Ends this browser's sign-in on the server, its live pages included.</summary>
    public async Task EndAsync(HttpContext http)
    {
        var id = IdOf(http.User);
        if (id == Guid.Empty) return;
        await using var scope = scopes.OpenNone();
        if (await scope.Db.SignIns.SingleOrDefaultAsync(s => s.Id == new Id<SignIn>(id), http.RequestAborted) is { EndedAt: null } row)
        {
            row.EndedAt = time.GetUtcNow();
            scope.Get<Audit>().OfAccount(row.AccountId, AuditAction.SignedOut);
            await scope.Db.SaveChangesAsync(http.RequestAborted);
        }
        live.End(id);
        await http.SignOutAsync(Scheme);
    }

    /// <summary>Ends every sign-in of an account, if wanted but one, in the caller's transaction; after its commit <see cref="Silence"/> them.</summary>
    internal static async Task<IReadOnlyList<Guid>> EndAllAsync(OrderClosrDb db, Guid accountId, DateTimeOffset now, CancellationToken stop, Guid but = default)
    {
        var kept = new Id<SignIn>(but);
        var open = await db.SignIns.Where(s => s.AccountId == accountId && s.EndedAt == null && s.Id != kept).Select(s => s.Id).ToListAsync(stop);
        await db.SignIns.Where(s => s.AccountId == accountId && s.EndedAt == null && s.Id != kept).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), stop);
        return open.ConvertAll(id => id.Value);
    }

    /// <summary>The live pages of ended sign-ins stop hearing at once.</summary>
    internal void Silence(IEnumerable<Guid> ended)
    {
        foreach (var id in ended) live.End(id);
    }

    /// <summary>Whose session a reference is and which; null when it is none, ended, or too old. Notes the use, at most once an hour.</summary>
    private async Task<ClaimsPrincipal?> OpenAsync(string? key, CancellationToken stop)
    {
        if (key is null) return null;
        var hash = Hash(key);
        await using var scope = scopes.OpenNone();
        return await OfTheAble(scope.Db).SingleOrDefaultAsync(s => s.KeyHash == hash, stop) is { } row && await UseAsync(scope.Db, row, stop)
            ? new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, row.AccountId.ToString()), new(SignInClaim, row.Id.Value.ToString())], Scheme)) : null;
    }

    /// <summary>Still good? For what lasts longer than a request.</summary>
    public async Task<bool> IsAliveAsync(Guid id, CancellationToken stop)
    {
        if (id == Guid.Empty) return false;
        await using var scope = scopes.OpenNone();
        return await OfTheAble(scope.Db).SingleOrDefaultAsync(s => s.Id == new Id<SignIn>(id), stop) is { } row && await UseAsync(scope.Db, row, stop);
    }

    // A sign-in that was under way while its account was disabled came after the end of all others: it opens nothing either.
    private static IQueryable<SignIn> OfTheAble(OrderClosrDb db) => db.SignIns.Where(s => !db.Set<Account>().Any(a => a.Id == s.AccountId && a.LockoutEnd != null));

    private async Task<bool> UseAsync(OrderClosrDb db, SignIn row, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (row.EndedAt is not null || now - row.CreatedAt >= AtMost || now - row.SeenAt >= Idle) return false;
        if (now - row.SeenAt > TimeSpan.FromHours(1))
            await db.InTransactionAsync(() => db.SignIns.Where(s => s.Id == row.Id && s.SeenAt < now).ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), stop), stop);
        return true;
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>How the cookie behaves: ours alone, checked against its row on each request; strangers are sent to the sign-in page and back.</summary>
    internal static void Configure(CookieAuthenticationOptions cookie, bool https)
    {
        cookie.Cookie.Name = https ? "__Host-account" : "account";
        cookie.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.Path = "/";
        // The row knows when it was used last: the cookie need not be written anew.
        cookie.ExpireTimeSpan = AtMost;
        cookie.SlidingExpiration = false;
        cookie.Events.OnValidatePrincipal = async context =>
        {
            var signIns = context.HttpContext.RequestServices.GetRequiredService<SignIns>();
            if (await signIns.OpenAsync(context.Principal?.FindFirstValue(KeyClaim), context.HttpContext.RequestAborted) is { } person)
            {
                context.ReplacePrincipal(person);
                return;
            }
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
        };
        cookie.Events.OnRedirectToLogin = context =>
        {
            var request = context.Request;
            var address = HttpMethods.IsGet(request.Method) && !request.IsHtmx() ? $"/sign-in?to={Uri.EscapeDataString(request.Path + request.QueryString)}" : "/sign-in";
            if (request.IsHtmx())
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers["HX-Redirect"] = address;
            }
            else
            {
                context.Response.Redirect(address);
            }
            return Task.CompletedTask;
        };
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }
}
