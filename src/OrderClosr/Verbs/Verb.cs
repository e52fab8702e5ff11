namespace OrderClosr.Verbs;

/// <summary>Something an operator does from the shell: <c>dotnet run --project src/OrderClosr -- migrate</c>.</summary>
/// <param name="Usage">Its name and arguments.</param>
/// <param name="Does">One line of help.</param>
/// <param name="RunAsync">Gets the arguments after the name; answers the exit code.</param>
/// <param name="More">What <c>VERB --help</c> says beyond that: arguments, exit codes.</param>
public sealed record Verb(string Usage, string Does, Func<string[], Task<int>> RunAsync, string More = "exit codes: 0 done, 1 refused (the reason is said)")
{
    /// <summary>All verbs, in the order of the help.</summary>
    public static IReadOnlyList<Verb> All { get; } = [Migrate.Verb, Check.Verb, GenerateKey.Verb, RotateKeys.Verb, Backup.Verb, VerifyBackup.Verb, Restore.Verb, TellRestored.Verb, Purge.Verb, LiftSecondStep.Verb, DisableAccount.Verb, DisableAccount.Counterpart, Recount.Verb];

    /// <summary>True when the command line names a verb rather than settings of the server.</summary>
    public static bool IsMeant(string[] args) => args.Length > 0 && !args[0].StartsWith('-') && !args[0].StartsWith('/');

    /// <summary>Runs the named verb; an unknown one shows the help and answers 2.</summary>
    public static async Task<int> RunNamedAsync(string[] args)
    {
        if (All.FirstOrDefault(v => v.Usage.Split(' ')[0] == args[0]) is { } verb)
        {
            if (!args.Contains("--help") && !args.Contains("-h")) return await verb.RunAsync(args[1..]);
            await Console.Out.WriteLineAsync($"OrderClosr {verb.Usage}\n  {verb.Does}\n\n{verb.More}");
            return 0;
        }
        var help = args[0] == "help";
        var to = help ? Console.Out : Console.Error;
        if (!help) await to.WriteLineAsync($"There is no verb {args[0]}.");
        await to.WriteLineAsync("OrderClosr [--setting=value …] runs the server; OrderClosr VERB (VERB --help says more):");
        foreach (var known in All) await to.WriteLineAsync($"  {known.Usage,-34} {known.Does}");
        return help ? 0 : 2;
    }
}
