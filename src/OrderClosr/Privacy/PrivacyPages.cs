using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Outbound;
using OrderClosr.Privacy.Pages;
using OrderClosr.Web;
using OrderClosr.Workspaces;

namespace OrderClosr.Privacy;

/// <summary><c>/privacy</c>: the policy, for everybody; <c>/settings/privacy</c>: the shop's register of processing and list of processors.</summary>
public static class PrivacyPages
{
    public static void MapPolicyPage(this IEndpointRouteBuilder app) =>
        app.MapGet(Languages.PageInEnglishToo, (PolicyOwner owner, OutboundGate gate) => Results.Page<PolicyPage>(new { Owner = owner, To = Processors.Of(gate) }));

    public static void MapRegisterPages(this RouteGroupBuilder workspace)
    {
        var pages = workspace.MapGroup("/settings/privacy").Needs(Capability.ReadRegister);
        pages.MapGet("", async (OrderClosrDb db, OutboundGate gate, CancellationToken stop) => Results.Page<RegisterPage>(new
        {
            To = Processors.Of(gate), NoticeOn = await db.AgentSettings.AnyAsync(s => s.NoticeOn, stop), Noticed = await db.ConsentNotices.CountAsync(stop), OptedOut = await db.Customers.CountAsync(c => c.OptedOutAt != null, stop),
        }));
        pages.MapGet("/register.csv", (RegisterFiles files) => Results.File(files.Register(), "text/csv; charset=utf-8", "register.csv"));
        pages.MapGet("/processors.csv", (RegisterFiles files) => Results.File(files.Processors(), "text/csv; charset=utf-8", "processors.csv"));
    }
}
