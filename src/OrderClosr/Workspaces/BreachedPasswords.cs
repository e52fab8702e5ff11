using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>A corpus of breached passwords that the operator lays beside the app (<c>Passwords__BreachedFile</c>): a new password that is in it is refused. Nobody is asked over the network, and no part of a password leaves the process.</summary>
/// <remarks>
/// The file has a line <c>SHA1:COUNT</c> for each password, in capitals, sorted by the hash: so Have I Been Pwned's downloader writes it (some 40 GB, a thousand
/// million lines). It is searched where it lies: some 35 small reads for a password. Without the setting nothing is asked here; what leaks most lies in the program.
/// </remarks>
public sealed class BreachedPasswords(IConfiguration settings)
{
    private const int HashLetters = 40, LongestLine = 80;

    private string? File => settings["Passwords:BreachedFile"] is { Length: > 0 } file ? file : null;

    /// <summary>Why a password may not be used; null when it may, or no file is set.</summary>
    public Refusal? Check(string? password) =>
        password is not null && File is { } file && Contains(file, HashOf(password)) ? new("password_breached", "This password is known from a breach of another site.", "password") : null;

    /// <summary>Before the app serves: a file that is missing or of another form would let everything pass.</summary>
    internal static StartCheck StartCheck { get; } = StartCheck.Of("passwords", settings =>
    {
        if (settings["Passwords:BreachedFile"] is not { Length: > 0 } file) return [];
        try
        {
            using var lines = System.IO.File.OpenRead(file);
            return LineAt(lines, 0) is { } first && IsLine(first) ? [] : [$"Passwords__BreachedFile ({file}) does not begin with a line SHA1:COUNT: it must be sorted by SHA-1, in capitals."];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [$"Passwords__BreachedFile ({file}) cannot be read: {error.GetType().Name}."];
        }
    });

    private static bool Contains(string file, string hash)
    {
        using var lines = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, LongestLine);
        // The first line that is not before the hash begins in [low, high).
        var (low, high) = (0L, lines.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var line = LineAt(lines, middle);
            if (line is null || string.CompareOrdinal(line, 0, hash, 0, HashLetters) >= 0) high = middle;
            else low = middle + 1;
        }
        return LineAt(lines, low) is { } found && found.StartsWith(hash, StringComparison.Ordinal);
    }

    /// <summary>The first line that begins at a place or after it; null when none does.</summary>
    private static string? LineAt(FileStream lines, long place)
    {
        lines.Position = Math.Max(0, place - 1);
        if (place > 0)
            for (int b; (b = lines.ReadByte()) != '\n';)
                if (b < 0) return null;
        var line = new StringBuilder(LongestLine);
        for (int b; (b = lines.ReadByte()) >= 0 && b != '\n' && line.Length < LongestLine;)
            if (b != '\r') line.Append((char)b);
        return line.Length > 0 ? line.ToString() : null;
    }

    private static bool IsLine(string line) => line.Length > HashLetters && line[HashLetters] == ':' && line[..HashLetters].All(c => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F');

    [SuppressMessage("Security", "CA5350", Justification = "The corpus names passwords by their SHA-1; nothing is protected by it here.")]
    private static string HashOf(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
}
