using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Workspaces;

namespace OrderClosr.Verbs;

/// <summary>What the verbs about one person's account have in common: they find it by its address, show whose it is, and ask before they change anything.</summary>
internal static class OneAccount
{
    /// <param name="args">The address, and <c>--yes</c> where nobody is there to answer.</param>
    /// <param name="verb">The verb's name.</param>
    /// <param name="ask">What the operator is asked to think of.</param>
    /// <param name="act">What is done, with whether a letter will leave; answers exit code and last line.</param>
    internal static async Task<int> RunAsync(string[] args, string verb, string ask, Func<WorkspaceScope, Account, bool, CancellationToken, Task<(int Code, string Says)>> act)
    {
        if (args.FirstOrDefault(a => !a.StartsWith('-')) is not { } email)
        {
            await Console.Error.WriteLineAsync($"Whose? {verb} EMAIL");
            return 2;
        }
        await using var app = App.Build([.. args.Except([email, "--yes"])]);
        using var signals = new Stopping();
        var gate = app.Services.GetRequiredService<StartGate>();
        foreach (var database in (bool[])[false, true]) await gate.RefuseAsync(database, signals.Token);
        await using var scope = app.Services.GetRequiredService<WorkspaceScopes>().OpenNone();
        var name = email.Trim().ToUpperInvariant();
        if (await scope.Db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.NormalizedEmail == name, signals.Token) is not { } account)
        {
            await Console.Error.WriteLineAsync("Nobody has this address.");
            return 3;
        }
        var (members, able) = (scope.Db.Members, scope.Db.Accounts.Where(a => a.LockoutEnd == null));
        var shops = await (from member in members where member.AccountId == account.Id join shop in scope.Db.Workspaces on member.WorkspaceId equals shop.Id orderby shop.Slug
                           select new { shop.Slug, member.Role, IsAlone = member.Role == Role.Owner && !members.Any(m => m.WorkspaceId == shop.Id && m.Role == Role.Owner && m.AccountId != account.Id && able.Any(a => a.Id == m.AccountId)) }).ToListAsync(signals.Token);
        Console.WriteLine($"{account.Name}, account since {account.CreatedAt:yyyy-MM-dd}{(account.IsDisabled ? ", disabled" : "")}; {(shops.Count == 0 ? "member of no shop" : string.Join(", ", shops.Select(s => $"{s.Role} of {s.Slug}{(s.IsAlone ? " (no other owner can come in)" : "")}")))}.");
        if (!args.Contains("--yes"))
        {
            Console.WriteLine($"{ask} Write yes to go on:");
            if (Console.ReadLine()?.Trim() != "yes")
            {
                await Console.Error.WriteLineAsync("Nothing was changed.");
                return 2;
            }
        }
        var (code, says) = await act(scope, account, app.Services.GetRequiredService<IMailServer>().IsOn, signals.Token);
        await (code == 0 ? Console.Out : Console.Error).WriteLineAsync(says);
        return code;
    }
}
