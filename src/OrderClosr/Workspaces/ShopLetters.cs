using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;

namespace OrderClosr.Workspaces;

/// <summary>A letter to one person about something of the current workspace: its room says what it is about and when its reason is gone, all else is <see cref="ShopLetters"/>.</summary>
public interface IShopLetter : IJob
{
    /// <summary>Its Message-Id: a repeat is a copy.</summary>
    Guid Key { get; }

    Guid AccountId { get; }
}

/// <summary>What a letter says at the moment it leaves.</summary>
/// <param name="Words">Name of its words: <c>sheet_broken</c>.</param>
/// <param name="Place">Where its button leads, below the workspace's address; with a line before it an address of our own.</param>
/// <param name="Blanks">In the letter's language, told the shop's name as a letter may carry it.</param>
internal sealed record ShopWords(string Words, string Place, Func<Web.Words, string, string[]>? Blanks = null)
{
    /// <summary>With blanks that are the same in every language.</summary>
    internal ShopWords(string words, string place, params string[] blanks) : this(words, place, (_, _) => blanks) { }
}

/// <summary>Sends what was asked for by <see cref="ShopLetterRows"/>.</summary>
internal sealed class ShopLetters(OrderClosrDb db, LetterPaper paper, IMailServer server)
{
    /// <summary>Sends a letter, unless nobody is there to read it.</summary>
    /// <param name="says">What it says; null: its reason is gone.</param>
    /// <param name="ownersOnly">Whoever is an owner no longer is told nothing.</param>
    internal async Task<JobOutcome> SendAsync(IShopLetter letter, ShopWords? says, CancellationToken stop, bool ownersOnly = true)
    {
        if (!server.IsOn) return JobOutcome.Dropped("No mail server is configured.");
        if (says is null) return JobOutcome.Dropped("Its reason is gone.");
        var here = db.WorkspaceId;
        if (ownersOnly && !await db.Members.AnyAsync(m => m.WorkspaceId == here && m.AccountId == letter.AccountId && m.Role == Role.Owner, stop)) return JobOutcome.Dropped("No longer an owner.");
        if (await db.Workspaces.AsNoTracking().SingleOrDefaultAsync(w => w.Id == here, stop) is not { } shop || await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == letter.AccountId, stop) is not { Email: { } address } account)
            return JobOutcome.Dropped("Nobody has this account or this workspace.");
        if (account.IsDisabled) return JobOutcome.Dropped("The account is disabled.");
        var place = says.Place.StartsWith('/') ? says.Place[1..] : $"w/{shop.Slug}/{says.Place}".TrimEnd('/');
        await server.SendAsync(paper.Write(address, account.Language, says.Words, place, null, words => says.Blanks?.Invoke(words, LetterPaper.Named(shop.Name)) ?? []), letter.Key.ToString("N"), stop);
        return JobOutcome.Done();
    }
}

/// <summary>Asking for letters about a workspace, in the transaction of their cause.</summary>
public static class ShopLetterRows
{
    extension(OrderClosrDb db)
    {
        /// <summary>One to each owner of the current workspace.</summary>
        /// <example><c>await db.TellOwnersAsync((key, owner) => new SendSheetLetter(key, owner, id), now, stop);</c></example>
        public async Task TellOwnersAsync<TLetter>(Func<Guid, Guid, TLetter> letter, DateTimeOffset now, CancellationToken stop) where TLetter : IJob
        {
            var here = db.WorkspaceId;
            foreach (var owner in await db.Members.Where(m => m.WorkspaceId == here && m.Role == Role.Owner).OrderBy(m => m.AccountId).Select(m => m.AccountId).ToListAsync(stop)) db.Later(letter(Guid.CreateVersion7(now), owner), now);
        }
    }
}
