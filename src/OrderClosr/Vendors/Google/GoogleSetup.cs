using OrderClosr.Ground.Outbound;
using OrderClosr.Sheets;

namespace OrderClosr.Vendors.Google;

/// <summary>Google Sheets (facts/google-sheets.md): addresses come from the operator's settings, never from a merchant's file.</summary>
public static class GoogleSetup
{
    private const string SheetsUrl = "https://sheets.googleapis.com/v4/", TokenUrl = "https://oauth2.googleapis.com/token";

    public static IServiceCollection AddGoogle(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = new GoogleSettings(new Uri((configuration["Sheets:Url"] ?? SheetsUrl).TrimEnd('/') + "/"), new Uri(configuration["Sheets:TokenUrl"] ?? TokenUrl));
        services.AddSingleton(OutboundRule.For(GoogleTokens.Vendor, [settings.SheetsUrl, settings.TokenUrl]));
        return services.AddSingleton(settings).AddSingleton<GoogleTokens>().AddSingleton<GooglePace>().AddSingleton<ISpreadsheets, GoogleSheets>();
    }
}

/// <summary>Where Google is.</summary>
internal sealed record GoogleSettings(Uri SheetsUrl, Uri TokenUrl);
