using System.Globalization;

namespace OrderClosr.Verbs.Demo;

/// <summary>One customer of the demo shop's week: who wrote, where, what was said and what came of it.</summary>
internal sealed record DemoStory(string Name, string Phone, string Channel, string Language, int DaysAgo, TimeOnly At, IReadOnlyList<string> Outcome, IReadOnlyList<DemoLine> Lines)
{
    /// <summary>Reads <c>conversations.txt</c>, oldest conversation first.</summary>
    internal static IReadOnlyList<DemoStory> ReadAll()
    {
        using var stream = typeof(DemoStory).Assembly.GetManifestResourceStream("OrderClosr.Verbs.Demo.conversations.txt")!;
        using var reader = new StreamReader(stream);
        var stories = new List<(string[] Head, List<DemoLine> Lines)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('=')) stories.Add((line[1..].Split(';', StringSplitOptions.TrimEntries), []));
            else if (line.Length > 2 && line[0] != '#') stories[^1].Lines.Add(new(line[0], line[2..]));
        }
        return [.. stories.Select(s => Of(s.Head, s.Lines)).OrderByDescending(s => s.DaysAgo).ThenBy(s => s.At)];
    }

    private static DemoStory Of(string[] head, IReadOnlyList<DemoLine> lines)
    {
        var when = head[4].Split(' ');
        return new(head[0], head[1], head[2], head[3], int.Parse(when[0], CultureInfo.InvariantCulture), TimeOnly.Parse(when[1], CultureInfo.InvariantCulture), head[5..], lines);
    }
}

/// <summary>What one side said: <c>c</c> the customer, <c>a</c> the agent, <c>p</c> a person of the shop.</summary>
internal sealed record DemoLine(char Who, string Text);
