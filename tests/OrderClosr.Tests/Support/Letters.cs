using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrderClosr.Tests.Support;

/// <summary>A letter as the mail server of the sandbox took it.</summary>
internal sealed record SeenLetter(int Id, string From, string[] To, string Subject, string MessageId, string Language, string Text, string Html)
{
    /// <summary>The path of the letter's link: the same in text and HTML.</summary>
    internal string Link
    {
        get
        {
            var address = Regex.Match(Text, @"https?://\S+").Value;
            Assert.NotEmpty(address);
            Assert.Contains($"href=\"{address}\"", Html, StringComparison.Ordinal);
            return new Uri(address).AbsolutePath;
        }
    }
}

/// <summary>Everybody's mailbox.</summary>
internal static class Letters
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private sealed record Page(SeenLetter[] Items);

    /// <summary>All letters to an address so far, oldest first.</summary>
    internal static async Task<SeenLetter[]> LettersAsync(this TestApp app, string to) =>
        (await app.Sandbox.GetFromJsonAsync<Page>($"/mail/_letters?to={Uri.EscapeDataString(to)}", Snake))!.Items;

    /// <summary>Confirms an address as its reader does: opens the letter's link and presses its button.</summary>
    internal static async Task ConfirmAsync(this TestApp app, string to)
    {
        var link = (await app.LetterAsync(to)).Link;
        using var reader = new Visitor(app);
        await reader.ReadAsync(link);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await reader.PostAsync(link)).StatusCode);
    }

    /// <summary>Waits until so many letters have come to an address; answers the last.</summary>
    internal static async Task<SeenLetter> LetterAsync(this TestApp app, string to, int count = 1)
    {
        var letters = await Eventually.FindsAsync(async () => await app.LettersAsync(to) is var all && all.Length >= count ? all : null);
        Assert.Equal(count, letters.Length);
        return letters[^1];
    }
}
