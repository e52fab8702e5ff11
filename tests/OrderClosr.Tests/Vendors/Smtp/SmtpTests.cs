using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Outbound;
using OrderClosr.Sandbox;
using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Mail;
using OrderClosr.Tests.Support;
using OrderClosr.Vendors.Smtp;

namespace OrderClosr.Tests.Vendors.Smtp;

/// <summary>Letters over a real SMTP server: how they arrive, and what each of its answers means.</summary>
public sealed class SmtpTests
{
    private static readonly Letter Sample = new("lina@darlina.example", "Votre mot de passe a changé — كلمة السر", "Bonjour,\nhttps://shop.example/forgot\n", "<p dir=\"rtl\">مرحبا</p>", "ar");

    private sealed record World(WebApplication Sandbox, SmtpMailServer Server, OutboundGate Gate, FakeTimeProvider Time) : IAsyncDisposable
    {
        internal IReadOnlyList<ReceivedLetter> Letters => Sandbox.Services.GetRequiredService<Mailbox>().Letters;
        internal Vendor Mail => Sandbox.Services.GetRequiredService<VendorBook>()["mail"];

        internal static async Task<World> StartAsync(string user = "", string scheme = "smtp")
        {
            for (var tries = 1; ; tries++)
            {
                var port = Ports.Free();
                var sandbox = SandboxApp.Build(new() { Port = 0, MailPort = port });
                try
                {
                    await sandbox.StartAsync();
                }
                catch (Exception error) when (tries < 5 && Ports.IsTaken(error))
                {
                    await sandbox.DisposeAsync();
                    continue;
                }
                var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
                var settings = SmtpSettings.Read(SettingsOf($"{scheme}://{user}127.0.0.1:{port}", "OrderClosr <bonjour@orderclosr.example>"))!;
                var gate = new OutboundGate([OutboundRule.For("smtp", [settings.Url])], time);
                return new(sandbox, new(gate, time, settings), gate, time);
            }
        }

        public async ValueTask DisposeAsync()
        {
            Gate.Dispose();
            await Sandbox.DisposeAsync();
        }
    }

    private static IConfiguration SettingsOf(string? url, string? from) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Smtp:Url"] = url, ["Smtp:From"] = from }).Build();

