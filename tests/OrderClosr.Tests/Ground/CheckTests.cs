using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderClosr.Channels;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Tests.Support;
using OrderClosr.Verbs;

namespace OrderClosr.Tests.Ground;

public sealed class CheckTests
{
    [Theory, OnBothDatabases]
    public async Task Check_says_how_the_database_is_reached_whose_keys_the_secrets_are_whom_we_may_call_and_when_we_were_backed_up(Database database)
    {
        var young = FernetKey.Generate();
        await using var old = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await old.NewShopAsync();
        await using var app = await TestApp.StartAsync(database, new() { Started = false, Beside = old, Settings = new Dictionary<string, string?> { ["FERNET_KEYS"] = $"{young},{TestApp.FernetKey}", ["Backups:Hour"] = "3" } });
        var (code, said) = await SayAsync(app);
        Assert.True(code == 0, said);
        Assert.Contains($"{FernetKey.TryRead(young)!.Fingerprint}: 0 values (encrypts)", said, StringComparison.Ordinal);
        Assert.Contains($"{FernetKey.TryRead(TestApp.FernetKey)!.Fingerprint}: 3 values (rotate-keys", said, StringComparison.Ordinal);
        Assert.Contains("meta: ", said, StringComparison.Ordinal);
        Assert.Contains("none yet, 0 in", said, StringComparison.Ordinal);
        if (database == Database.Postgres)
        {
            Assert.Contains("TLSv1.", said, StringComparison.Ordinal);
            Assert.Contains("certificate verified", said, StringComparison.Ordinal);
            Assert.Contains("certificate of CN=", said, StringComparison.Ordinal);
        }
        else Assert.Contains("readable by", said, StringComparison.Ordinal);
        Assert.DoesNotContain(young, said, StringComparison.Ordinal);

        // A backup, then a secret that no key opens.
        await app.Get<Backups>().MakeAsync(default);
        await using (var scope = app.In(shop.Id))
        {
            (await scope.Db.Set<Channel>().FirstAsync()).Token = new(Fernet.Encrypt(FernetKey.TryRead(FernetKey.Generate())!, "x"u8, DateTimeOffset.UnixEpoch));
            await scope.Db.SaveChangesAsync();
        }
        (code, said) = await SayAsync(app);
        Assert.Equal(1, code);
        Assert.Contains("1 values of channels.token are opened by no key", said, StringComparison.Ordinal);
        Assert.Contains("(0 h ago), 1 in", said, StringComparison.Ordinal);
    }

    private static async Task<(int, string)> SayAsync(TestApp app)
    {
        var lines = new List<string>();
        var code = await Check.SayAsync(app.Services, lines.Add, default);
        return (code, string.Join('\n', lines));
    }

    [Theory, OnPostgres]
    public async Task A_database_with_anothers_certificate_is_refused_in_words_and_so_is_a_root_certificate_that_is_not_there(Database database)
    {
        await using var host = await TestApp.StartAsync(database, new() { Started = false });
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = new CertificateRequest("CN=A stranger", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(host.Folder, "stranger.crt");
        await File.WriteAllTextAsync(file, stranger.ExportCertificatePem());
        Assert.Contains("certificate that is not verified", await RefusedAsync(file), StringComparison.Ordinal);
        Assert.Contains("root certificate", await RefusedAsync(Path.Combine(host.Folder, "nowhere.crt")), StringComparison.Ordinal);

        async Task<string> RefusedAsync(string root)
        {
            var address = new NpgsqlConnectionStringBuilder(host.ConnectionString) { SslMode = SslMode.VerifyFull, RootCertificate = root }.ConnectionString;
            var refused = await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(database, new() { Beside = host, Settings = new Dictionary<string, string?> { ["ConnectionStrings:OrderClosr"] = address } }));
            return Assert.Single(refused.Problems);
        }
    }

    [Fact]
    public void A_weak_key_is_refused_also_behind_a_good_one() =>
        Assert.Contains("Key 2 of FERNET_KEYS is weak", FernetKeys.Problem($"{FernetKey.Generate()},AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), StringComparison.Ordinal);
}
