using OrderClosr.Workspaces;

namespace OrderClosr.Verbs;

/// <summary><c>lift-second-step EMAIL</c>: the way in for a person who lost phone and recovery codes.</summary>
internal static class LiftSecondStep
{
    internal static readonly Verb Verb = new("lift-second-step EMAIL [--yes]", "turns one account's second step off, for who lost phone and codes", RunAsync, """
        Only once you know who asks (docs/operating.md says how): e-mail and password alone open the account afterwards. Shows the account and its shops
        and asks before it changes anything; --yes answers for scripts. Ends every session of the account, writes a line into its log, which the owners
        of its shops see, and a letter to the person, which the running app sends. Passkeys stay: they ask the device's own lock. May run beside the app.
        exit codes: 0 off, 1 refused (the reason is said), 2 no address named or not confirmed, 3 nobody has this address, or the second step is not on
        """);

    private static Task<int> RunAsync(string[] args) => OneAccount.RunAsync(args, "lift-second-step", "Do you know that it is this person who asks? Whoever has the password comes in afterwards.", async (scope, account, writes, stop) =>
        await scope.Get<SecondSteps>().LiftAsync(account.Id, stop) is not null ? (3, "The second step of this account is not on.")
        : (0, writes ? "It is off, every session has ended, and the person is told by letter." : "It is off and every session has ended. No mail server is configured: tell the person yourself."));
}
