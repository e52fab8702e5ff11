using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Web.Api;

/// <summary>Answers kept for repeated requests hold names and phones: those about an erased customer go.</summary>
internal sealed class ApiErasure(OrderClosrDb db) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [typeof(ApiReplay)];

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        foreach (var id in (Guid[])[customer.Customer, .. customer.Conversations, .. customer.Orders])
        {
            var named = id.ToString("N");
            await db.ApiReplays.Where(r => r.Answer.Contains(named)).ExecuteDeleteAsync(stop);
        }
    }
}
