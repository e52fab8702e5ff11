using System.Diagnostics;

namespace OrderClosr.Tests.Support;

/// <summary>A file that nobody can delete while this lives, root included: a full disk's or a storage's refusal, as far as a test can make one.</summary>
internal sealed class Undeletable : IDisposable
{
    private readonly string _file;
    private readonly bool _byFlag;

    private Undeletable(string file, bool byFlag) => (_file, _byFlag) = (file, byFlag);

    /// <summary>By the file system's own flag where we may set it, else by the rights of the folder; where neither holds the test is skipped and says so.</summary>
    internal static Undeletable Hold(string file)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Holds a file by what Linux offers.");
        var held = new Undeletable(file, byFlag: Flag("+i", file));
        if (!held._byFlag) Rights(file, write: false);
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return held;
        }
        held.Dispose();
        Assert.Skip("No file can be kept from being deleted here: neither chattr nor the folder's rights do it.");
        return held;
    }

    private static bool Flag(string flag, string file)
    {
        try
        {
            using var run = Process.Start(new ProcessStartInfo("chattr", [flag, file]) { RedirectStandardError = true })!;
            run.WaitForExit();
            return run.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Rights(string file, bool write)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserExecute | (write ? UnixFileMode.UserWrite : 0));
    }

    public void Dispose()
    {
        if (_byFlag) Flag("-i", _file);
        else Rights(_file, write: true);
    }
}
