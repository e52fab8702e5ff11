using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;

namespace OrderClosr.Workspaces;

/// <summary>Tells a person that the role in the workspace changed, or that there is none any more. Written in the transaction of the change.</summary>
/// <param name="Role">The role now; null: removed.</param>
internal sealed record SendMemberLetter(Guid Key, Guid AccountId, Role? Role) : IShopLetter
{
    public static string Kind => "send_member_letter";
    public string Lane => MailSetup.Lane;

    // In the order it happened: the last letter says how it is.
    public string OrderKey => AccountId.ToString("N");
}

/// <inheritdoc cref="SendMemberLetter"/>
internal sealed class SendMemberLetterHandler(ShopLetters letters) : IJobHandler<SendMemberLetter>
{
    public Task<JobOutcome> RunAsync(SendMemberLetter job, JobRun run, CancellationToken stop) =>
        letters.SendAsync(job, job.Role is { } role ? new("role", "", (words, shop) => [shop, LetterPaper.RoleIn(words, role)]) : new("removed", "/w", (_, shop) => [shop]), stop, ownersOnly: false);
}
