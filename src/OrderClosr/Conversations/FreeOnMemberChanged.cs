using OrderClosr.Ground.Jobs;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations;

/// <summary>Whose role answers nobody holds no conversation.</summary>
internal sealed class FreeOnMemberChanged(Holding holding) : IListener<MemberChanged>, IListener<MemberDisabled>
{
    public Task OnAsync(MemberChanged fact, CancellationToken stop) => fact.Role?.May(Capability.AnswerCustomers) == true ? Task.CompletedTask : holding.FreeAsync(fact.Account, stop);
    public Task OnAsync(MemberDisabled fact, CancellationToken stop) => holding.FreeAsync(fact.Account, stop);
}
