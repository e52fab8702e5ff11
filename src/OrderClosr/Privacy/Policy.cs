using System.Net.Mail;
using OrderClosr.Ground.Running;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Privacy;

/// <summary>The public privacy policy: what is promised, in the numbers of the product's specification, and since when it says so.</summary>
/// <remarks>The sentences are the words <c>policy.pN_title</c> and <c>policy.pN_text</c> in three languages. Each is proven by a class
/// <c>PNN_…</c> of the tests.</remarks>
public static class Policy
{
    /// <summary>The day the page last changed what it says. Move it with every change of its words.</summary>
    public static readonly DateOnly Version = new(2026, 11, 29);

    /// <summary>All nineteen, in their order.</summary>
    public static IReadOnlyList<PolicyPromise> Promises { get; } = [.. Enumerable.Range(1, 19).Select(n => new PolicyPromise(n))];

    /// <summary>What is kept and until when: the words <c>policy.keep_KEY</c> and <c>policy.keep_KEY_for</c>.</summary>
    public static IReadOnlyList<string> Kept { get; } = ["conversations", "invoices", "deliveries", "jobs", "sessions", "unconfirmed", "tries", "backups"];
}

/// <summary>One promise of the policy.</summary>
/// <param name="Number">As everybody calls it: 1 is P1. Its anchor on the page is <c>#p1</c>.</param>
public sealed record PolicyPromise(int Number)
{
    /// <summary>Its anchor and the beginning of its words: <c>p1</c>.</summary>
    public string Key => $"p{Number}";
}

/// <summary>Who runs this server, as the operator names them: <c>Policy__CompanyName</c> and <c>Policy__ContactEmail</c>.</summary>
/// <param name="Company">Empty when not set.</param>
/// <param name="Email">Where to write to (promise P19); empty when not set.</param>
public sealed record PolicyOwner(string Company, string Email)
{
    internal static PolicyOwner Read(IConfiguration settings) => new((settings["Policy:CompanyName"] ?? "").Trim(), (settings["Policy:ContactEmail"] ?? "").Trim());

    /// <summary>What is wrong with the settings; that they are missing is only said at start: the policy is no reason to leave customers without an answer.</summary>
    internal static IEnumerable<string> Problems(IConfiguration settings)
    {
        if (Read(settings).Email is { Length: > 0 } email && !(MailAddress.TryCreate(email, out var address) && address.Address == email)) yield return "Policy__ContactEmail is no e-mail address.";
    }

    /// <summary>The settings that are missing.</summary>
    public IReadOnlyList<string> Missing => [.. new[] { (Company, "Policy__CompanyName"), (Email, "Policy__ContactEmail") }.Where(s => s.Item1.Length == 0).Select(s => s.Item2)];
}

/// <summary>Says at every start what the policy cannot say.</summary>
internal sealed class SayAtStart(PolicyOwner owner, ILogger<SayAtStart> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (owner.Missing is { Count: > 0 } missing) log.LogWarning("The privacy page does not say who runs this server and where to write to: set {Settings}.", string.Join(" and ", missing));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The policy's services.</summary>
public static class PrivacySetup
{
    public static IServiceCollection AddPrivacy(this IServiceCollection services, IConfiguration settings) => services
        .AddSingleton(StartCheck.Of("policy", PolicyOwner.Problems)).AddSingleton(PolicyOwner.Read(settings)).AddHostedService<SayAtStart>()
        .AddScoped<RegisterFiles>().AddNavItem(new("privacy", NavGroup.Settings, 80, "lock", "settings/privacy", Needs: Capability.ReadRegister));
}