    [Fact]
    public async Task A_letter_arrives_as_it_was_written_and_a_repeat_is_known_by_its_id()
    {
        await using var world = await World.StartAsync("bonjour:p%40ss@");
        await world.Server.SendAsync(Sample, "k1", default);
        await world.Server.SendAsync(Sample, "k1", default);
        Assert.Equal(2, world.Letters.Count);
        foreach (var letter in world.Letters)
        {
            Assert.Equal(("bonjour@orderclosr.example", Sample.To, Sample.Subject, "k1@orderclosr.example", "ar"), (letter.From, Assert.Single(letter.To), letter.Subject, letter.MessageId, letter.Language));
            Assert.Equal(Sample.Text, letter.Text.ReplaceLineEndings("\n"));
            Assert.Equal(Sample.Html, letter.Html.TrimEnd());
        }
        Assert.Contains("Auto-Submitted: auto-generated", world.Mail.Log.Items[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/data", 451, FailureCategory.Transient), InlineData("/data", 554, FailureCategory.Refused), InlineData("/rcpt", 450, FailureCategory.Transient), InlineData("/rcpt", 550, FailureCategory.Refused),
     InlineData("/data", 530, FailureCategory.Credentials)]
    public async Task Each_answer_of_the_server_has_its_consequence_and_no_address_in_its_words(string path, int status, FailureCategory category)
    {
        await using var world = await World.StartAsync();
        world.Mail.Faults.Add(new() { Kind = "error", Path = path, Status = status });
        var failure = await Assert.ThrowsAsync<VendorFailure>(() => world.Server.SendAsync(Sample, "k1", default));
        Assert.Equal(category, failure.Category);
        Assert.DoesNotContain("@", failure.Message, StringComparison.Ordinal);
        Assert.Empty(world.Letters);
    }

    [Fact]
    public async Task A_refused_password_is_our_operators_to_mend()
    {
        await using var world = await World.StartAsync("bonjour:secret-word@");
        world.Mail.Faults.Add(new() { Kind = "wrong-password" });
        var failure = await Assert.ThrowsAsync<VendorFailure>(() => world.Server.SendAsync(Sample, "k1", default));
        Assert.Equal(FailureCategory.Credentials, failure.Category);
        Assert.DoesNotContain("secret-word", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_the_TLS_that_was_asked_for_gets_neither_password_nor_letter()
    {
        await using var world = await World.StartAsync("bonjour:secret-word@", "smtps");
        var failure = await Assert.ThrowsAsync<VendorFailure>(() => world.Server.SendAsync(Sample, "k1", default));
        Assert.Equal((FailureCategory.Transient, "mail_tls"), (failure.Category, failure.Code));
        Assert.Empty(world.Letters);
        Assert.Empty(world.Mail.Log.Items);
    }

    [Fact]
    public async Task A_server_that_takes_a_letter_and_says_nothing_leaves_its_outcome_unknown()
    {
        await using var world = await World.StartAsync();
        world.Mail.Faults.Add(new() { Kind = "timeout-after-work", Seconds = 600 });
        var sending = world.Server.SendAsync(Sample, "k1", default);
        await Eventually.HoldsAsync(() => world.Letters.Count == 1);
        world.Time.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(FailureCategory.OutcomeUnknown, (await Assert.ThrowsAsync<VendorFailure>(() => sending)).Category);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_tried_later_and_another_host_is_never_asked()
    {
        var time = new TestClock();
        var settings = SmtpSettings.Read(SettingsOf($"smtp://127.0.0.1:{Ports.Free()}", "bonjour@orderclosr.example"))!;
        using var gate = new OutboundGate([OutboundRule.For("smtp", [settings.Url])], time);
        Assert.Equal(FailureCategory.Transient, (await Assert.ThrowsAsync<VendorFailure>(() => new SmtpMailServer(gate, time, settings).SendAsync(Sample, "k1", default))).Category);
        Assert.Equal("host_not_permitted", (await Assert.ThrowsAsync<VendorFailure>(() => gate.ConnectAsync("smtp", "localhost", 25, default))).Code);
        // A public name that resolves into our own network.
        using var rebound = new OutboundGate([new OutboundRule("smtp", ["localhost"], MayBePrivate: false)], time);
        Assert.Equal("private_address", (await Assert.ThrowsAsync<VendorFailure>(() => rebound.ConnectAsync("smtp", "localhost", 25, default))).Code);
    }

    [Theory]
    [InlineData(null, null, 0), InlineData("smtp://u:p@mail.example:587", "bonjour@orderclosr.example", 0), InlineData("smtps://mail.example", "OrderClosr <bonjour@orderclosr.example>", 0),
     InlineData("smtp://u:p@mail.example:587", null, 1), InlineData(null, "bonjour@orderclosr.example", 1), InlineData("mail.example:587", "bonjour@orderclosr.example", 1),
     InlineData("https://u:word-w@mail.example", "bonjour@orderclosr.example", 1), InlineData("smtp://word-w@mail.example", "bonjour@orderclosr.example", 1), InlineData("smtp://u:word-w@mail.example", "nobody", 1)]
    public void A_setting_that_is_missing_or_wrong_is_said_before_the_start_and_names_no_password(string? url, string? from, int problems)
    {
        var said = SmtpSettings.Problems(SettingsOf(url, from)).ToList();
        Assert.Equal(problems, said.Count);
        Assert.DoesNotContain(said, s => s.Contains("word-w", StringComparison.Ordinal));
        Assert.Equal(problems == 0 && url is not null, SmtpSettings.Read(SettingsOf(url, from)) is not null);
    }

    [Fact]
    public void User_password_and_port_are_read_from_the_address()
    {
        var settings = SmtpSettings.Read(SettingsOf("smtp://bonjour%40orderclosr.example:a%3Ab%2Fc@mail.example:2525", "bonjour@orderclosr.example"))!;
        Assert.Equal(("bonjour@orderclosr.example", "a:b/c", "mail.example", 2525, false), (settings.User, settings.Password, settings.Url.Host, settings.Port, settings.IsTlsFromStart));
        Assert.DoesNotContain("a%3Ab", settings.Url.ToString(), StringComparison.Ordinal);
        Assert.True(SmtpSettings.Read(SettingsOf("smtps://mail.example", "bonjour@orderclosr.example"))!.IsTlsFromStart);
        Assert.Equal(587, SmtpSettings.Read(SettingsOf("smtp://mail.example", "bonjour@orderclosr.example"))!.Port);
    }
}
