using OrderClosr.Ground.Data;

namespace OrderClosr.Web.Ui;

/// <summary>A sentence across every page of the shop, read by the room that knows it.</summary>
public interface IBanner
{
    /// <summary>What is to be said now; null: nothing.</summary>
    Task<Banner?> ReadAsync(OrderClosrDb db, Shop shop, CancellationToken stop);
}

/// <summary>What a banner says.</summary>
/// <param name="Text">In the reader's language.</param>
/// <param name="Tone">As a <c>Notice</c> has it: <c>nila, amber, red</c>.</param>
/// <param name="Path">Where one can do something about it, inside the workspace; null for who cannot.</param>
/// <param name="Do">What one can do there.</param>
public sealed record Banner(string Text, string Tone, string? Path, string Do);
