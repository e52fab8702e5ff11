using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Billing;

/// <summary>The invoices go with the workspace; what was paid stands in the letter that proves its deletion. Until that is sent the list lies sealed beside the owners' addresses.</summary>
internal sealed class ListInvoicesOnDeletion(OrderClosrDb db, SecretBox secrets, IMailServer mail) : IListener<DeletionAsked>
{
    /// <summary>More than anybody has; a letter is no ledger.</summary>
    private const int Most = 200;

    public async Task OnAsync(DeletionAsked fact, CancellationToken stop)
    {
        if (!mail.IsOn) return;
        var paid = await db.Invoices.AsNoTracking().Where(i => i.State == InvoiceState.Paid).OrderByDescending(i => i.Id).Take(Most).ToListAsync(stop);
        if (paid.Count == 0) return;
        fact.Deletion.Invoices = secrets.Seal(db.WorkspaceId, Deletion.InvoicesField, JsonSerializer.Serialize(paid.Select(i => $"{i.Number} · {AlgiersTime.DateInAlgiers(i.PaidAt ?? i.IssuedAt).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)} · {i.ToPay}")));
    }
}
