using Microsoft.Data.Sqlite;
using OrderClosr.Ground.Data;

namespace OrderClosr.Ground.Running;

/// <summary>Where the app keeps files: media of the workspaces, backups, the lock of a single process.</summary>
/// <remarks><c>Data__Folder</c>; else the folder of the SQLite database; else <c>data</c>. Readable by our own user only.</remarks>
public sealed class DataFolder
{
    public DataFolder(IConfiguration settings)
    {
        var connection = settings.GetConnectionString("OrderClosr") ?? DatabaseSetup.DefaultConnection;
        var file = DatabaseSetup.IsPostgres(connection) ? null : new SqliteConnectionStringBuilder(connection).DataSource;
        Path = System.IO.Path.GetFullPath(settings["Data:Folder"] ?? (string.IsNullOrEmpty(file) ? null : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))) ?? "data");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
        else Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Makes the SQLite database readable by our own user only, also in a folder that others may read.</summary>
    internal static void Protect(string database)
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in (string[])[database, $"{database}-wal", $"{database}-shm"])
            if (File.Exists(file)) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>The full path; it exists.</summary>
    public string Path { get; }
}
