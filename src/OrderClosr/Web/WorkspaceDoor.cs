using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Web;

/// <summary>The door of the merchant's pages, <c>/w/{workspace}/…</c>: signed in, a member, the workspace entered; a form proven to be ours.</summary>
/// <remarks>A workspace that does not exist and one of others look alike: 404. Behind this door every query is inside the workspace.</remarks>
public static class WorkspaceDoor
{
    /// <summary>The group under which rooms map their pages: <c>app.MapWorkspace().MapOrdersPages()</c>.</summary>
    public static RouteGroupBuilder MapWorkspace(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/w/{workspace}").RequireAuthorization();
        group.AddEndpointFilter(EnterAsync);
        return group;
    }

    /// <summary>Only members whose role has the capability (<see cref="Permissions"/>); others get the page that says whom to ask (403). The innermost group or endpoint counts; without any it is the owner's alone.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Capability capability) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NeededCapability(capability));

    /// <summary>Also open while the workspace is being deleted: its undo, its export. Everything else shows then that it goes.</summary>
    public static TBuilder WhileLeaving<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(OpenWhileLeaving.Mark);

    /// <summary>Refuses posts without the proof that our own page sent them. On every group of pages, so that a form without fields is covered too.</summary>
    public static TBuilder OnlyOurForms<TBuilder>(this TBuilder group) where TBuilder : IEndpointConventionBuilder => group.AddEndpointFilter(async (context, next) =>
        await IsOursAsync(context.HttpContext) ? await next(context) : Results.StatusCode(StatusCodes.Status400BadRequest));

    private static async ValueTask<object?> EnterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var db = http.RequestServices.GetRequiredService<OrderClosrDb>();
        var slug = http.GetRouteValue("workspace") as string;
        if (!Guid.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), out var accountId)) return Results.NotFound();
        var mine = await MineAsync(db, accountId, http.RequestAborted);
        var here = mine.Find(m => m.Workspace.Slug == slug);
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, http.RequestAborted);
        if (here is null || account is null) return Results.NotFound();
        if (LacksSecondStep(http, here.Workspace, account)) return Results.Back(http, "/account/second-step", "account.second_step_wanted");
        if (here.Workspace.DeleteAskedAt is { } askedAt && http.GetEndpoint()?.Metadata.GetMetadata<OpenWhileLeaving>() is null) return Leaving(http, here.Workspace, here.Role, askedAt);
        if (!(http.GetEndpoint()?.Metadata.GetMetadata<NeededCapability>() is { } needed ? here.Role.May(needed.Capability) : here.Role == Role.Owner)) return await RefuseAsync(http, db, here.Workspace, here.Role);
        if (!await IsOursAsync(http)) return Results.StatusCode(StatusCodes.Status400BadRequest);
        Enter(http, here, account, mine);
        http.RequestServices.GetRequiredService<Actor>().BeMember(accountId);
        LastWorkspace.Remember(http, here.Workspace.Id);
        return await Languages.SpeakUnlessChosenAsync(http.Request, here.Workspace.Language, () => next(context));
    }

    /// <summary>A page of the person's own is about to be shown: it stands in the workspace this browser was in last, as far as the door would let its person in there; otherwise nothing is entered.</summary>
    internal static async Task EnterLastAsync(HttpContext http)
    {
        if (LastWorkspace.Of(http.Request) is not { } last || !Guid.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), out var accountId)) return;
        var db = http.RequestServices.GetRequiredService<OrderClosrDb>();
        var mine = await MineAsync(db, accountId, http.RequestAborted);
        if (mine.Find(m => m.Workspace.Id == last) is not { Workspace.DeleteAskedAt: null } here) return;
        if (await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, http.RequestAborted) is { } account && !LacksSecondStep(http, here.Workspace, account)) Enter(http, here, account, mine);
    }

    private sealed record Own(Workspace Workspace, Role Role);

    private static Task<List<Own>> MineAsync(OrderClosrDb db, Guid accountId, CancellationToken stop) =>
        (from member in db.Members
         where member.AccountId == accountId
         join workspace in db.Workspaces on member.WorkspaceId equals workspace.Id
         orderby workspace.Name
         select new Own(workspace, member.Role)).AsNoTracking().ToListAsync(stop);

    // Whose account has one gave it with this very session, or set it up in it.
    private static bool LacksSecondStep(HttpContext http, Workspace workspace, Account account) =>
        !account.TwoFactorEnabled && (workspace.NeedsSecondStep || http.RequestServices.GetRequiredService<SecondStepDemand>().IsOfEverybody);

    private static void Enter(HttpContext http, Own here, Account account, List<Own> mine)
    {
        http.RequestServices.GetRequiredService<CurrentWorkspace>().Enter(here.Workspace.Id);
        http.RequestServices.GetRequiredService<Shop>().Enter(here.Workspace, account, here.Role, [.. mine.Select(m => m.Workspace)]);
    }

    private static async Task<bool> IsOursAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) return true;
        try
        {
            return await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http);
        }
        catch (Exception error) when (error is InvalidDataException or AntiforgeryValidationException)
        {
            // A NUL or broken encoding inside a form: no browser sends it.
            return false;
        }
    }

    /// <summary>What every member sees of a workspace that is being deleted, at whatever address.</summary>
    private static IResult Leaving(HttpContext http, Workspace workspace, Role role, DateTimeOffset askedAt)
    {
        if (!http.Request.IsHtmx()) return Results.Page<LeavingPage>(new { Workspace = workspace, Role = role, AskedAt = askedAt }, HttpMethods.IsGet(http.Request.Method) ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
        http.Response.Headers["HX-Redirect"] = $"/w/{workspace.Slug}";
        return Results.NoContent();
    }

    private static async Task<IResult> RefuseAsync(HttpContext http, OrderClosrDb db, Workspace workspace, Role role)
    {
        if (http.Request.IsHtmx()) return Results.StatusCode(StatusCodes.Status403Forbidden);
        var owners = await (from member in db.Members where member.WorkspaceId == workspace.Id && member.Role == Role.Owner join account in db.Accounts on member.AccountId equals account.Id orderby account.Name select account.Name)
            .ToListAsync(http.RequestAborted);
        return Results.Page<NotYoursPage>(new { Role = role, Owners = owners, Home = $"/w/{workspace.Slug}" }, StatusCodes.Status403Forbidden);
    }
}

/// <summary>The mark of <see cref="WorkspaceDoor.WhileLeaving"/>.</summary>
internal sealed class OpenWhileLeaving
{
    internal static readonly OpenWhileLeaving Mark = new();
}

/// <summary>What an endpoint behind the workspace's door needs.</summary>
public sealed record NeededCapability(Capability Capability);
