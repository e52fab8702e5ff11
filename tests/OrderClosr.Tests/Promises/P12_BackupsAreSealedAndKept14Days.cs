using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Promises;

/// <summary>Backups are encrypted, complete, and kept 14 days.</summary>
/// <remarks>Seen to fail: with 15 days instead of 14 the first backup is still there on the fifteenth; without the mark of the last piece a file cut
/// off at a piece's border opens.</remarks>
public sealed class P12_BackupsAreSealedAndKept14Days
{
    [Theory, OnBothDatabases]
    public async Task A_backup_is_sealed_counted_and_puts_back_what_was_there_and_a_damaged_one_touches_nothing(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var media = app.Get<MediaFiles>();
        Directory.CreateDirectory(media.FolderOf(shop.Id));
        var photo = Path.Combine(media.FolderOf(shop.Id), $"{new string('a', 32)}.jpg");
        var pixels = RandomNumberGenerator.GetBytes(3_000_000);
        await File.WriteAllBytesAsync(photo, pixels);
        var (backups, folder) = (app.Get<Backups>(), app.Get<BackupFolder>());

        // What an earlier process left in the middle is neither a backup nor left lying.
        Directory.CreateDirectory(folder.Path);
        var half = Path.Combine(folder.Path, "orderclosr-20200101-000000Z.backup.part");
        await File.WriteAllTextAsync(half, "half");
        var left = Directory.CreateDirectory(Path.Combine(app.Folder, "backup-scratch-left"));
        var made = (await backups.MakeAsync(default))!;
        Assert.False(File.Exists(half) || left.Exists);
        Assert.Equal(made.File, Assert.Single(folder.All()).File);
        var bytes = await File.ReadAllBytesAsync(made.File);
        foreach (var word in (string[])["Robe d'été", shop.OwnerEmail, "manifest.json", "PGDMP", "SQLite format"])
            Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) < 0, $"{word} stands in clear in the backup");
        Assert.True(bytes.AsSpan().IndexOf(pixels.AsSpan(1000, 64)) < 0);

        var scratch = database == Database.Postgres ? await PostgresServer.CreateAsync() : null;
        var seen = await backups.VerifyAsync(made.File, scratch, default);
        Assert.True(seen.IsRight, string.Join(", ", seen.Tables.Where(t => t.Expected != t.Found)));
        Assert.Equal((3L, 3L, 1L), (seen.Tables.Single(t => t.Name == "products").Found, seen.Tables.Single(t => t.Name == "channels").Found, seen.MediaFiles));
        if (scratch is not null) await PostgresServer.DropAsync(scratch);

        // Life goes on after the copy.
        var later = await app.NewShopAsync();
        await using (var scope = app.In(shop.Id))
        {
            await scope.Db.Products.ExecuteDeleteAsync();
            scope.Db.Add(new Product { Id = ProductId.New(made.At), Name = "Plus tard", Price = new(100), CreatedAt = made.At, Search = "plus tard" });
            await scope.Db.SaveChangesAsync();
        }
        File.Delete(photo);
        var extra = Path.Combine(media.FolderOf(shop.Id), $"{new string('b', 32)}.jpg");
        await File.WriteAllBytesAsync(extra, pixels);
        IReadOnlyCollection<string> migrations;
        await using (var none = app.Get<WorkspaceScopes>().OpenNone()) migrations = [.. none.Db.Database.GetMigrations()];

        if (database == Database.Postgres)
        {
            Assert.Contains("works on this database", (await Assert.ThrowsAsync<BackupBroken>(() => backups.OpenAsync(made.File, migrations, default))).Message, StringComparison.Ordinal);
            app.Get<Npgsql.NpgsqlDataSource>().Clear();
        }

        // Half a file, a flipped byte anywhere, another key, no backup at all, one of tomorrow.
        var broken = Path.Combine(app.Folder, "broken");
        foreach (var (damage, words) in (IEnumerable<(Action<FileStream>, string)>)
            [
                (f => f.SetLength(f.Length / 2), "damaged"), (f => f.SetLength(f.Length - 1), "damaged"), (f => f.SetLength(BackupSeal.Head), "damaged"), (f => f.SetLength(20), "no backup"),
                (f => Flip(f, 60), "damaged"), (f => Flip(f, f.Length / 2), "damaged"), (f => Flip(f, f.Length - 1), "damaged"), (f => Flip(f, 30), "damaged"), (f => Flip(f, 2), "no backup"),
                (f => { f.Position = 10; f.Write("0badc0de"u8); }, "key 0badc0de"),
            ])
        {
            await File.WriteAllBytesAsync(broken, bytes);
            await using (var file = new FileStream(broken, FileMode.Open, FileAccess.ReadWrite)) damage(file);
            Assert.Contains(words, (await Assert.ThrowsAsync<BackupBroken>(() => backups.OpenAsync(broken, migrations, default))).Message, StringComparison.Ordinal);
        }
        Assert.Contains("newer version", (await Assert.ThrowsAsync<BackupBroken>(() => backups.OpenAsync(made.File, ["20200101000000_Initial"], default))).Message, StringComparison.Ordinal);
        Assert.Contains("no file", (await Assert.ThrowsAsync<BackupBroken>(() => backups.OpenAsync("/nowhere/x.backup", migrations, default))).Message, StringComparison.Ordinal);
        await using (var scope = app.In(shop.Id)) Assert.Equal("Plus tard", (await scope.Db.Products.SingleAsync()).Name);
        Assert.True(File.Exists(extra) && !File.Exists(photo));
        if (database == Database.Postgres) app.Get<Npgsql.NpgsqlDataSource>().Clear();

        using (var ready = await backups.OpenAsync(made.File, migrations, default)) await ready.PutBackAsync();
        await App.MigrateAsync(app.Services);
        await using (var scope = app.In(shop.Id))
        {
            Assert.Equal(3, await scope.Db.Products.CountAsync());
            Assert.Equal(shop.Messenger.Token, app.Get<SecretBox>().Open(shop.Id, "channel.token", (await scope.Db.Set<OrderClosr.Channels.Channel>().SingleAsync(c => c.Id == shop.Messenger.Id)).Token));
        }
        await using (var scope = app.In(later.Id)) Assert.False(await scope.Db.Set<Workspace>().AnyAsync(w => w.Id == later.Id));
        Assert.Equal(pixels, await File.ReadAllBytesAsync(photo));
        Assert.False(File.Exists(extra));
        Assert.Empty(Directory.GetDirectories(app.Folder, "backup-scratch-*"));
        // The second lock of tenancy came back too.
        foreach (var check in app.Services.GetServices<StartCheck>().Where(c => c.NeedsDatabase)) Assert.Empty(await check.Problems(app.Services, default));
    }

    private static void Flip(FileStream file, long at)
    {
        file.Position = at;
        var old = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(old ^ 1));
    }

    [Fact]
    public async Task Every_length_comes_back_and_no_piece_can_be_cut_off_or_moved()
    {
        var key = FernetKey.TryRead(FernetKey.Generate())!;
        const int piece = BackupSeal.Piece;
        foreach (var length in (int[])[0, 1, piece - 1, piece, piece + 1, (2 * piece) + 5])
        {
            var plain = RandomNumberGenerator.GetBytes(length);
            Assert.Equal(plain, await OpenAsync(await SealAsync(plain, key), key));
        }
        var file = await SealAsync(new byte[3 * piece], key);
        const int whole = piece + BackupSeal.Proof;
        var first = file.AsSpan(0, BackupSeal.Head + whole).ToArray();
        await Assert.ThrowsAsync<BackupBroken>(() => OpenAsync(first, key));
        byte[] swapped = [.. file[..BackupSeal.Head], .. file[(BackupSeal.Head + whole)..(BackupSeal.Head + (2 * whole))], .. file[BackupSeal.Head..(BackupSeal.Head + whole)], .. file[(BackupSeal.Head + (2 * whole))..]];
        await Assert.ThrowsAsync<BackupBroken>(() => OpenAsync(swapped, key));
        byte[] twice = [.. file, .. file[(BackupSeal.Head + (2 * whole))..]];
        await Assert.ThrowsAsync<BackupBroken>(() => OpenAsync(twice, key));
    }

    private static async Task<byte[]> SealAsync(byte[] plain, FernetKey key)
    {
        using var file = new MemoryStream();
        await using var seal = new SealingStream(file, key);
        await seal.WriteAsync(plain);
        await seal.FinishAsync(default);
        return file.ToArray();
    }

    private static async Task<byte[]> OpenAsync(byte[] file, FernetKey key)
    {
        await using var opened = await UnsealingStream.OpenAsync(new MemoryStream(file), [key], default);
        using var plain = new MemoryStream();
        await opened.CopyToAsync(plain);
        return plain.ToArray();
    }

    [Fact]
    public async Task Every_night_makes_one_the_fifteenth_day_takes_the_first_and_a_missed_night_is_said()
    {
        var time = new TestClock(new(2026, 3, 1, 1, 0, 0, TimeSpan.Zero)); // two in the night in Algiers
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false, Time = time, Settings = new Dictionary<string, string?> { ["Backups:Hour"] = "3" } });
        var (folder, age) = (app.Get<BackupFolder>(), app.Get<BackupAge>());
        await app.NewShopAsync();
        await NightAsync(app);
        Assert.Empty(folder.All()); // before its hour
        Assert.False(await age.IsLateAsync(default));

        time.Advance(TimeSpan.FromHours(27));
        Assert.True(await age.IsLateAsync(default)); // a night was missed and there is none
        await NightAsync(app);
        var first = Assert.Single(folder.All());
        await NightAsync(app);
        Assert.Single(folder.All()); // once a night
        Assert.False(await age.IsLateAsync(default));

        for (var day = 1; day <= 14; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
            await NightAsync(app);
        }
        Assert.Equal(15, folder.All().Count); // day 0 to 14
        time.Advance(TimeSpan.FromDays(1));
        await NightAsync(app);
        Assert.Equal(15, folder.All().Count);
        Assert.False(File.Exists(first.File));

        // No more nights: late, and still nothing stays longer than it may.
        time.Advance(TimeSpan.FromDays(15));
        var watch = ActivatorUtilities.CreateInstance<BackupWatch>(app.Services);
        Assert.True(await watch.LookAsync(default));
        Assert.Empty(folder.All());
        Assert.Contains(app.Logs.Lines, l => l.Contains("older than 26 hours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_night_in_which_the_folder_cannot_be_written_says_why_and_tries_again()
    {
        var time = new TestClock(new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero));
        var folder = Path.GetTempFileName(); // a file stands where the folder should be
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false, Time = time, Settings = new Dictionary<string, string?> { ["Backups:Hour"] = "3", ["Backups:Folder"] = folder } });
        await NightAsync(app);
        await using (var scope = app.Get<WorkspaceScopes>().OpenEverywhere("a test"))
        {
            var job = await scope.Db.Everywhere<Job>().SingleAsync(j => j.Kind == MakeBackup.Kind);
            Assert.Equal(JobState.Waiting, job.State);
            Assert.Contains("Backups__Folder", job.LastFailure, StringComparison.Ordinal);
        }
        File.Delete(folder);
        time.Advance(TimeSpan.FromMinutes(11));
        await NightAsync(app);
        Assert.Single(app.Get<BackupFolder>().All());
        Directory.Delete(folder, recursive: true);
    }

    private static async Task NightAsync(TestApp app)
    {
        await app.Get<Clocks>().TickAsync(app.Get<TimeProvider>().GetUtcNow(), default);
        var runner = app.Get<JobRunner>();
        foreach (var job in await runner.DueAsync("work/system", 50, default)) await RunIfBackupAsync(app, runner, job);
    }

    private static async Task RunIfBackupAsync(TestApp app, JobRunner runner, DueJob job)
    {
        await using (var scope = app.Get<WorkspaceScopes>().OpenEverywhere("a test"))
            if (!await scope.Db.Everywhere<Job>().AnyAsync(j => j.Id == job.Id && j.Kind == MakeBackup.Kind)) return;
        await runner.RunAsync(job, default);
    }

    [Fact]
    public async Task The_verbs_make_check_and_put_back_a_backup()
    {
        await using var host = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var shop = await host.NewShopAsync();
        var (code, output) = await AppProcess.VerbAsync(host, "backup");
        Assert.True(code == 0, output);
        var file = Assert.Single(host.Get<BackupFolder>().All()).File;
        Assert.Contains(file, output, StringComparison.Ordinal);

        (code, output) = await AppProcess.VerbAsync(host, "verify-backup", file);
        Assert.True(code == 0, output);
        Assert.Matches(@"products +3 ok", output);

        await using (var scope = host.In(shop.Id)) await scope.Db.Products.ExecuteDeleteAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        (code, output) = await AppProcess.VerbAsync(host, "restore", file, "--yes");
        Assert.True(code == 0, output);
        Assert.Contains("1 workspaces know", output, StringComparison.Ordinal);
        await using (var scope = host.In(shop.Id)) Assert.Equal(3, await scope.Db.Products.CountAsync());
    }
}
