using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;

namespace OrderClosr.Vendors.Smtp;

/// <summary>SMTP as the way letters leave.</summary>
public static class SmtpSetup
{
    public static IServiceCollection AddSmtp(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(StartCheck.Of("mail", SmtpSettings.Problems));
        if (SmtpSettings.Read(settings) is { } smtp) services.AddSingleton(smtp).AddSingleton(OutboundRule.For("smtp", [smtp.Url]));
        return services.AddSingleton<IMailServer, SmtpMailServer>();
    }
}
