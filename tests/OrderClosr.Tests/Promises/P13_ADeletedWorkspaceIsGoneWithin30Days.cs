using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;
using OrderClosr.Tests.Tenancy;

namespace OrderClosr.Tests.Promises;

/// <summary>A deleted workspace is gone within 30 days from production and backups, and no restored backup brings it back. (The page, the undo and what stands still meanwhile: P15.)</summary>
/// <remarks>
/// Seen to fail: without the replay in <c>Restored</c> the workspace is not asked to go any more after a restore. To see more: with the table of members left out of the model's
/// list a row stays; without the nightly scrub PostgreSQL's files still hold the words; with the events left out a delivery that nobody could
/// read stays; when the proof waits less than the backups are kept, one from before lies there when it comes.
/// </remarks>
public sealed class P13_ADeletedWorkspaceIsGoneWithin30Days
{
    private const string Needle = "aiguille-zzqx-a", Kept = "aiguille-zzqx-b", Undone = "aiguille-zzqx-c";

    [Theory, OnBothDatabases]
    public async Task Day_0_to_day_30_with_backups_and_restores_in_between(Database database)
    {
        var time = new TestClock(new(2026, 3, 1, 5, 0, 0, TimeSpan.Zero)); // six in the morning in Algiers: the night's work is due
        await using var app = await TestApp.StartAsync(database, new() { Started = false, VendorsPlay = true, Time = time, Settings = new Dictionary<string, string?> { ["Backups:Hour"] = "3" } });
        var (a, b, c) = (await PlantAsync(app, Needle), await PlantAsync(app, Kept), await PlantAsync(app, Undone));
        var (folder, book) = (app.Get<BackupFolder>(), app.Get<DeletionBook>());
        await UnreadableAsync(app, a.Shop, Needle);
        await UnreadableAsync(app, b.Shop, Kept);

        // Day 0.
        await NightAsync(app);
        var before = Assert.Single(folder.All());
        foreach (var shop in (Shop[])[a.Shop, c.Shop]) await InAsync(app, shop.Id, d => d.AskAsync(() => Task.CompletedTask, default));
        var asked = (await OfAsync(app, a.Shop.Id))!.DeleteAskedAt;
        Assert.NotNull(asked);
        Assert.NotEmpty(await HoldsAsync(app, Needle));
        await DaysAsync(app, 3);

        // Day 3: a backup from before the request is put back. It stays asked.
        await PutBackAsync(app, before.File);
        Assert.Null((await OfAsync(app, a.Shop.Id))!.DeleteAskedAt);
        await app.Get<Restored>().TellAsync(default);
        Assert.Equal((asked, asked), ((await OfAsync(app, a.Shop.Id))!.DeleteAskedAt, (await OfAsync(app, c.Shop.Id))!.DeleteAskedAt));
        await DaysAsync(app, 3);

        // Day 6: one of the two is kept after all.
        Assert.Null(await InAsync(app, c.Shop.Id, d => d.UndoAsync(() => Task.CompletedTask, default)));
        var copy = Path.Combine(app.Folder, "elsewhere.copy");
        await NightAsync(app, backup: true);
        File.Copy(folder.All()[0].File, copy);
        var others = (B: await Fingerprint.OfAsync(app, b.Shop), C: await Fingerprint.OfAsync(app, c.Shop));

        // Day 7, to the minute: not yet; an hour later it goes.
        time.Advance(asked.Value + Deletions.UndoFor - time.GetUtcNow() - TimeSpan.FromMinutes(1));
        await NightAsync(app);
        Assert.NotNull(await OfAsync(app, a.Shop.Id));
        time.Advance(TimeSpan.FromHours(2));
        await NightAsync(app);
        Assert.Null(await OfAsync(app, a.Shop.Id));
        await NothingInTablesAsync(app, a.Shop.Id);
        Assert.False(Directory.Exists(app.Get<MediaFiles>().FolderOf(a.Shop.Id)));
        var purgedAt = Assert.Single(book.Read(), l => l.What == DeletionWord.Purged).At;
        Assert.Equal(a.Shop.Id, book.Read().Single(l => l.What == DeletionWord.Purged).Workspace);
        Assert.DoesNotContain(Needle, File.ReadAllText(Path.Combine(app.Folder, DeletionBook.FileName)), StringComparison.Ordinal);
        await DaysAsync(app, 1);
        Assert.Empty(await HoldsAsync(app, Needle));
        Assert.NotEmpty(await HoldsAsync(app, Kept));
        Assert.Empty((await Fingerprint.OfAsync(app, b.Shop)).ChangedSince(others.B));
        Assert.Empty((await Fingerprint.OfAsync(app, c.Shop)).ChangedSince(others.C));
        await using (var none = app.Get<WorkspaceScopes>().OpenNone())
        {
            Assert.Contains(await none.Db.Set<InboundEvent>().ToListAsync(), e => e.Key == Kept);
            Assert.DoesNotContain(await none.Db.Set<InboundEvent>().ToListAsync(), e => e.Key == Needle);
            Assert.True(await none.Db.Set<OrderClosr.Workspaces.Account>().AnyAsync(x => x.Id == a.Shop.OwnerId)); // the person stays
        }

        // Day 9: a backup of day 6 is put back, which has it all. It goes again before anybody is served, and from the files in the night.
        await DaysAsync(app, 1);
        await PutBackAsync(app, copy);
        Assert.NotEmpty(await HoldsAsync(app, Needle));
        await app.Get<Restored>().TellAsync(default);
        Assert.Null(await OfAsync(app, a.Shop.Id));
        await NothingInTablesAsync(app, a.Shop.Id);
        Assert.False(Directory.Exists(app.Get<MediaFiles>().FolderOf(a.Shop.Id)));
        Assert.Null((await OfAsync(app, c.Shop.Id))!.DeleteAskedAt);
        await DaysAsync(app, 2);
        Assert.Empty(await HoldsAsync(app, Needle));

        // Day 21: the backups of the time are going, the proof waits one day for the cleaner.
        await DaysAsync(app, 10);
        Assert.Empty(await ProofsAsync(app, a.Shop));
        await using (var none = app.Get<WorkspaceScopes>().OpenNone()) Assert.DoesNotContain(a.Shop.OwnerEmail, (await none.Db.Set<Deletion>().SingleAsync()).Owners!.Value.Token, StringComparison.Ordinal);

        // Day 22: the proof, once, and with it the addresses go.
        await DaysAsync(app, 1);
        var proof = Assert.Single(await ProofsAsync(app, a.Shop));
        Assert.Contains(a.Shop.Id.ToString(), proof.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Needle, proof.Text, StringComparison.Ordinal);
        await using (var none = app.Get<WorkspaceScopes>().OpenNone()) Assert.Empty(await none.Db.Set<Deletion>().ToListAsync());
        Assert.All(folder.All(), x => Assert.True(x.At > purgedAt));
        Assert.True(time.GetUtcNow() - asked < Deletions.GoneWithin);

        // Day 30: the oldest backup there is holds nothing of it; a copy that somebody kept elsewhere brings it back for nobody, and no second letter.
        await DaysAsync(app, 7);
        await PutBackAsync(app, folder.All()[^1].File);
        Assert.Empty(await HoldsAsync(app, Needle));
        Assert.Null(await OfAsync(app, a.Shop.Id));
        await PutBackAsync(app, copy);
        await app.Get<Restored>().TellAsync(default);
        Assert.Null(await OfAsync(app, a.Shop.Id));
        await NothingInTablesAsync(app, a.Shop.Id);
        await DaysAsync(app, 1);
        Assert.Single(await ProofsAsync(app, a.Shop));
        Assert.DoesNotContain(app.Logs.Lines, l => l.Contains(Needle, StringComparison.Ordinal));
        Assert.NotNull(await OfAsync(app, b.Shop.Id));
        Assert.NotNull(await OfAsync(app, c.Shop.Id));
    }

