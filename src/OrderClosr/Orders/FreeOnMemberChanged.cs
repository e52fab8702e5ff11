using OrderClosr.Ground.Jobs;
using OrderClosr.Workspaces;

namespace OrderClosr.Orders;

/// <summary>Whose role confirms nothing has no order in hand.</summary>
internal sealed class FreeOnMemberChanged(TakeOrder take) : IListener<MemberChanged>, IListener<MemberDisabled>
{
    public Task OnAsync(MemberChanged fact, CancellationToken stop) => fact.Role?.May(Capability.Confirm) == true ? Task.CompletedTask : take.FreeAsync(fact.Account, stop);
    public Task OnAsync(MemberDisabled fact, CancellationToken stop) => take.FreeAsync(fact.Account, stop);
}
