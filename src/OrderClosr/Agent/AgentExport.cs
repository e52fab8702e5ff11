using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Agent;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class AgentExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<AgentSettings>("agent_settings", "How the agent sells, in the shop's own words.", s => s.Rules, s => s.Tone, s => s.SoonMessage, s => s.ConversationCapMicroDollars, s => s.DayCap, s => s.MonthCap, s => s.ProposesComplaints, s => s.ProposesWholesale,
            s => s.ProposesOver, s => s.HardModel, s => s.NoticeOn, s => s.NoticeArabic, s => s.NoticeLatin).Json(s => s.Hours),
        TableExport.Of<TurnRecord>("turns", "Each answer of the agent: why it was so, what it cost.", t => t.Id, t => t.ConversationId, t => t.AnsweredUpTo, t => t.StartedAt, t => t.EndedAt, t => t.Outcome, t => t.Reason, t => t.Model, t => t.Steps, t => t.InputTokens,
                t => t.CacheReadTokens, t => t.CacheWriteTokens, t => t.OutputTokens, t => t.CostMicroDollars).Json(t => t.Why)
            .OfCustomer((db, customer) =>
            {
                var talks = Talks(db, customer);
                return db.Turns.Where(t => talks.Contains(t.ConversationId));
            }),
        TableExport.Of<Proposal>("proposals", "Answers the agent wrote for a person to send.", p => p.Id, p => p.ConversationId, p => p.TurnId, p => p.Reason, p => p.Text, p => p.Seq, p => p.At, p => p.State, p => p.DecidedBy, p => p.DecidedAt).Json(p => p.Photos)
            .OfCustomer((db, customer) =>
            {
                var talks = Talks(db, customer);
                return db.Proposals.Where(p => talks.Contains(p.ConversationId));
            }),
    ];

    private static IQueryable<ConversationId> Talks(OrderClosrDb db, Guid customer)
    {
        var of = new CustomerId(customer);
        return db.Conversations.Where(c => c.CustomerId == of).Select(c => c.Id);
    }
}
