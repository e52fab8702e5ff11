using System.Globalization;

namespace OrderClosr.Demo;

/// <summary>Where the demo runs and keeps its data; several run side by side on one machine.</summary>
internal sealed record DemoOptions(string Data, int Port, int SandboxPort, int MailPort, bool Fresh)
{
    internal const string Help = """
        OrderClosr's demo: the app, the sandbox of every vendor and a demo shop on this machine.
          --fresh            start from empty data
          --data FOLDER      where data is kept (data)
          --port N           the app (5080)
          --sandbox-port N   the sandbox (5090)
          --mail-port N      the sandbox's mail server (5025)
        """;

    /// <summary>Reads the command line; null and words when it cannot be read.</summary>
    internal static DemoOptions? Read(string[] args, out string words)
    {
        var options = new DemoOptions("data", 5080, 5090, 5025, false);
        words = Help;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--fresh")
            {
                options = options with { Fresh = true };
                continue;
            }
            if (args[i] is "--help" or "-h") return null;
            if (i + 1 >= args.Length)
            {
                words = $"{args[i]} is unknown or lacks its value.\n{Help}";
                return null;
            }
            var value = args[++i];
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and < 65536 ? n : -1;
            options = args[i - 1] switch
            {
                "--data" => options with { Data = value },
                "--port" => options with { Port = number },
                "--sandbox-port" => options with { SandboxPort = number },
                "--mail-port" => options with { MailPort = number },
                _ => options with { Data = "" },
            };
            if (options is { Data.Length: > 0, Port: > 0, SandboxPort: > 0, MailPort: > 0 }) continue;
            words = $"{args[i - 1]} {value} is not understood.\n{Help}";
            return null;
        }
        return options;
    }
}
