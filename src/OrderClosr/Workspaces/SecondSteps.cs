using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>How the second step of an account stands.</summary>
/// <param name="Secret">While it waits for its first code: what the app must be told. Never after that.</param>
/// <param name="CodesLeft">Recovery codes that are still good.</param>
public sealed record SecondStepState(bool IsOn, string? Secret, string Email, int CodesLeft);

/// <summary>The second step at sign-in: an authenticator app, and codes on paper for when it is lost.</summary>
/// <remarks>Who sets it up or turns it off has just shown the password again (<see cref="OwnPassword"/>): an open browser alone must not be enough.</remarks>
public sealed class SecondSteps(OrderClosrDb db, SecretBox secrets, RecoveryCodes codes, Tries tries, Audit audit, AccessNews news, TimeProvider time)
{
    /// <summary>Wrong codes of one account within <see cref="Tries.Window"/>, whichever kind, at whichever node.</summary>
    public const int PerAccount = 5;

    /// <summary>What the account's page shows.</summary>
    public async Task<SecondStepState> LookAsync(Account account, CancellationToken stop)
    {
        var secret = account.TwoFactorEnabled || await FindAsync(account.Id, stop) is not { } row ? null : Open(row);
        return new(account.TwoFactorEnabled, secret, account.Email!, account.TwoFactorEnabled ? await codes.LeftAsync(account.Id, stop) : 0);
    }

    /// <summary>A new secret, which counts once <see cref="ConfirmAsync"/> has seen a code of it. One that is on stays as it is.</summary>
    public async Task BeginAsync(Account account, CancellationToken stop)
    {
        if (account.TwoFactorEnabled) return;
        var (now, secret) = (time.GetUtcNow(), new Sealed(secrets.Seal(account.Id, SecondStep.Field, OneTimeCode.NewSecret())));
        await db.InTransactionAsync(async () =>
        {
            if (await db.Accounts.AnyAsync(a => a.Id == account.Id && a.TwoFactorEnabled, stop)) return;
            await db.SecondSteps.Where(s => s.AccountId == account.Id).ExecuteDeleteAsync(stop);
            db.SecondSteps.Add(new() { AccountId = account.Id, Secret = secret, CreatedAt = now, LastStep = 0 });
            await db.SaveChangesAsync(stop);
        }, stop);
    }

    /// <summary>The app shows the right code: from now on it is asked for. Answers the recovery codes, which nobody sees again.</summary>
    public async Task<Result<IReadOnlyList<string>>> ConfirmAsync(Account account, string? typed, CancellationToken stop)
    {
        if (account.TwoFactorEnabled || await FindAsync(account.Id, stop) is not { } row) return new Refusal("second_step_over", "The second step is on already, or was not begun.", Kind: RefusalKind.Conflict);
        var key = Key(account.Id);
        if (await tries.AddAsync(key, stop) is var tried && tried > PerAccount) return TooMany();
        if (OneTimeCode.Find(Open(row), typed, time.GetUtcNow()) is not { } step) return Wrong(tried);
        var made = RecoveryCodes.Make();
        var isDone = await db.InTransactionAsync(async () =>
        {
            if (await TakeAsync(row, step, stop) == 0) return false;
            if (await db.Accounts.Where(a => a.Id == account.Id && !a.TwoFactorEnabled).ExecuteUpdateAsync(set => set.SetProperty(a => a.TwoFactorEnabled, true), stop) == 0) return false;
            await news.TellAsync(account.Id, AuditAction.SecondStepOn, AccountLetter.SecondStepOn, stop);
            await codes.ReplaceAsync(account.Id, made, stop);
            await tries.ForgetAsync(key, stop);
            return true;
        }, stop);
        return isDone ? made.Select(m => m.Code).ToList() : Used();
    }

