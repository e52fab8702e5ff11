using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>The merchant's rules about parcels that could come back, and about the notice that one is on its way.</summary>
public sealed class RescueSettings : IOfWorkspace, IVersioned, IHasId<RescueSettings>
{
    public required Id<RescueSettings> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Customers are written to by themselves; else each rescue begins with a person.</summary>
    public bool WritesAlone { get; set; } = true;

    /// <summary>How many waking hours a customer may be silent before a person is called; 1 to 72.</summary>
    public int SilentAfterHours { get; set; } = 4;

    /// <summary>After how many days at the desk the customer is reminded; 1 to 14.</summary>
    public int RemindAfterDays { get; set; } = 2;

    /// <summary>How many days the courier keeps a parcel at its desk, as the merchant knows it; 0: no day is named to the customer.</summary>
    public int DeskKeepsDays { get; set; }

    /// <summary>From this hour in Algiers customers are written to; 0 to 23.</summary>
    public int WakesAtHour { get; set; } = 8;

    /// <summary>Up to this hour; 1 to 24, after <see cref="WakesAtHour"/>.</summary>
    public int SleepsAtHour { get; set; } = 21;

    /// <summary>A short notice in the chat when the driver is on the way, inside the window only.</summary>
    public bool TellsDelivery { get; set; } = true;

    /// <summary>WhatsApp template after the window for a failed attempt, with two blanks: the receiver's name, the order's number. Empty: a person is called.</summary>
    public string AttemptTemplate { get; set; } = "";

    /// <summary>The same for a parcel at the desk, three blanks: name, order's number, desk.</summary>
    public string DeskTemplate { get; set; } = "";

    /// <summary>The same for the reminder, three blanks: name, order's number, desk.</summary>
    public string ReminderTemplate { get; set; } = "";

    public int Version { get; private set; }

    /// <summary>The workspace's settings, or the defaults while it has changed nothing.</summary>
    public static async Task<RescueSettings> OfAsync(OrderClosrDb db, CancellationToken stop) =>
        await db.Set<RescueSettings>().AsNoTracking().FirstOrDefaultAsync(stop) ?? new RescueSettings { Id = default };

    /// <summary>The instant itself while people are awake, else the next morning.</summary>
    public DateTimeOffset NextWaking(DateTimeOffset at)
    {
        var (from, to) = Hours;
        var day = AlgiersTime.DateInAlgiers(at);
        var morning = AlgiersTime.StartOf(day).AddHours(from);
        if (at < morning) return morning;
        return at < AlgiersTime.StartOf(day).AddHours(to) ? at : AlgiersTime.StartOf(day.AddDays(1)).AddHours(from);
    }

    /// <summary>So many waking hours later.</summary>
    /// <example>4 hours after 19:00, with nights from 21:00 to 8:00, is 10:00 of the next day.</example>
    public DateTimeOffset AfterWakingHours(DateTimeOffset at, int hours)
    {
        var left = TimeSpan.FromHours(hours);
        at = NextWaking(at);
        while (true)
        {
            var evening = AlgiersTime.StartOf(AlgiersTime.DateInAlgiers(at)).AddHours(Hours.To);
            if (at + left < evening || left == TimeSpan.Zero) return at + left;
            left -= evening - at;
            at = NextWaking(evening);
        }
    }

    /// <summary>When a customer who is asked now counts as silent.</summary>
    public DateTimeOffset SilentAt(DateTimeOffset asked) => AfterWakingHours(asked, Math.Clamp(SilentAfterHours, 1, 72));

    /// <summary>Whatever stands in the row: at least an hour of the day is awake.</summary>
    private (int From, int To) Hours
    {
        get
        {
            var from = Math.Clamp(WakesAtHour, 0, 23);
            return (from, Math.Clamp(SleepsAtHour, from + 1, 24));
        }
    }
}
