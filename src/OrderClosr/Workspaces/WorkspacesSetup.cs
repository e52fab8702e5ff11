using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using OrderClosr.Ground.Data;

namespace OrderClosr.Workspaces;

/// <summary>Accounts, sign-in, members.</summary>
public static class WorkspacesSetup
{
    /// <summary>Name of the limit on the doors where passwords are tried.</summary>
    internal const string PasswordDoor = "password";

    public static IServiceCollection AddWorkspaces(this IServiceCollection services, IConfiguration settings)
    {
        var https = (settings["Public:BaseUrl"] ?? "").StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        services.AddIdentityCore<Account>(o =>
        {
            o.User.RequireUniqueEmail = true;
            o.User.AllowedUserNameCharacters = ""; // the e-mail is the name
            o.Password.RequireDigit = o.Password.RequireLowercase = o.Password.RequireUppercase = o.Password.RequireNonAlphanumeric = false;
            o.Password.RequiredLength = PasswordRules.Shortest;
        }).AddEntityFrameworkStores<OrderClosrDb>();
        services.AddScoped<IPasswordHasher<Account>, AccountPasswords>();
        services.AddScoped<SigningIn>().AddScoped<SigningUp>().AddSingleton<SignIns>();

        services.AddAuthentication(SignIns.Scheme).AddCookie(SignIns.Scheme, o => SignIns.Configure(o, https));
        services.AddAuthorization();
        services.AddDataProtection().SetApplicationName("OrderClosr");
        services.AddSingleton<CookieKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<CookieKeys>((o, keys) => o.XmlRepository = keys);

        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            var perMinute = int.TryParse(settings["SignIn:PerMinute"], CultureInfo.InvariantCulture, out var n) ? n : 30;
            limits.AddPolicy(PasswordDoor, http => RateLimitPartition.GetSlidingWindowLimiter(http.Connection.RemoteIpAddress?.ToString() ?? "", _ =>
                new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 }));
        });
        return services;
    }
}
