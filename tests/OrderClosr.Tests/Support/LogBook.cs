using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrderClosr.Tests.Support;

/// <summary>Everything an app under test logged; shown on the console with <c>ORDERCLOSR_TEST_LOGS=1</c>.</summary>
public sealed class LogBook : ILoggerProvider
{
    private static readonly bool Show = Environment.GetEnvironmentVariable("ORDERCLOSR_TEST_LOGS") == "1";
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>One text per entry: level, category, message and exception.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Page(categoryName, this);

    public void Dispose()
    {
    }

    private void Write(string line)
    {
        _lines.Enqueue(line);
        if (Show) Console.WriteLine(line);
    }

    private sealed class Page(string category, LogBook book) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            book.Write($"{logLevel} {category}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
    }
}
