using System.Globalization;
using System.Text.RegularExpressions;

namespace OrderClosr.Ground.Running;

/// <summary>Where the backups lie (<c>Backups__Folder</c>, default <c>backups</c> in the data folder), one file each, dated by its name.</summary>
public sealed partial class BackupFolder(IConfiguration settings, DataFolder data)
{
    /// <summary>How long a backup is kept (promise P12): on the fifteenth day it is gone.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(14);

    /// <summary>A day and two hours: older than that the last night was missed.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromHours(26);

    private const string Form = "yyyyMMdd-HHmmss";

    /// <summary>The full path; it need not exist yet.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(settings["Backups:Folder"] is { Length: > 0 } folder ? folder : System.IO.Path.Combine(data.Path, "backups"));

    internal string NameFor(DateTimeOffset at) => System.IO.Path.Combine(Path, $"orderclosr-{at.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture)}Z.backup");

    /// <summary>Finished backups, newest first.</summary>
    public IReadOnlyList<(string File, DateTimeOffset At)> All() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateFiles(Path).Select(f => (File: f, Match: Name().Match(System.IO.Path.GetFileName(f)))).Where(f => f.Match.Success)
            .Select(f => (f.File, At: new DateTimeOffset(DateTime.ParseExact(f.Match.Groups[1].Value, Form, CultureInfo.InvariantCulture), TimeSpan.Zero))).OrderByDescending(f => f.At),
    ];

    /// <summary>When the last one was made; null when there is none.</summary>
    public DateTimeOffset? Last() => All() is [var newest, ..] ? newest.At : null;

    /// <summary>Removes what is older than it may be; answers how many.</summary>
    public int Prune(DateTimeOffset now)
    {
        var old = All().Where(b => now - b.At > KeptFor).ToList();
        foreach (var (file, _) in old) File.Delete(file);
        return old.Count;
    }

    /// <summary>The lock of this folder while one is made; null when somebody else makes one. What an earlier one left unfinished is removed.</summary>
    internal IDisposable? TryBegin()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
        else Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        FileStream held;
        try
        {
            held = new(System.IO.Path.Combine(Path, "backup.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
        foreach (var unfinished in Directory.EnumerateFiles(Path, "*.part")) File.Delete(unfinished);
        return held;
    }

    [GeneratedRegex("^orderclosr-([0-9]{8}-[0-9]{6})Z\\.backup$")]
    private static partial Regex Name();
}
