using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Live;

namespace OrderClosr.Workspaces;

/// <summary>Starts, checks and ends sign-ins. The row decides, the cookie only names it (facts/passwords-and-sessions.md section 4, 7.3 and 7.4).</summary>
public sealed class SignIns(WorkspaceScopes scopes, LiveHub live, TimeProvider time)
{
    /// <summary>Name of the cookie's scheme.</summary>
    public const string Scheme = "account";

    /// <summary>Not used for so long: ended.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(14);

    /// <summary>Signs in anew after so long, however much it was used.</summary>
    public static readonly TimeSpan AtMost = TimeSpan.FromDays(60);

    private const string SignInClaim = "sign_in";

    /// <summary>The sign-in a request came with; empty when none.</summary>
    public static Guid IdOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(SignInClaim), out var id) ? id : Guid.Empty;

    /// <summary>A new sign-in with a new row and a new cookie; an older one of this browser ends.</summary>
    public async Task StartAsync(HttpContext http, Guid accountId)
    {
        await EndAsync(http);
        var now = time.GetUtcNow();
        var row = new SignIn { Id = Id<SignIn>.New(now), AccountId = accountId, CreatedAt = now, SeenAt = now };
        await using var scope = scopes.OpenNone();
        scope.Db.SignIns.Add(row);
        scope.Get<Audit>().OfAccount(accountId, AuditAction.SignedIn);
        await scope.Db.SaveChangesAsync(http.RequestAborted);
        var who = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, accountId.ToString()), new(SignInClaim, row.Id.Value.ToString())], Scheme);
        await http.SignInAsync(Scheme, new(who), new AuthenticationProperties { IsPersistent = true, AllowRefresh = true });
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

    /// <summary>Ends every sign-in of an account in the caller's transaction; after its commit <see cref="Silence"/> them.</summary>
    internal static async Task<IReadOnlyList<Guid>> EndAllAsync(OrderClosrDb db, Guid accountId, DateTimeOffset now, CancellationToken stop)
    {
        var open = await db.SignIns.Where(s => s.AccountId == accountId && s.EndedAt == null).Select(s => s.Id).ToListAsync(stop);
        await db.SignIns.Where(s => s.AccountId == accountId && s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), stop);
        return open.ConvertAll(id => id.Value);
    }

    /// <summary>The live pages of ended sign-ins stop hearing at once.</summary>
    internal void Silence(IEnumerable<Guid> ended)
    {
        foreach (var id in ended) live.End(id);
    }

    /// <summary>Still good? Notes the use, at most once an hour.</summary>
    public async Task<bool> IsAliveAsync(Guid id, CancellationToken stop)
    {
        if (id == Guid.Empty) return false;
        var now = time.GetUtcNow();
        await using var scope = scopes.OpenNone();
        var row = await scope.Db.SignIns.SingleOrDefaultAsync(s => s.Id == new Id<SignIn>(id), stop);
        if (row is null || row.EndedAt is not null || now - row.CreatedAt > AtMost || now - row.SeenAt > Idle) return false;
        if (now - row.SeenAt > TimeSpan.FromHours(1))
        {
            row.SeenAt = now;
            await scope.Db.SaveChangesAsync(stop);
        }
        return true;
    }

    /// <summary>How the cookie behaves: ours alone, checked against its row on each request; strangers are sent to the sign-in page and back.</summary>
    internal static void Configure(CookieAuthenticationOptions cookie, bool https)
    {
        cookie.Cookie.Name = https ? "__Host-account" : "account";
        cookie.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.Path = "/";
        cookie.ExpireTimeSpan = Idle;
        cookie.SlidingExpiration = true;
        cookie.Events.OnValidatePrincipal = async context =>
        {
            var signIns = context.HttpContext.RequestServices.GetRequiredService<SignIns>();
            if (await signIns.IsAliveAsync(IdOf(context.Principal!), context.HttpContext.RequestAborted)) return;
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
