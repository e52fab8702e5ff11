using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>A real Chromium before the running app: screens of 390 and 1280 px, French and Arabic, axe and the console watched.</summary>
/// <remarks>Without a Chromium (<c>ORDERCLOSR_TEST_CHROMIUM</c>, which <c>./test.sh</c> sets, else <c>/usr/bin/chromium</c>) a test is skipped visibly. To look at the screens yourself name a folder for them in <c>ORDERCLOSR_TEST_SCREENS</c>: drawing them takes longer than testing them.</remarks>
[Trait("kind", "browser")]
public abstract class BrowserTest
{
    private static readonly string Program = Environment.GetEnvironmentVariable("ORDERCLOSR_TEST_CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium";

    private static readonly string? ScreensFolder = Environment.GetEnvironmentVariable("ORDERCLOSR_TEST_SCREENS") is { Length: > 0 } folder ? Directory.CreateDirectory(folder).FullName : null;

    private static readonly Lazy<Task<IPlaywright>> Driver = new(Playwright.CreateAsync);
    private static readonly Lazy<Task<IBrowser>> Chromium = new(() => LaunchAsync());

    private static async Task<IBrowser> LaunchAsync(params string[] more) => await (await Driver.Value).Chromium.LaunchAsync(new()
    {
        ExecutablePath = Program,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", .. more],
    });

    private static readonly Lazy<string> AxeScript = new(() => new BundledAxeScriptProvider().GetScript());

    /// <summary>Asked in the page itself: our pages have no frames, and the package's own way opens a second page for each look, two seconds long.</summary>
    private const string FindViolations = """
        async () => (await axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }, resultTypes: ["violations"] }))
            .violations.map(v => `${v.id}: ${v.help} ${v.nodes.slice(0, 3).map(n => n.html).join(" | ")}`)
        """;

    /// <summary>Phone and desk, in both languages.</summary>
    public static TheoryData<int, string> Screens => new() { { 390, "fr" }, { 390, "ar" }, { 1280, "fr" }, { 1280, "ar" } };

    /// <summary>Phone and desk, both languages, light and dark in two windows; in four where somebody wants the screens to look at.</summary>
    protected static IReadOnlyList<(int Width, string Language, bool Dark)> Looks =>
        ScreensFolder is null ? [(390, "fr", true), (1280, "ar", false)] : [(390, "fr", true), (1280, "ar", false), (390, "ar", false), (1280, "fr", true)];

    /// <summary>A window of a person; <paramref name="dark"/> as the system says at night.</summary>
    /// <param name="film">What the camera sees, a Y4M file; such a window has a browser of its own. Null: no camera.</param>
    protected static async Task<Window> OpenAsync(TestApp app, int width, string language, bool dark = false, bool script = true, string? film = null)
    {
        Assert.SkipUnless(File.Exists(Program), $"No {Program}: ./test.sh installs it.");
        var own = film is null ? null : await LaunchAsync("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", $"--use-file-for-fake-video-capture={film}");
        var context = await (own ?? await Chromium.Value).NewContextAsync(new()
        {
            BaseURL = app.Url, ViewportSize = new() { Width = width, Height = width < 700 ? 844 : 900 }, Locale = language == "ar" ? "ar-DZ" : "fr-DZ", TimezoneId = "Africa/Algiers",
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, HasTouch = width < 700, JavaScriptEnabled = script,
        });
        // Long enough for a busy machine; a test that passes never waits for it.
        context.SetDefaultTimeout(45_000);
        Assertions.SetDefaultExpectTimeout(45_000);
        return new(context, await context.NewPageAsync(), own);
    }

    /// <summary>One window; what its console complained about fails the test at the end.</summary>
    protected sealed class Window : IAsyncDisposable
    {
        private readonly IBrowserContext _context;
        private readonly IBrowser? _own;
        private readonly List<string> _complaints = [];

        internal Window(IBrowserContext context, IPage page, IBrowser? own)
        {
            (_context, Page, _own) = (context, page, own);
            page.Console += (_, message) => { if (message.Type is "error" && !message.Text.Contains("ERR_INCOMPLETE_CHUNKED_ENCODING", StringComparison.Ordinal)) _complaints.Add(message.Text); };
            page.PageError += (_, error) => _complaints.Add(error);
        }

        public IPage Page { get; }

        /// <summary>What console and scripts complained about: violations of the content policy among them.</summary>
        public IReadOnlyList<string> Complaints => _complaints;

        /// <summary>Signs in through the form.</summary>
        public async Task SignInAsync(Shop shop, string to)
        {
            await Page.GotoAsync($"/sign-in?to={Uri.EscapeDataString(to)}");
            await Page.FillAsync("#email", shop.OwnerEmail);
            await Page.FillAsync("#password", shop.OwnerPassword);
            await Page.ClickAsync("main form button");
            await Page.ArrivesAtAsync($"**{to}");
        }

        /// <summary>Waits until the page's scripts run and its live stream has said hello: from here on keys and changes are heard.</summary>
        public Task HearsAsync() => Page.WaitForSelectorAsync("body[data-live=on]");

        /// <summary>Keeps the screen where wanted.</summary>
        public async Task KeepAsync(string name, bool full = true)
        {
            if (ScreensFolder is not null) await Page.ScreenshotAsync(new() { Path = Path.Combine(ScreensFolder, $"{name}.png"), FullPage = full });
        }

        /// <summary>Keeps the screen where wanted, then asks axe, the width and the console: none may complain.</summary>
        /// <param name="statusComplaint">The page was answered with a status that the console notes as an error.</param>
        public async Task LooksRightAsync(string name, bool full = false, bool statusComplaint = false)
        {
            await KeepAsync(name, full);
            var sideways = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(sideways <= 0, $"{name} scrolls sideways by {sideways} px.");
            await Page.EvaluateAsync(AxeScript.Value);
            var violations = await Page.EvaluateAsync<string[]>(FindViolations);
            Assert.True(violations.Length == 0, $"{name}: {string.Join("\n", violations)}");
            Assert.DoesNotContain(_complaints, c => !statusComplaint || !(c.Contains("status of 422", StringComparison.Ordinal) || c.Contains("status of 410", StringComparison.Ordinal) || c.Contains("status of 409", StringComparison.Ordinal) || c.Contains("status of 404", StringComparison.Ordinal) || c.Contains("htmx:sse:error", StringComparison.Ordinal)));
        }

        public async ValueTask DisposeAsync()
        {
            await _context.DisposeAsync();
            if (_own is not null) await _own.DisposeAsync();
        }
    }
}

/// <summary>Arriving at another page.</summary>
internal static class Arrivals
{
    /// <summary>Waits until the page has this address and is loaded.</summary>
    /// <param name="address"><c>**</c> stands for anything, <c>*</c> for anything without a slash.</param>
    internal static Task ArrivesAtAsync(this IPage page, string address) =>
        page.ArrivesAtAsync(new Regex($"^{Regex.Escape(address).Replace("\\*\\*", ".*", StringComparison.Ordinal).Replace("\\*", "[^/]*", StringComparison.Ordinal)}$"));

    /// <inheritdoc cref="ArrivesAtAsync(IPage, string)"/>
    internal static async Task ArrivesAtAsync(this IPage page, Regex address)
    {
        await Assertions.Expect(page).ToHaveURLAsync(address);
        // Asked in the page itself: the library looks whether a page is loaded and listens only then, and waits for good for one that loaded in between.
        await page.EvaluateAsync("() => document.readyState === 'complete' || new Promise(done => addEventListener('load', () => done(), { once: true }))");
    }
}
