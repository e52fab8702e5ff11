using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace OrderClosr.Web;

/// <summary>The languages of our pages and how a reader's is chosen: the cookie set by the switch, else what the browser asks for, else French.</summary>
public static class Languages
{
    /// <summary>The cookie that remembers the switch.</summary>
    public const string Cookie = "lang";

    /// <summary>French and Arabic as Algeria writes them.</summary>
    public static readonly IReadOnlyList<CultureInfo> All = [CultureInfo.GetCultureInfo("fr-DZ"), CultureInfo.GetCultureInfo("ar-DZ")];

    /// <summary>The one page that speaks English too, and whose address says the language (<c>?lang=en</c>): whoever reviews a vendor's app reads it. All its words are of its own (<c>Policy.en.resx</c>).</summary>
    public const string PageInEnglishToo = "/privacy";

    private static readonly IReadOnlyList<CultureInfo> WithEnglish = [.. All, CultureInfo.GetCultureInfo("en")];

    /// <summary><c>fr</c> or <c>ar</c>: the language of the page being written.</summary>
    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary><c>ltr</c> or <c>rtl</c>.</summary>
    public static string Direction => CultureInfo.CurrentUICulture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    /// <summary>The language the switch offers.</summary>
    public static string Other => Current == "ar" ? "fr" : "ar";

    /// <summary>Chooses the language of each request. Numbers and dates are written by components: the culture of formatting stays invariant.</summary>
    public static IApplicationBuilder UseLanguages(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = Choose(context.Request);
        return next(context);
    });

    /// <summary>Answers in a workspace's own language where the reader chose none; null leaves it at what the browser asks for.</summary>
    internal static async ValueTask<object?> SpeakUnlessChosenAsync(HttpRequest request, string? language, Func<ValueTask<object?>> answer)
    {
        if (Find(request.Cookies[Cookie]) is not null || Find(language) is not { } known) return await answer();
        CultureInfo.CurrentUICulture = known;
        var said = await answer();
        return said is IResult page ? new Spoken(page, known) : said;
    }

    /// <summary>A page is written after the door has answered, and what the door said of the language is forgotten by then.</summary>
    private sealed class Spoken(IResult page, CultureInfo language) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            CultureInfo.CurrentUICulture = language;
            return page.ExecuteAsync(httpContext);
        }
    }

    /// <summary>Reads a language from a switch or cookie; anything unknown is none.</summary>
    public static CultureInfo? Find(string? code) => Find(All, code);

    private static CultureInfo? Find(IReadOnlyList<CultureInfo> among, string? code) => among.FirstOrDefault(c => c.TwoLetterISOLanguageName == code);

    private static CultureInfo Choose(HttpRequest request)
    {
        var among = All;
        if (request.Path == PageInEnglishToo)
        {
            among = WithEnglish;
            if (Find(among, request.Query["lang"]) is { } wanted) return wanted;
        }
        if (Find(among, request.Cookies[Cookie]) is { } chosen) return chosen;
        foreach (var asked in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
            if (asked.Value.Value is { Length: >= 2 } code && Find(among, code[..2].ToLowerInvariant()) is { } known) return known;
        return All[0];
    }
}
