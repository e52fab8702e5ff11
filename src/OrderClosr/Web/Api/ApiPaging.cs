using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Api;

/// <summary>A list of the API: <c>{"items":[…],"next":"cursor or null"}</c>.</summary>
public sealed record ApiList<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>What a program asked of a list: how many, and from where on.</summary>
/// <param name="Limit">1 to 100.</param>
/// <param name="After">The sort key of the last item it has; null: from the beginning.</param>
public sealed record ApiPage(int Limit, string? After)
{
    private const int Usual = 50, Most = 100;

    /// <summary>Reads <c>?limit=</c> and <c>?cursor=</c>; 422 for anything else than ours.</summary>
    public static Result<ApiPage> Read(HttpContext http)
    {
        var query = http.Request.Query;
        var limit = Usual;
        if (query.TryGetValue("limit", out var asked) && (!int.TryParse(asked, System.Globalization.NumberStyles.None, null, out limit) || limit is < 1 or > Most))
            return new Refusal("limit_out_of_range", $"A limit is 1 to {Most}.", "limit");
        if (!query.TryGetValue("cursor", out var cursor) || cursor.ToString().Length == 0) return new ApiPage(limit, null);
        var text = cursor.ToString();
        Span<byte> bytes = stackalloc byte[256];
        return text.Length <= 300 && Base64Url.DecodeFromChars(text, bytes, out _, out var length) == OperationStatus.Done && length > 1 && bytes[0] == (byte)'1'
            ? new ApiPage(limit, Encoding.UTF8.GetString(bytes[1..length]))
            : BadCursor;
    }

    /// <summary>For a cursor that decodes to nothing we gave out.</summary>
    public static readonly Refusal BadCursor = new("cursor_unknown", "This cursor is not one of ours: begin again without it.", "cursor");

    /// <summary>The cursor behind an item with this sort key.</summary>
    public static string CursorAfter(string sortKey) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes("1" + sortKey));

    /// <summary>One page of rows with ids, newest first (ids rise with time): what is added meanwhile never moves what is still to come.</summary>
    public async Task<Result<ApiList<TShape>>> OfAsync<T, TShape>(IQueryable<T> rows, Func<IQueryable<T>, Id<T>, IQueryable<T>> before, Func<T, TShape> shape, CancellationToken stop) where T : class, IHasId<T>
    {
        if (After is not null)
        {
            if (!Id<T>.TryParse(After, null, out var last)) return BadCursor;
            rows = before(rows, last);
        }
        var found = await rows.OrderByDescending(r => r.Id).Take(Limit + 1).ToListAsync(stop);
        var items = found.Take(Limit).ToList();
        return new ApiList<TShape>([.. items.Select(shape)], found.Count > Limit ? CursorAfter(items[^1].Id.ToString()) : null);
    }
}
