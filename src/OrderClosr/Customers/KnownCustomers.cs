using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Customers;

/// <summary>Who a channel says it is: one person, by one or several of the channel's ids.</summary>
/// <param name="Handles">The channel's ids of the person; a WhatsApp customer may have a number, a business-scoped id, or both.</param>
/// <param name="Name">As the channel shows it; null when it does not.</param>
public sealed record Person(IReadOnlyList<PersonHandle> Handles, string? Name = null);

/// <summary>One of the channel's ids of a person.</summary>
public readonly record struct PersonHandle(HandleKind Kind, string Value);

/// <summary>Finds the customers behind the channels' ids, many at once, and makes those who write for the first time.</summary>
/// <remarks>The unique key (channel, handle) decides: two processes that meet the same new person at once cannot both make one; the loser reads again.</remarks>
public sealed class KnownCustomers(OrderClosrDb db, TimeProvider time)
{
    private readonly Dictionary<(ChannelId, string), Customer> _byHandle = [];

    /// <summary>Loads the customers of these people; makes the missing ones where asked. Run inside the caller's transaction.</summary>
    public async Task MeetAsync(IReadOnlyCollection<(ChannelId Channel, Person Person, bool Make)> people, CancellationToken stop)
    {
        await LoadAsync(people, stop);
        foreach (var (channel, person, make) in people)
        {
            var known = person.Handles.Where(h => _byHandle.ContainsKey((channel, h.Value))).ToList();
            if (known.Count == 0 && !make) continue;
            // Where a number and a business-scoped id lead to two customers, the number's is the older acquaintance.
            var customer = known.Count > 0 ? _byHandle[(channel, known.MinBy(h => h.Kind == HandleKind.BusinessScoped).Value)] : Make(person);
            foreach (var handle in person.Handles) Attach(channel, customer, handle);
            if (customer.Name.Length == 0 && !string.IsNullOrWhiteSpace(person.Name)) Rename(customer, person.Name);
        }
    }

    /// <summary>The customer behind any of the handles; null when nobody met them yet.</summary>
    public Customer? Of(ChannelId channel, Person person) =>
        person.Handles.Select(h => _byHandle.GetValueOrDefault((channel, h.Value))).FirstOrDefault(c => c is not null);

    /// <summary>A person now has another id on the channel: the customer stays, the old id is let go (a number may become a stranger's).</summary>
    public async Task RekeyAsync(ChannelId channel, PersonHandle old, PersonHandle now, CancellationToken stop)
    {
        var handles = await db.CustomerHandles.Where(h => h.ChannelId == channel && (h.Handle == old.Value || h.Handle == now.Value)).ToListAsync(stop);
        if (handles.SingleOrDefault(h => h.Handle == old.Value) is not { } before || old.Value == now.Value) return;
        var customer = await db.Customers.SingleAsync(c => c.Id == before.CustomerId, stop);
        db.Remove(before);
        _byHandle.Remove((channel, old.Value));
        if (handles.SingleOrDefault(h => h.Handle == now.Value) is { } already) already.CustomerId = customer.Id;
        else db.Add(new CustomerHandle { Id = Id<CustomerHandle>.New(time.GetUtcNow()), ChannelId = channel, CustomerId = customer.Id, Kind = now.Kind, Handle = now.Value });
        _byHandle[(channel, now.Value)] = customer;
        AddPhone(customer, now, first: true);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Writes the name and what search finds.</summary>
    public static void Rename(Customer customer, string name)
    {
        customer.Name = Cut(name.Trim(), 120);
        customer.Search = SearchOf(customer);
    }

    /// <summary>Name and phones, folded; each phone also as it is written at home.</summary>
    public static string SearchOf(Customer customer) =>
        Folding.Fold($"{customer.Name} {string.Join(' ', customer.Phones.Select(p => $"{p} {Phone.Stored(p).National}"))}");

    private async Task LoadAsync(IReadOnlyCollection<(ChannelId Channel, Person Person, bool Make)> people, CancellationToken stop)
    {
        var channels = people.Select(p => p.Channel).Distinct().ToList();
        foreach (var values in people.SelectMany(p => p.Person.Handles).Select(h => h.Value).Distinct().Chunk(500))
        {
            // Not joined: PostgreSQL, which expects few customers of a shop that grew a minute ago, would go through all of them instead of the handles.
            var found = await db.CustomerHandles.Where(h => channels.Contains(h.ChannelId) && values.Contains(h.Handle)).Select(h => new { h.ChannelId, h.Handle, h.CustomerId }).ToListAsync(stop);
            var ids = found.Select(h => h.CustomerId).Distinct().ToList();
            var customers = ids.Count == 0 ? [] : await db.Customers.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, stop);
            foreach (var row in found)
                if (customers.TryGetValue(row.CustomerId, out var customer)) _byHandle[(row.ChannelId, row.Handle)] = customer;
        }
    }

    private Customer Make(Person person)
    {
        var now = time.GetUtcNow();
        var customer = new Customer { Id = CustomerId.New(now), Name = Cut(person.Name?.Trim() ?? "", 120), CreatedAt = now };
        customer.Search = SearchOf(customer);
        db.Add(customer);
        return customer;
    }

    private void Attach(ChannelId channel, Customer customer, PersonHandle handle)
    {
        if (_byHandle.TryGetValue((channel, handle.Value), out var holder))
        {
            if (holder.Id == customer.Id) return;
            // Met first under the business-scoped id alone, and earlier by number: from now on one person, whose STOP counts under both.
            customer.OptedOutAt ??= holder.OptedOutAt;
            if (db.CustomerHandles.Local.FirstOrDefault(h => h.ChannelId == channel && h.Handle == handle.Value) is { } row) row.CustomerId = customer.Id;
            else _moved.Add((channel, handle.Value, customer.Id));
        }
        else
        {
            db.Add(new CustomerHandle { Id = Id<CustomerHandle>.New(time.GetUtcNow()), ChannelId = channel, CustomerId = customer.Id, Kind = handle.Kind, Handle = handle.Value });
            AddPhone(customer, handle, first: false);
        }
        _byHandle[(channel, handle.Value)] = customer;
    }

    private readonly List<(ChannelId Channel, string Handle, CustomerId Customer)> _moved = [];

    /// <summary>Writes handles that changed their customer; called once per batch.</summary>
    public async Task MoveHandlesAsync(CancellationToken stop)
    {
        foreach (var (channel, handle, customer) in _moved)
            (await db.CustomerHandles.SingleAsync(h => h.ChannelId == channel && h.Handle == handle, stop)).CustomerId = customer;
        _moved.Clear();
    }

    private static void AddPhone(Customer customer, PersonHandle handle, bool first)
    {
        if (handle.Kind != HandleKind.WaId || !Phone.TryRead("+" + handle.Value, out var phone) || customer.Phones.Contains(phone.E164)) return;
        customer.Phones.Insert(first ? 0 : customer.Phones.Count, phone.E164);
        customer.Search = SearchOf(customer);
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
