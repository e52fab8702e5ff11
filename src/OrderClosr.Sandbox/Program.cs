namespace OrderClosr.Sandbox;

/// <summary>The sandbox as a program of its own: <c>--port N --app http://localhost:M [--host 0.0.0.0] [--mail-port N]</c>.</summary>
internal static class Program
{
    private static async Task Main(string[] args) => await SandboxApp.Build(SandboxOptions.Read(args)).RunAsync();
}