    /// <summary>Off, with its secret and codes.</summary>
    public Task OffAsync(Guid accountId, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        if (await db.Accounts.Where(a => a.Id == accountId && a.TwoFactorEnabled).ExecuteUpdateAsync(set => set.SetProperty(a => a.TwoFactorEnabled, false), stop) == 0) return;
        await news.TellAsync(accountId, AuditAction.SecondStepOff, AccountLetter.SecondStepOff, stop);
        await ForgetAsync(accountId, stop);
    }, stop);

    /// <summary>The operator lets a person in who lost phone and recovery codes: off, with its secret and codes, every session ended, wrong codes forgotten, and the person told by letter.</summary>
    /// <returns>Refused: <c>second_step_over</c>, it is not on.</returns>
    public Task<Refusal?> LiftAsync(Guid accountId, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.Accounts.Where(a => a.Id == accountId && a.TwoFactorEnabled).ExecuteUpdateAsync(set => set.SetProperty(a => a.TwoFactorEnabled, false), stop) == 0)
            return new Refusal("second_step_over", "The second step is not on.", Kind: RefusalKind.Conflict);
        await news.TellAsync(accountId, AuditAction.SecondStepLifted, AccountLetter.SecondStepLifted, stop);
        await ForgetAsync(accountId, stop);
        await tries.ForgetAsync(Key(accountId), stop);
        // Another process: its live pages ask again within a minute whether their session still is one.
        await SignIns.EndAllAsync(db, accountId, time.GetUtcNow(), stop);
        return null;
    }, stop);

    private async Task ForgetAsync(Guid accountId, CancellationToken stop)
    {
        await db.SecondSteps.Where(s => s.AccountId == accountId).ExecuteDeleteAsync(stop);
        await codes.RemoveAsync(accountId, stop);
    }

    /// <summary>Ten new codes; the old ones are void.</summary>
    public async Task<Result<IReadOnlyList<string>>> NewCodesAsync(Account account, CancellationToken stop)
    {
        if (!account.TwoFactorEnabled) return new Refusal("second_step_over", "The second step is not on.", Kind: RefusalKind.Conflict);
        var made = RecoveryCodes.Make();
        await db.InTransactionAsync(async () =>
        {
            await news.TellAsync(account.Id, AuditAction.RecoveryCodesMade, AccountLetter.RecoveryCodesMade, stop);
            await codes.ReplaceAsync(account.Id, made, stop);
        }, stop);
        return made.Select(m => m.Code).ToList();
    }

    /// <summary>The code at sign-in, of the app or on paper: null lets in, and it lets in once.</summary>
    public async Task<Refusal?> CheckAsync(Account account, string? typed, CancellationToken stop)
    {
        // Counted before it is looked at: many guesses at the same moment are many tries.
        var key = Key(account.Id);
        if (await tries.AddAsync(key, stop) is var tried && tried > PerAccount) return TooMany();
        if (OneTimeCode.Read(typed) is not null)
        {
            if (await FindAsync(account.Id, stop) is not { } row || OneTimeCode.Find(Open(row), typed, time.GetUtcNow()) is not { } step) return await RefusedAsync(Wrong(tried));
            if (await db.InTransactionAsync(() => TakeAsync(row, step, stop), stop) == 0) return await RefusedAsync(Used());
        }
        else if (!await codes.UseAsync(account.Id, typed, stop)) return await RefusedAsync(Wrong(tried));
        await tries.ForgetAsync(key, stop);
        return null;

        async Task<Refusal> RefusedAsync(Refusal no)
        {
            audit.OfAccount(account.Id, AuditAction.SecondStepRefused);
            await db.SaveChangesAsync(stop);
            return no;
        }
    }

    // One statement decides between two nodes that see the same code: the second finds a step that is not newer.
    private Task<int> TakeAsync(SecondStep row, long step, CancellationToken stop) =>
        db.SecondSteps.Where(s => s.AccountId == row.AccountId && s.CreatedAt == row.CreatedAt && s.LastStep < step).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastStep, step), stop);

    private Task<SecondStep?> FindAsync(Guid accountId, CancellationToken stop) => db.SecondSteps.AsNoTracking().SingleOrDefaultAsync(s => s.AccountId == accountId, stop);

    private string Open(SecondStep row) => secrets.Open(row.AccountId, SecondStep.Field, row.Secret.Token);

    private static string Key(Guid accountId) => Tries.Key("second_step", accountId.ToString("N"));

    private static Refusal Wrong(int tried) =>
        tried >= PerAccount ? TooMany() : new("code_wrong", "This is not the present code.", "code", Suggestions: [(PerAccount - tried).ToString(CultureInfo.InvariantCulture)]);

    private static Refusal Used() => new("code_used", "This code was used already: wait for the next one.", "code");

    private static Refusal TooMany() => new("sign_in_too_many", "Too many tries: wait a few minutes.");
}