    [Theory, OnBothDatabases]
    public async Task No_proof_is_sent_while_an_older_backup_lies_there_and_it_comes_once_that_is_gone(Database database)
    {
        var time = new TestClock(new(2026, 3, 1, 5, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Started = false, VendorsPlay = true, Time = time });
        var a = await PlantAsync(app, Needle);
        var folder = app.Get<BackupFolder>();
        Directory.CreateDirectory(folder.Path);
        var old = folder.NameFor(time.GetUtcNow());
        await File.WriteAllTextAsync(old, "of before");
        await InAsync(app, a.Shop.Id, d => d.AskAsync(() => Task.CompletedTask, default));
        for (var day = 0; day < 8; day++) await NextAsync();
        Assert.Null(await OfAsync(app, a.Shop.Id));
        using (var held = Undeletable.Hold(old))
        {
            for (var day = 8; day < 26; day++) await NextAsync();
            Assert.True(File.Exists(old));
            Assert.Empty(await ProofsAsync(app, a.Shop));
            // It is said to the operator, every day, and the addresses wait.
            Assert.Contains(app.Logs.Lines, l => l.Contains("A backup from before the purge", StringComparison.Ordinal) && l.Contains("Backups__Folder", StringComparison.Ordinal));
            await using var none = app.Get<WorkspaceScopes>().OpenNone();
            Assert.NotNull((await none.Db.Set<Deletion>().SingleAsync()).Owners);
        }
        await NextAsync();
        Assert.False(File.Exists(old));
        Assert.Single(await ProofsAsync(app, a.Shop));
        await using (var none = app.Get<WorkspaceScopes>().OpenNone()) Assert.Empty(await none.Db.Set<Deletion>().ToListAsync());

        async Task NextAsync()
        {
            time.Advance(TimeSpan.FromDays(1));
            await NightAsync(app, backup: false);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_purge_that_was_killed_goes_on_where_it_stood(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var (a, b) = (await PlantAsync(app, Needle), await PlantAsync(app, Kept));
        await InAsync(app, a.Shop.Id, d => d.BeginAsync(DateTimeOffset.UtcNow.AddDays(-8), false, default), inTransaction: true);
        var other = await Fingerprint.OfAsync(app, b.Shop);

        foreach (var point in database == Database.Sqlite ? (string[])["purging:9", "purged"] : ["purging:9"])
        {
            var (killed, said) = await AppProcess.VerbAsync(app, new Dictionary<string, string> { ["ORDERCLOSR_CRASH_AT"] = point }, "purge");
            Assert.True(killed == 128 + 9, $"{point}: {killed} {said}");
        }
        Assert.DoesNotContain(app.Get<DeletionBook>().Read(), l => l.What == DeletionWord.Purged);
        var (code, output) = await AppProcess.VerbAsync(app, "purge");
        Assert.True(code == 0, output);
        await NothingInTablesAsync(app, a.Shop.Id);
        Assert.Single(app.Get<DeletionBook>().Read(), l => l.What == DeletionWord.Purged);
        Assert.Empty(await HoldsAsync(app, Needle));
        Assert.Empty((await Fingerprint.OfAsync(app, b.Shop)).ChangedSince(other));
        Assert.DoesNotContain(Needle, output, StringComparison.Ordinal);
    }

    /// <remarks>Seen to fail on PostgreSQL: without the wait in <c>ScrubAsync</c> the files count as rewritten while the deleted name is still in them.</remarks>
    [Theory, OnBothDatabases]
    public async Task As_long_as_somebody_reads_the_database_as_it_was_its_files_do_not_count_as_rewritten(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var a = await PlantAsync(app, Needle);
        await InAsync(app, a.Shop.Id, d => d.BeginAsync(DateTimeOffset.UtcNow.AddDays(-8), false, default), inTransaction: true);
        async Task<(string? InTheWay, DateTimeOffset? At)> ScrubbedAsync()
        {
            var words = await app.Get<Scrubbing>().RunAsync(app.Get<TimeProvider>().GetUtcNow(), default);
            await using var none = app.Get<WorkspaceScopes>().OpenNone();
            return (words, (await none.Db.Deletions.AsNoTracking().SingleAsync()).ScrubbedAt);
        }
        await using (var reader = app.Get<WorkspaceScopes>().OpenNone())
        await using (await reader.Db.Dialect.BeginReadingAsync(reader.Db, default))
        {
            // A moment is held, and no table of ours: nothing but that moment stands in the way.
            Assert.NotEqual(0, await reader.Db.Database.SqlQueryRaw<int>(database == Database.Postgres ? "select count(*)::int as \"Value\" from pg_class" : "select count(*) as Value from sqlite_master").SingleAsync());
            Assert.True(await app.Get<Purging>().PurgeAsync(a.Shop.Id, null, default));
            var (inTheWay, at) = await ScrubbedAsync();
            Assert.NotNull(inTheWay);
            Assert.Null(at);
        }
        var (nothing, done) = await ScrubbedAsync();
        Assert.Null(nothing);
        Assert.NotNull(done);
        Assert.Empty(await HoldsAsync(app, Needle));
    }

    /// <remarks>Seen to fail: with a look into this database alone the deleted name is still in its files.</remarks>
    [Theory, OnPostgres]
    public async Task A_change_under_way_in_another_database_of_the_server_is_waited_for_before_files_are_rewritten(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var a = await PlantAsync(app, Needle);
        await InAsync(app, a.Shop.Id, d => d.BeginAsync(DateTimeOffset.UtcNow.AddDays(-8), false, default), inTransaction: true);
        await using var server = NpgsqlDataSource.Create(PostgresServer.Address!);
        await using var elsewhere = await server.OpenConnectionAsync();
        await using var change = await elsewhere.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("select pg_current_xact_id()", elsewhere)) await command.ExecuteScalarAsync();

        Assert.True(await app.Get<Purging>().PurgeAsync(a.Shop.Id, null, default));
        var scrubbing = app.Get<Scrubbing>().RunAsync(app.Get<TimeProvider>().GetUtcNow(), default);
        // It looked and waits, or did not wait at all.
        await using var look = server.CreateCommand($"select exists(select 1 from pg_stat_activity where datname = '{PostgresServer.NameOf(app.ConnectionString)}' and query = 'select pg_sleep(1)')");
        await Eventually.HoldsAsync(async () => scrubbing.IsCompleted || (bool)(await look.ExecuteScalarAsync())!);
        await change.RollbackAsync();
        Assert.Null(await scrubbing);
        Assert.Empty(await HoldsAsync(app, Needle));
    }

    [Fact]
    public async Task The_book_survives_a_cut_off_line_and_says_what_was_last()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var (book, file) = (app.Get<DeletionBook>(), Path.Combine(app.Folder, DeletionBook.FileName));
        var (one, two, at) = (WorkspaceId.New(DateTimeOffset.UnixEpoch.AddDays(1)), WorkspaceId.New(DateTimeOffset.UnixEpoch.AddDays(1)), new DateTimeOffset(2026, 3, 1, 5, 0, 0, 123, TimeSpan.Zero));
        Assert.Empty(book.Read());
        await book.WriteAsync(one, DeletionWord.Asked, at, default);
        await book.WriteAsync(one, DeletionWord.Asked, at, default);
        await File.AppendAllTextAsync(file, "{\"workspace\":\"0123");
        await book.WriteAsync(one, DeletionWord.Undone, at.AddDays(1), default);
        await Task.WhenAll(Enumerable.Range(2, 20).Select(n => book.WriteAsync(two, DeletionWord.Asked, at.AddDays(n), default)));
        Assert.Equal(22, book.Read().Count);
        Assert.Equal(new DeletionState(null, at.AddDays(1), null, null), book.States()[one]);
        Assert.Equal(new DeletionState(at.AddDays(21), null, null, null), book.States()[two]);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    /// <summary>A shop with the needle in every text column of every table of a workspace.</summary>
    private static async Task<Planting> PlantAsync(TestApp app, string needle)
    {
        var planted = await Planting.AddAsync(app, await app.NewShopAsync(), needle);
        await using var scope = app.In(planted.Shop.Id);
        // The account of a member is a person's own and stays when a workspace goes.
        await scope.Db.Accounts.Where(a => a.Name.Contains(needle)).ExecuteUpdateAsync(set => set.SetProperty(a => a.Name, "Membre"));
        var columns = 0;
        foreach (var entity in scope.Db.Model.GetEntityTypes().Where(t => typeof(IOfWorkspace).IsAssignableFrom(t.ClrType)))
            foreach (var text in entity.GetProperties().Where(p => p.ClrType == typeof(string) && !p.IsKey() && !p.GetContainingIndexes().Any(i => i.IsUnique) && (p.GetMaxLength() ?? 100) >= needle.Length))
            {
#pragma warning disable EF1002 // names come from the model
                await scope.Db.Database.ExecuteSqlRawAsync($"update {entity.GetTableName()} set \"{text.GetColumnName()}\" = {{0}} where workspace_id = {{1}}", needle, planted.Shop.Id.Value);
#pragma warning restore EF1002
                columns++;
            }
        Assert.True(columns > 60, $"only {columns} text columns");
        // What was queued by the seeds is of no interest here, and nothing of it may run.
        await scope.Db.Jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.GivenUp));
        await File.WriteAllTextAsync(Path.Combine(app.Get<MediaFiles>().FolderOf(planted.Shop.Id), $"{Guid.NewGuid():N}.pdf"), $"%PDF-{needle}");
        return planted;
    }

    private static async Task UnreadableAsync(TestApp app, Shop shop, string key)
    {
        var now = app.Get<TimeProvider>().GetUtcNow();
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"entry":[{"id":"{{shop.Messenger.Account}}","broken":"words of a customer"}]}"""));
        await using var none = app.Get<WorkspaceScopes>().OpenNone();
        none.Db.Add(new InboundEvent { Id = Id<InboundEvent>.New(now), Key = key, Source = "meta", ReceivedAt = now, State = EventState.Unreadable, Attempts = 5, Body = Encoding.ASCII.GetBytes(app.Get<SecretBox>().Seal(Guid.Empty, "inbound_event", body)) });
        await none.Db.SaveChangesAsync();
    }

    private static async Task<T> InAsync<T>(TestApp app, WorkspaceId workspace, Func<Deletions, Task<T>> work, bool inTransaction = false)
    {
        await using var scope = app.In(workspace);
        return inTransaction ? await scope.Db.InTransactionAsync(() => work(scope.Get<Deletions>()), default) : await work(scope.Get<Deletions>());
    }

    private static async Task<Workspace?> OfAsync(TestApp app, WorkspaceId id)
    {
        await using var none = app.Get<WorkspaceScopes>().OpenNone();
        return await none.Db.Set<Workspace>().AsNoTracking().SingleOrDefaultAsync(w => w.Id == id);
    }

    private static async Task DaysAsync(TestApp app, int days)
    {
        for (var day = 0; day < days; day++)
        {
            app.Time.Advance(TimeSpan.FromDays(1));
            // pg_dump takes its time: on PostgreSQL every third night has to do.
            await NightAsync(app, backup: app.Database == Database.Sqlite || day % 3 == 0);
        }
    }

    /// <summary>What the clocks of deletion and backup do by now, and the letters.</summary>
    private static async Task NightAsync(TestApp app, bool backup = true)
    {
        await app.Get<Clocks>().TickAsync(app.Time.GetUtcNow(), default);
        var runner = app.Get<JobRunner>();
        string[] kinds = [PurgeWorkspaces.Kind, Scrub.Kind, "prove_deletions", "send_deletion_proof", "prune", .. backup ? (string[])[MakeBackup.Kind] : []];
        for (var round = 0; round < 2; round++)
            foreach (var lane in (string[])["work/system", "work/purge", MailSetup.Lane])
                foreach (var job in await runner.DueAsync(lane, 50, default))
                {
                    await using (var scope = app.Get<WorkspaceScopes>().OpenEverywhere("a test"))
                        if (!await scope.Db.Everywhere<Job>().AnyAsync(j => j.Id == job.Id && kinds.Contains(j.Kind)))
                        {
                            // What the other clocks want is not asked here; it must not stand before the rest.
                            await scope.Db.Everywhere<Job>().Where(j => j.Id == job.Id).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.GivenUp));
                            continue;
                        }
                    await runner.RunAsync(job, default);
                }
    }

    private static async Task<IReadOnlyList<SeenLetter>> ProofsAsync(TestApp app, Shop shop) => [.. (await app.LettersAsync(shop.OwnerEmail)).Where(l => l.Subject.Contains("Preuve", StringComparison.Ordinal))];

    private static async Task PutBackAsync(TestApp app, string file)
    {
        if (app.Database == Database.Postgres) app.Get<NpgsqlDataSource>().Clear();
        IReadOnlyCollection<string> migrations;
        await using (var none = app.Get<WorkspaceScopes>().OpenNone()) migrations = [.. none.Db.Database.GetMigrations()];
        using (var ready = await app.Get<Backups>().OpenAsync(file, migrations, default)) await ready.PutBackAsync();
        await App.MigrateAsync(app.Services);
    }

    internal static async Task NothingInTablesAsync(TestApp app, WorkspaceId workspace)
    {
        await using var all = app.Get<WorkspaceScopes>().OpenEverywhere("the test looks into every table");
        var db = all.Db;
        foreach (var entity in db.Model.GetEntityTypes().Where(t => t.FindProperty("WorkspaceId") is not null && t.ClrType != typeof(Deletion)))
        {
#pragma warning disable EF1002, EF1003 // names come from the model
            var left = await db.Database.SqlQueryRaw<int>($"select count(*) as \"Value\" from {entity.GetTableName()} where workspace_id = {{0}}", workspace.Value).SingleAsync();
#pragma warning restore EF1002, EF1003
            Assert.True(left == 0, $"{entity.GetTableName()} holds {left} rows of a deleted workspace");
        }
    }

    /// <summary>Where the words still lie: in the database's files as the machine has them, its journal, and every other file but sealed backups.</summary>
    internal static async Task<List<string>> HoldsAsync(TestApp app, string needle)
    {
        var found = new List<string>();
        // A running app holds its lock, an empty file, alone.
        foreach (var file in Directory.EnumerateFiles(app.Folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes);
            if (bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.UTF8.GetBytes(needle)) >= 0) found.Add(Path.GetFileName(file));
        }
        if (app.Database == Database.Sqlite) return found;
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(PostgresServer.Address) { Database = PostgresServer.NameOf(app.ConnectionString), Pooling = false }.ConnectionString);
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand("checkpoint", admin);
        await command.ExecuteNonQueryAsync();
        command.CommandText = """
            select c.relname::text from pg_class c where c.oid >= 16384 and c.relkind in ('r', 'i', 't') and c.relfilenode <> 0
            and position($1 in pg_read_binary_file(pg_relation_filepath(c.oid), 0, 1000000000, true)) > 0
            """;
        command.Parameters.Add(new() { Value = Encoding.UTF8.GetBytes(needle) });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found.Add(reader.GetString(0));
        return found;
    }
}
