using OrderClosr.Workspaces;

namespace OrderClosr.Verbs;

/// <summary><c>disable-account EMAIL</c> and its counterpart <c>enable-account EMAIL</c>: nothing of one account opens anything, until it does again.</summary>
internal static class DisableAccount
{
    internal static readonly Verb Verb = new("disable-account EMAIL [--yes]", "shuts one account at once, without deleting anything of it", OffAsync, """
        Shows the account and its shops and asks before it changes anything; --yes answers for scripts. Every session of the account ends, its open links are
        void, and no password, passkey, letter or API key that the person made opens anything; whoever tries is answered as by a wrong password. Writes a line
        into its log, which the owners of its shops see, and a letter to the person, which the running app sends. Undone by enable-account. May run beside the app.
        exit codes: 0 disabled, 1 refused (the reason is said), 2 no address named or not confirmed, 3 nobody has this address, or it is disabled already
        """);

    internal static readonly Verb Counterpart = new("enable-account EMAIL [--yes]", "lets an account in again that disable-account shut", OnAsync, """
        Only once you know why it was shut. Shows the account and its shops and asks before it changes anything; --yes answers for scripts. Password, passkeys
        and API keys of before open it again; its person signs in anew. Writes a line into its log and a letter to the person. May run beside the app.
        exit codes: 0 enabled, 1 refused (the reason is said), 2 no address named or not confirmed, 3 nobody has this address, or it is not disabled
        """);

    private static Task<int> OffAsync(string[] args) => OneAccount.RunAsync(args, "disable-account", "Nothing of this account will open anything until enable-account.", async (scope, account, writes, stop) =>
        !await scope.Get<Disabling>().DisableAsync(account.Id, stop) ? (3, "This account is disabled already.")
        : (0, writes ? "It is disabled, every session has ended, and the person is told by letter." : "It is disabled and every session has ended. No mail server is configured: tell the person yourself."));

    private static Task<int> OnAsync(string[] args) => OneAccount.RunAsync(args, "enable-account", "Whoever has the password or a passkey of this account comes in again.", async (scope, account, writes, stop) =>
        !await scope.Get<Disabling>().EnableAsync(account.Id, stop) ? (3, "This account is not disabled.")
        : (0, writes ? "It is enabled, and the person is told by letter." : "It is enabled. No mail server is configured: tell the person yourself."));
}
