using System.Buffers;
using System.Net;
using System.Text;
using MimeKit;
using OrderClosr.Sandbox.Faults;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace OrderClosr.Sandbox.Mail;

/// <summary>Listens for SMTP on <see cref="SandboxOptions.MailPort"/> and puts what it takes into the <see cref="Mailbox"/>.</summary>
/// <remarks>Faults go by the path <c>/rcpt</c> or <c>/data</c>: <c>error</c> answers <c>status</c> (451) there, <c>slow</c> and <c>hang</c> wait, <c>timeout-after-work</c> takes the letter and then
/// says nothing for <c>seconds</c> (30). The switch <c>wrong-password</c> refuses every user.</remarks>
internal sealed class SmtpDoor(SandboxOptions options, Mailbox box, VendorBook book, TimeProvider time) : IHostedService, IMessageStore, IMailboxFilter, IUserAuthenticator, IEndpointListenerFactory, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private IEndpointListener? _door;

    private Vendor Vendor => book["mail"];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.MailPort is not { } port) return Task.CompletedTask;
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IMailboxFilter)this);
        services.Add((IUserAuthenticator)this);
        services.Add((IEndpointListenerFactory)this);
        var server = new SmtpServer.SmtpServer(new SmtpServerOptionsBuilder().ServerName("sandbox.example")
            .Endpoint(end => end.Endpoint(new IPEndPoint(IPAddress.Loopback, port)).AllowUnsecureAuthentication(true).AuthenticationRequired(false)).Build(), services);
        _running = server.StartAsync(_stop.Token);
        // A port that is taken is known at once.
        return _running.IsFaulted ? _running : Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public IEndpointListener CreateListener(IEndpointDefinition endpointDefinition) => _door = new EndpointListenerFactory().CreateListener(endpointDefinition);

    // A sandbox that is thrown away without being stopped would go on listening, and the port keep all that this class knows.
    // Not IDisposable: the library disposes of such a store after every letter.
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _door?.Dispose();
        _stop.Dispose();
    }

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) => Task.FromResult(!Vendor.Faults.IsOn("wrong-password"));

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public async Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken)
    {
        if (await FaultAsync("/rcpt", cancellationToken) is not { } answer) return true;
        Vendor.Log.Add(new(time.GetUtcNow(), "RCPT", "/rcpt", (int)answer.ReplyCode, to.AsAddress(), answer.Message, "error"));
        throw new SmtpResponseException(answer);
    }

    public async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        var raw = buffer.ToArray();
        var answer = await FaultAsync("/data", cancellationToken) ?? new SmtpResponse(SmtpReplyCode.Ok, "taken");
        Vendor.Log.Add(new(time.GetUtcNow(), "DATA", "/data", (int)answer.ReplyCode, Encoding.UTF8.GetString(raw), answer.Message, null));
        if ((int)answer.ReplyCode >= 300) return answer;
        using var stream = new MemoryStream(raw);
        using var message = await MimeMessage.LoadAsync(stream, cancellationToken);
        box.Add(id => ReceivedLetter.Read(id, time.GetUtcNow(), transaction.From.AsAddress(), [.. transaction.To.Select(t => t.AsAddress())], message));
        if (Vendor.Faults.Take("/data", "timeout-after-work") is { } late) await WaitAsync(late.Seconds ?? 30, cancellationToken);
        return answer;
    }

    private async Task<SmtpResponse?> FaultAsync(string path, CancellationToken stop)
    {
        if (Vendor.Faults.Take(path, "slow") is { } slow) await WaitAsync(slow.Seconds ?? 3, stop);
        if (Vendor.Faults.Take(path, "hang") is { } hang) await WaitAsync(hang.Seconds ?? 120, stop);
        return Vendor.Faults.Take(path, "error") is { } error ? new SmtpResponse((SmtpReplyCode)(error.Status ?? 451), "injected fault") : null;
    }

    private Task WaitAsync(double seconds, CancellationToken stop) => Task.Delay(TimeSpan.FromSeconds(seconds), time, stop);
}
