using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;

namespace OrderClosr.Verbs;

/// <summary><c>rotate-keys</c>: every secret in the database under the first key of <c>FERNET_KEYS</c>, while the app serves.</summary>
internal static class RotateKeys
{
    internal static readonly Verb Verb = new("rotate-keys [--leave-unreadable]", "encrypts every secret again under the first key of FERNET_KEYS, while the app serves", RunAsync, """
        Every running app must already know the new key: set FERNET_KEYS=new,old and start the apps again before you rotate.
        May be stopped (Ctrl+C) and started again at any moment: it goes on with what is left.
        --leave-unreadable   values that no key opens stay as they are; without it one of them stops the rotation before it changes anything
        exit codes: 0 nothing is left on an older key, 1 a key is missing or a setting is wrong (nothing was changed), 3 some are left: run it again, 130 stopped
        """);

    private static async Task<int> RunAsync(string[] args)
    {
        var leave = args.Contains("--leave-unreadable");
        await using var app = App.Build([.. args.Except(["--leave-unreadable"])]);
        using var signals = new Stopping();
        // Not the whole gate: the app that serves holds the lock of the data.
        await app.Services.GetRequiredService<StartGate>().RefuseAsync(needDatabase: false, signals.Token);
        var time = app.Services.GetRequiredService<TimeProvider>();
        var said = 0L;
        try
        {
            var end = await app.Services.GetRequiredService<KeyRotation>().RunAsync(leave, step =>
            {
                if (said != 0 && time.GetElapsedTime(said) < TimeSpan.FromSeconds(1)) return Task.CompletedTask;
                said = time.GetTimestamp();
                Console.WriteLine($"{step.Changed,8} done, {step.Left,8} left   {step.Place}");
                return Task.CompletedTask;
            }, signals.Token);
            return Say(end, leave);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            Console.WriteLine("Stopped. What was rotated stays so; run rotate-keys again to go on.");
            return 130;
        }
    }

    private static int Say(RotationEnd end, bool leave)
    {
        foreach (var (place, count) in end.Now.Unreadable)
            Console.Error.WriteLine($"{count} values of {place} are opened by none of FERNET_KEYS.");
        if (end.Now.Unreadable.Count > 0 && !leave)
        {
            Console.Error.WriteLine("Nothing was changed. Add the key they were written with to FERNET_KEYS, or leave them as they are with --leave-unreadable.");
            return 1;
        }
        Console.WriteLine($"{end.Changed} values were encrypted again; {end.Now.Left} of {end.Now.Total} are left on an older key.");
        if (end.Now.Left > 0)
        {
            Console.Error.WriteLine($"Some were written meanwhile by an app whose first key is an older one: start every app with key {end.Now.First} first, then run rotate-keys again.");
            return 3;
        }
        Console.WriteLine($"All of them are under key {end.Now.First}. Keep the older keys until the backups made with them are gone, 15 days from now.");
        return 0;
    }
}
