namespace OrderClosr.Tests.Support;

/// <summary>The clone the tests run in: sources and test data are read from it.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find();

    internal static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Every text file of ours below a folder, as (path from the root with slashes, text).</summary>
    internal static IEnumerable<(string Path, string Text)> Files(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Select(full => (Full: full, Path: System.IO.Path.GetRelativePath(Root, full).Replace('\\', '/')))
            .Where(file => !file.Path.Split('/').Any(part => part is "bin" or "obj" or ".git" or "node_modules" or "TestResults" or "Migrations" or "data"))
            .Where(file => endings.Length == 0 || endings.Any(e => file.Path.EndsWith(e, StringComparison.Ordinal)))
            .OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => (file.Path, File.ReadAllText(file.Full)));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrderClosr.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests run outside a clone.");
    }
}
