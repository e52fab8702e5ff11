namespace OrderClosr.Ground.Data;

/// <summary>Tells listeners in this process what a commit changed, after the commit: wake-ups for speed, live updates for pages.</summary>
/// <remarks>Best effort: a lost ring costs a delay, never the truth (the sweep is the guarantee).</remarks>
public sealed class Bell(ILogger<Bell> log)
{
    private readonly List<Action<Notice>> _listeners = [];

    /// <summary>Hears every notice from now on.</summary>
    public void Listen(Action<Notice> listener)
    {
        lock (_listeners) _listeners.Add(listener);
    }

    /// <summary>Hears what other nodes' commits changed; <paramref name="missed"/> when some of it may have been lost.</summary>
    public void ListenAfar(Action<Notice> heard, Action missed)
    {
        lock (_listeners) _afar.Add((heard, missed));
    }

    /// <summary>Passes on what another node told.</summary>
    internal void RingAfar(Notice notice)
    {
        foreach (var (heard, _) in Afar()) heard(notice);
    }

    /// <summary>Something that other nodes told may be lost.</summary>
    internal void MissAfar()
    {
        foreach (var (_, missed) in Afar()) missed();
    }

    private (Action<Notice> Heard, Action Missed)[] Afar()
    {
        lock (_listeners) return [.. _afar];
    }

    private readonly List<(Action<Notice> Heard, Action Missed)> _afar = [];

    /// <summary>Rings; a listener that fails is logged and costs the others nothing.</summary>
    public void Ring(IReadOnlyList<Notice> notices)
    {
        Action<Notice>[] listeners;
        lock (_listeners) listeners = [.. _listeners];
        foreach (var notice in notices)
            foreach (var listener in listeners)
            {
                try
                {
                    listener(notice);
                }
                catch (Exception error)
                {
                    log.LogDebug("A notice was not heard: {Error}.", error.GetType().Name);
                }
            }
    }
}

/// <summary>Something a commit changed.</summary>
/// <param name="Workspace">Whose.</param>
/// <param name="What">The product's word: <c>conversation</c>, <c>order</c>, <c>controls</c>; or <c>lane</c> for due jobs.</param>
/// <param name="Key">The id, 32 hex digits; for a lane its name.</param>
public sealed record Notice(WorkspaceId Workspace, string What, string Key);
