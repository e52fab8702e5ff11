using OrderClosr.Conversations;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Orders.Pages;

/// <summary>The one place that decides who is shown a customer's number, and takes it out of what a page is given: a page cannot show what it does not have.</summary>
/// <remarks>Who sees all orders sees all numbers. Who sees the queue alone sees the number of an order while it is in the own hand (<see cref="TakeOrder"/>).
/// Only rows that were read without tracking come here: they are changed and never saved.</remarks>
public sealed class HiddenNumbers(Shop shop, TimeProvider time)
{
    /// <summary>Are all numbers of the shop for the member who looks?</summary>
    public bool ShowsAll => shop.May(Capability.SeeOrders);

    /// <summary>Is the number of this order for the member who looks?</summary>
    public bool Shows(Order order) => ShowsAll || order.HolderAt(time.GetUtcNow()) == shop.AccountId;

    /// <summary>An order without its numbers, in fields and in what was typed, unless they are for this member.</summary>
    public void Hide(Order? order)
    {
        if (order is null || Shows(order)) return;
        (order.Phone, order.SecondPhone) = (null, null);
        (order.Name, order.Address, order.Note) = (Phone.MaskedIn(order.Name), Phone.MaskedIn(order.Address), Phone.MaskedIn(order.Note));
        if (order.Reason is { } reason) order.Reason = Phone.MaskedIn(reason);
    }

    /// <summary>A sheet without them, and the customer's last words as well.</summary>
    public OrderSheet? Hide(OrderSheet? sheet, IReadOnlyList<Message> heard)
    {
        if (sheet is null) return null;
        Hide(sheet.Duplicate);
        if (Shows(sheet.Order)) return sheet;
        var masked = sheet.Order.Phone?.Masked;
        Hide(sheet.Order);
        foreach (var message in heard) message.Text = Phone.MaskedIn(message.Text);
        if (sheet.Customer is { } customer)
        {
            customer.Phones.Clear();
            (customer.Name, customer.Search) = (Phone.MaskedIn(customer.Name), "");
        }
        return sheet with { HiddenPhone = masked ?? "", Said = new Dictionary<MessageId, Message>(), Conversation = null };
    }
}
