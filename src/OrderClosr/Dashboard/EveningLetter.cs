using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Dashboard;

/// <summary>A member wants the day's numbers by mail in the evening. No row: no letter.</summary>
public sealed class EveningWish : IOfWorkspace, IHasId<EveningWish>
{
    public required Id<EveningWish> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Guid AccountId { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>The day whose letter was last written: each day has one.</summary>
    public DateOnly? WrittenOn { get; set; }
}

/// <summary>Who wants a letter in the evening.</summary>
public sealed class EveningWishes(OrderClosrDb db, TimeProvider time) : IListener<MemberChanged>
{
    public Task<bool> IsWantedAsync(Guid account, CancellationToken stop) => db.EveningWishes.AnyAsync(w => w.AccountId == account, stop);

    public Task SetAsync(Guid account, bool wants, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
        var wish = await db.EveningWishes.SingleOrDefaultAsync(w => w.AccountId == account, stop);
        if (wants && wish is null) db.Add(new EveningWish { Id = Id<EveningWish>.New(time.GetUtcNow()), AccountId = account, Since = time.GetUtcNow() });
        else if (!wants && wish is not null) db.Remove(wish);
        await db.SaveChangesAsync(stop);
    }, stop);

    /// <summary>Whose role does not see the numbers any more gets none by mail.</summary>
    public async Task OnAsync(MemberChanged fact, CancellationToken stop)
    {
        if (fact.Role?.May(Capability.SeeNumbers) == true) return;
        foreach (var wish in await db.EveningWishes.Where(w => w.AccountId == fact.Account).ToListAsync(stop)) db.Remove(wish);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Writes a job for each wish that has no letter of this day yet.</summary>
    internal Task WriteAsync(DateOnly day, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
        foreach (var wish in await db.EveningWishes.Where(w => w.WrittenOn == null || w.WrittenOn < day).ToListAsync(stop))
        {
            wish.WrittenOn = day;
            db.Later(new SendEveningLetter(wish.AccountId, day), time.GetUtcNow());
        }
        await db.SaveChangesAsync(stop);
    }, stop);
}

/// <summary>Every evening at nine: the letters of the day are written.</summary>
public sealed record WriteEveningLetters : IJob
{
    public static string Kind => "write_evening_letters";
    public string Lane => "work/system";
    public string OrderKey => "evening-letters";

    // Tomorrow morning it is no evening letter any more.
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(3);
}

internal sealed class WriteEveningLettersHandler(WorkspaceScopes scopes, TimeProvider time) : IJobHandler<WriteEveningLetters>
{
    public async Task<JobOutcome> RunAsync(WriteEveningLetters job, JobRun run, CancellationToken stop)
    {
        var day = time.TodayInAlgiers();
        foreach (var workspace in await scopes.WithAnyAsync<EveningWish>(w => w.WrittenOn == null || w.WrittenOn < day, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Get<EveningWishes>().WriteAsync(day, stop);
        }
        return JobOutcome.Done();
    }
}

/// <summary>Sends one member the numbers of one day.</summary>
internal sealed record SendEveningLetter(Guid AccountId, DateOnly Day) : IJob
{
    public static string Kind => "send_evening_letter";
    public string Lane => MailSetup.Lane;
    public string OrderKey => $"evening-{AccountId:N}";
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(10);
}

/// <inheritdoc cref="SendEveningLetter"/>
internal sealed class SendEveningLetterHandler(OrderClosrDb db, Numbers numbers, LetterPaper paper, IMailServer server) : IJobHandler<SendEveningLetter>
{
    public async Task<JobOutcome> RunAsync(SendEveningLetter job, JobRun run, CancellationToken stop)
    {
        if (!server.IsOn) return JobOutcome.Dropped("No mail server is configured.");
        var here = db.WorkspaceId;
        if (await db.Workspaces.AsNoTracking().SingleOrDefaultAsync(w => w.Id == here, stop) is not { } shop || await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.AccountId, stop) is not { Email: { } address } account)
            return JobOutcome.Dropped("Nobody has this account.");
        if (await db.Members.AsNoTracking().Where(m => m.WorkspaceId == here && m.AccountId == job.AccountId).Select(m => (Role?)m.Role).SingleOrDefaultAsync(stop) is not { } role || !role.May(Capability.SeeNumbers))
            return JobOutcome.Dropped("This member does not see the numbers.");
        if (!await db.EveningWishes.AnyAsync(w => w.AccountId == job.AccountId, stop)) return JobOutcome.Dropped("The letter is not wanted any more.");
        var read = await numbers.ReadAsync(new(job.Day, job.Day), stop);
        var (day, date) = (read.Shop, LetterPaper.Plain(job.Day.ToString("dd/MM/yyyy", System.Globalization.CultureInfo.InvariantCulture)));
        // Counts alone: no customer, no order, no phone is in a letter.
        var letter = paper.Write(address, account.Language ?? shop.Language, "evening", $"w/{shop.Slug}/dashboard?from={Period.Text(job.Day)}", null, _ =>
        [
            LetterPaper.Named(shop.Name), date, Plain(day.Conversations), Plain(day.Orders), Plain(day.Confirmed), Plain(day.Delivered), Plain(day.Returned), LetterPaper.Plain(day.Received.ToString()), LetterPaper.Plain(read.Earned.Total.ToString()),
        ]);
        await server.SendAsync(letter, $"evening-{here.Value:N}-{job.AccountId:N}-{job.Day:yyyyMMdd}", stop);
        return JobOutcome.Done();
    }

    private static string Plain(int count) => LetterPaper.Plain(new Dinars(count).Digits);
}
