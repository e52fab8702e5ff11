using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OrderClosr.Tests.Support;

/// <summary>Hears what one context has asked its database, so that a test can act exactly between two questions.</summary>
internal sealed class Commands : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly DbContext _db;
    private readonly Action<string> _said;
    private readonly List<IDisposable> _ends = [];

    private Commands(DbContext db, Action<string> said) => (_db, _said) = (db, said);

    /// <summary>Tells the text of each command that this context has executed, until it is disposed.</summary>
    /// <remarks>Before the context asks anything: for a second after a command nobody heard it tells nobody.</remarks>
    internal static IDisposable Hear(DbContext db, Action<string> said)
    {
        var commands = new Commands(db, said);
        commands._ends.Add(DiagnosticListener.AllListeners.Subscribe(commands));
        return commands;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name) _ends.Add(value.Subscribe(this, name => name == RelationalEventId.CommandExecuted.Name));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is CommandExecutedEventData data && ReferenceEquals(data.Context, _db)) _said(data.Command.CommandText);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _ends.ForEach(e => e.Dispose());
}
