using OrderClosr.Ground.Secrets;

namespace OrderClosr.Verbs;

/// <summary><c>generate-key</c>: prints a new key for <c>FERNET_KEYS</c> and nothing else, so that a script can take it.</summary>
internal static class GenerateKey
{
    internal static readonly Verb Verb = new("generate-key", "prints a new key for FERNET_KEYS; keep it outside the database", _ =>
    {
        Console.WriteLine(FernetKey.Generate());
        return Task.FromResult(0);
    });
}
