using OrderClosr.Ground.Data;

namespace OrderClosr.Web.Ui;

/// <summary>A line at the foot of the side bar, read by the room that knows it.</summary>
public interface IStatusLine
{
    /// <summary>The line now; null: nothing to say.</summary>
    Task<StatusLine?> ReadAsync(OrderClosrDb db, CancellationToken stop);
}

/// <summary>What a status line says.</summary>
/// <param name="Text">In the reader's language.</param>
/// <param name="Path">Where it leads, inside the workspace.</param>
/// <param name="Dot">Nothing for green, <c>off</c> hollow, <c>bad</c> red.</param>
public sealed record StatusLine(string Text, string Path, string Dot);
