namespace OrderClosr.Tests.Agent;

/// <summary>What customers of Algerian shops write: 152 phrases in four scripts, written as examples; the phones in them are invented.</summary>
internal sealed record Phrase(string Intent, string Script, string Text)
{
    internal static readonly IReadOnlyList<Phrase> All = Read();

    internal static IEnumerable<Phrase> Of(string intent) => All.Where(p => p.Intent == intent);

    private static List<Phrase> Read()
    {
        using var stream = typeof(Phrase).Assembly.GetManifestResourceStream("selling-phrases.tsv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t')).Select(f => new Phrase(f[0], f[1], f[2]))];
    }
}
