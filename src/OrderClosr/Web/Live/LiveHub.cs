using System.Collections.Concurrent;
using System.Threading.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Live;

/// <summary>Carries what commits told (<see cref="Bell"/>) to the pages that are open in the same workspace: ids only, never content.</summary>
/// <remarks>A page that reads too slowly loses notices, never memory: it is told to refresh instead.</remarks>
public sealed class LiveHub
{
    private readonly ConcurrentDictionary<WorkspaceId, ConcurrentDictionary<Listener, byte>> _listeners = [];

    public LiveHub(Bell bell)
    {
        bell.Listen(Pass);
        bell.ListenAfar(Pass, Miss);
    }

    /// <summary>Hears a workspace until it is disposed, the sign-in ends, or the account's role there changes.</summary>
    public Listener Listen(WorkspaceId workspace, Guid signIn, Guid account)
    {
        var listener = new Listener(this, workspace, signIn, account);
        _listeners.GetOrAdd(workspace, _ => []).TryAdd(listener, 0);
        return listener;
    }

    /// <summary>A sign-in has ended: its pages stop hearing at once.</summary>
    public void End(Guid signIn)
    {
        foreach (var room in _listeners.Values)
            foreach (var listener in room.Keys)
                if (listener.SignIn == signIn) listener.Stop();
    }

    /// <summary>Notices of other processes may be lost: every open page fetches anew.</summary>
    public void Miss()
    {
        foreach (var room in _listeners.Values)
            foreach (var listener in room.Keys) listener.Miss();
    }

    /// <summary>Passes a notice on; also called with notices of other processes.</summary>
    public void Pass(Notice notice)
    {
        if (notice.What == "lane" || !_listeners.TryGetValue(notice.Workspace, out var room)) return;
        if (notice.What == Membership.Notice)
        {
            // Removed, or another role: on every node the person's pages end here, and ask the door anew.
            foreach (var listener in room.Keys)
                if (listener.Account.ToString("N") == notice.Key) listener.Stop();
            return;
        }
        foreach (var listener in room.Keys) listener.Hear(notice);
    }

    /// <summary>The notice that only says "look whether something was missed".</summary>
    internal const string Refresh = "refresh";

    /// <summary>One open page.</summary>
    public sealed class Listener : IDisposable
    {
        private readonly LiveHub _hub;
        private readonly WorkspaceId _workspace;
        private readonly Channel<Notice> _notices = Channel.CreateBounded<Notice>(new BoundedChannelOptions(256) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        private int _missed;

        internal Listener(LiveHub hub, WorkspaceId workspace, Guid signIn, Guid account) => (_hub, _workspace, SignIn, Account) = (hub, workspace, signIn, account);

        internal Guid SignIn { get; }

        internal Guid Account { get; }

        /// <summary>What changed; ends when the sign-in does, or the membership.</summary>
        public ChannelReader<Notice> Notices => _notices.Reader;

        /// <summary>True once when notices were lost.</summary>
        public bool TakeMissed() => Interlocked.Exchange(ref _missed, 0) == 1;

        internal void Hear(Notice notice)
        {
            if (!_notices.Writer.TryWrite(notice)) Interlocked.Exchange(ref _missed, 1);
        }

        internal void Miss()
        {
            Interlocked.Exchange(ref _missed, 1);
            _notices.Writer.TryWrite(new(_workspace, Refresh, "")); // wakes the reader; it needs no waking when there is no room
        }

        internal void Stop() => _notices.Writer.TryComplete();

        public void Dispose()
        {
            Stop();
            if (_hub._listeners.TryGetValue(_workspace, out var room)) room.TryRemove(this, out _);
        }
    }
}
