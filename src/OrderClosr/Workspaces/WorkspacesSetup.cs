using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Ui;

namespace OrderClosr.Workspaces;

/// <summary>Accounts, sign-in, members.</summary>
public static class WorkspacesSetup
{
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
        services.AddScoped<SigningIn>().AddScoped<Tries>().AddScoped<SigningUp>().AddSingleton<SignIns>();
        services.AddScoped<Actor>().AddScoped<Audit>().AddScoped<AuditReader>();
        services.AddScoped<AccountLinks>().AddScoped<ForgottenPasswords>().AddScoped<Confirming>().AddSingleton<LetterPaper>().AddScoped<ShopLetters>().AddJob<SendAccountLetter, SendAccountLetterHandler>();
        services.AddScoped<Invitations>().AddScoped<Joining>().AddScoped<Membership>().AddScoped<ChangeWorkspace>().AddScoped<MembersView>().AddJob<SendInvitation, SendInvitationHandler>().AddJob<SendMemberLetter, SendMemberLetterHandler>();
        services.AddScoped<OwnAccount>().AddScoped<OwnPassword>().AddScoped<AccessNews>().AddScoped<SecondSteps>().AddSingleton<SecondStepDemand>().AddScoped<RecoveryCodes>().AddScoped<HalfSignIn>().AddScoped<Sessions>().AddScoped<KnownBrowsers>();
        services.AddScoped<Passkeys>().AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>().Configure<IdentityPasskeyOptions>(o =>
        {
            // The device asks for finger, face or PIN and knows by itself whose key it is: then it is both steps in one.
            o.UserVerificationRequirement = o.ResidentKeyRequirement = "required";
            // Behind a proxy too the keys are of the address people see. An address of digits can have none.
            if (Uri.TryCreate(settings["Public:BaseUrl"], UriKind.Absolute, out var ours) && ours.HostNameType == UriHostNameType.Dns) o.ServerDomain = ours.Host;
        });

        services.AddScoped<DeleteWorkspace>().AddScoped<DeletionProofs>().AddJob<SendDeletionLetter, SendDeletionLetterHandler>().AddJob<ProveDeletions, ProveDeletionsHandler>().AddJob<SendDeletionProof, SendDeletionProofHandler>();
        services.AddScoped<IListener<DeletionAsked>, TellOwnersOnDeletion>().AddScoped<IListener<DeletionUndone>, TellOwnersOnDeletion>();

        services.AddAuthentication(SignIns.Scheme).AddCookie(SignIns.Scheme, o => SignIns.Configure(o, https));
        services.AddAuthorization();
        services.AddDataProtection().SetApplicationName("OrderClosr");
        services.AddSingleton<CookieKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<CookieKeys>((o, keys) => o.XmlRepository = keys);

        services.AddSingleton<ExportedTables>().AddSingleton<ExportWriter>().AddSingleton<ExportFolder>().AddSingleton<ExportWriting>().AddSingleton<ExportClearing>().AddScoped<Exporting>();
        services.AddJob<MakeExport, MakeExportHandler>().AddJob<ClearExports, ClearExportsHandler>();
        services.AddSingleton<BreachedPasswords>().AddSingleton(BreachedPasswords.StartCheck).AddSingleton(StartCheck.Of("second step", SecondStepDemand.Problems));
        services.AddScoped<CloseAccount>().AddSingleton<IClosedAccounts, ClosedAccounts>().AddScoped<Disabling>().AddJob<FreeOfDisabled, FreeOfDisabledHandler>().AddSingleton<UnconfirmedAccounts>().AddJob<PurgeUnconfirmed, PurgeUnconfirmedHandler>();
        services.AddSingleton<PasswordDoor>();
        services.AddNavItem(new("workspaces", NavGroup.Settings, 10, "gear", "settings/workspaces", Needs: Capability.Enter)).AddNavItem(new("audit", NavGroup.Settings, 90, "sheet", "settings/audit", Needs: Capability.ReadAudit));
        return services;
    }
}
