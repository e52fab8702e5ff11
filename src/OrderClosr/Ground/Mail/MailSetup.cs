using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Mail;

/// <summary>The lane of letters.</summary>
public static class MailSetup
{
    /// <summary>Where jobs that send a letter wait.</summary>
    public const string Lane = "mail/smtp";

    public static IServiceCollection AddMail(this IServiceCollection services) =>
        services.AddSingleton(new LaneRule(Lane, new LaneBudget(2))).AddHostedService<TryAgainAtStart>();

    /// <summary>A user or password that the mail server refused stops the lane; both come from the environment, so a start is when they may have been mended.</summary>
    private sealed class TryAgainAtStart(WorkspaceScopes scopes, IMailServer server, TimeProvider time, ILogger<TryAgainAtStart> log) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (!server.IsOn)
            {
                log.LogWarning("No mail server (Smtp__Url): nobody can confirm an e-mail or choose a new password; who signs up is not asked to confirm.");
                return;
            }
            await using var scope = scopes.OpenEverywhere("letters of accounts belong to no workspace");
            await scope.Db.InTransactionAsync(() => scope.Db.ResumeLaneAsync(Lane, time.GetUtcNow(), cancellationToken), cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
