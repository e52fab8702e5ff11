using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <inheritdoc cref="IRoomExport"/>
/// <remarks>Of a member's account the workspace knows name and e-mail; password, second step, passkeys and sign-ins are the person's.</remarks>
internal sealed class WorkspacesExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Found("members", "Who works in the shop, with which role.",
            db =>
            {
                var here = db.WorkspaceId;
                return from member in db.Members
                       where member.WorkspaceId == here
                       join account in db.Accounts on member.AccountId equals account.Id
                       orderby member.Id
                       select new ExportedMember { Id = member.Id, AccountId = account.Id, Name = account.Name, Email = account.Email, Role = member.Role, CreatedAt = member.CreatedAt };
            },
            m => m.Id, m => m.AccountId, m => m.Name, m => m.Email, m => m.Role, m => m.CreatedAt),
        TableExport.Of<AuditEntry>("audit_log", "Who did what in the workspace.", e => e.Id, e => e.At, e => e.Actor, e => e.ActorId, e => e.Action, e => e.Subject, e => e.SubjectId, e => e.SubjectName).Json(e => e.Old).Json(e => e.New),
        TableExport.Of<Invitation>("invitations", "Who is invited and has not come yet.", i => i.Id, i => i.Email, i => i.Role, i => i.Language, i => i.CreatedAt, i => i.SentAt, i => i.ExpiresAt),
        TableExport.Of<AskedExport>("exports", "Exports that were asked for.", e => e.Id, e => e.AskedBy, e => e.AskedAt, e => e.Format, e => e.State, e => e.ReadyAt, e => e.ExpiresAt),
    ];

    private sealed class ExportedMember
    {
        public required MemberId Id { get; init; }
        public required Guid AccountId { get; init; }
        public required string Name { get; init; }
        public required string? Email { get; init; }
        public required Role Role { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
    }
}
