using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Tenancy;

/// <summary>A room's word on each of its tables: which fields a workspace takes along when it exports what is its own, or why none (promise P14).</summary>
/// <remarks>One per room, <c>OrdersExport.cs</c>, found by itself. A table of a workspace that no room speaks for fails a test of the house.</remarks>
public interface IRoomExport
{
    IReadOnlyList<TableExport> Tables { get; }
}

/// <summary>One table in an export: its name, its fields one by one, its rows. A column that is not named does not leave.</summary>
/// <example><c>TableExport.Of&lt;Lead&gt;("leads", "Interest without an order.", l => l.Id, l => l.Note).OfCustomer((db, c) => db.Leads.Where(l => l.CustomerId == new CustomerId(c)))</c></example>
public abstract class TableExport
{
    private protected TableExport(string name, Type row, string about) => (Name, Row, About) = (name, row, about);

    /// <summary>What its file, its list and its count are called; empty for a table that is left out.</summary>
    public string Name { get; }

    /// <summary>The class of its rows.</summary>
    public Type Row { get; }

    /// <summary>What its rows are; for one that is left out: why.</summary>
    public string About { get; }

    /// <summary>Nothing of it is exported.</summary>
    public bool IsLeftOut => Name.Length == 0;

    /// <summary>What is taken of each row, in this order.</summary>
    public virtual IReadOnlyList<ExportField> Fields => [];

    /// <summary>Tables whose rows stand inside each row as a list, by the name of the list.</summary>
    public virtual IReadOnlyList<(string Name, TableExport Table)> Inside => [];

    /// <summary>Some of its rows are about one customer.</summary>
    public virtual bool IsOfCustomers => false;

    /// <summary>A table of a workspace, by the order of its ids; a field is called as its property, in snake_case.</summary>
    public static TableExport<T> Of<T>(string name, string about, params ReadOnlySpan<Expression<Func<T, object?>>> fields) where T : class, IHasId<T> =>
        new(name, about, db => db.Set<T>(), rows => rows.OrderBy(r => r.Id), rows => [.. rows.OrderBy(r => r.Id)], fields);

    /// <summary>Rows that no table of a workspace holds, found and ordered by their room.</summary>
    public static TableExport<T> Found<T>(string name, string about, Func<OrderClosrDb, IQueryable<T>> rows, params ReadOnlySpan<Expression<Func<T, object?>>> fields) where T : class =>
        new(name, about, rows, found => found, found => [.. found], fields);

    /// <summary>A table of which nothing is exported.</summary>
    /// <param name="reason">Read by the merchant, too: it stands in the manifest.</param>
    public static TableExport LeftOut<T>(string reason) where T : class, IOfWorkspace => new Without(typeof(T), reason);

    internal virtual Task<long> CountAsync(OrderClosrDb db, Guid? customer, CancellationToken stop) => Task.FromResult(0L);

    /// <summary>Writes each row as one JSON value; of one customer alone when named.</summary>
    internal virtual Task WriteAsync(OrderClosrDb db, Guid? customer, ExportPen pen, CancellationToken stop) => Task.CompletedTask;

    private sealed class Without(Type row, string reason) : TableExport("", row, reason);
}

/// <summary>One field of an exported row.</summary>
/// <param name="Type">What the value is before it is JSON; null: JSON of any kind, kept as text in the database.</param>
public sealed record ExportField(string Name, Type? Type, bool MayBeNull);

/// <inheritdoc cref="TableExport"/>
public sealed class TableExport<T> : TableExport where T : class
{
    private readonly record struct Column(ExportField Field, Lazy<Func<T, object?>> Value, bool IsJson, bool IsFile);
    private readonly record struct Part(string Name, TableExport Table, Func<IQueryable<T>, IQueryable<T>> With, Action<T, ExportPen> Write);

    private readonly Func<OrderClosrDb, IQueryable<T>> _rows;
    private readonly Func<IQueryable<T>, IQueryable<T>> _order;
    private readonly Func<IEnumerable<T>, IReadOnlyList<T>> _sort;
    private readonly List<Column> _columns = [];
    private readonly List<Part> _lists = [];
    private Func<OrderClosrDb, Guid, IQueryable<T>>? _ofCustomer;

    internal TableExport(string name, string about, Func<OrderClosrDb, IQueryable<T>> rows, Func<IQueryable<T>, IQueryable<T>> order, Func<IEnumerable<T>, IReadOnlyList<T>> sort, ReadOnlySpan<Expression<Func<T, object?>>> fields) : base(name, typeof(T), about)
    {
        (_rows, _order, _sort) = (rows, order, sort);
        foreach (var field in fields) Add(null, field);
    }

    public override IReadOnlyList<ExportField> Fields => [.. _columns.Select(c => c.Field)];
    public override IReadOnlyList<(string Name, TableExport Table)> Inside => [.. _lists.Select(l => (l.Name, l.Table))];
    public override bool IsOfCustomers => _ofCustomer is not null;

    /// <summary>A field with a name of its own, or made of several properties.</summary>
    public TableExport<T> As(string name, Expression<Func<T, object?>> value) => Add(name, value);

    /// <summary>Text that is JSON already becomes part of the row, its names in snake_case.</summary>
    public TableExport<T> Json(Expression<Func<T, object?>> text) => Add(null, text, isJson: true);

    /// <summary>The name of a file in the workspace's media folder: goes along when one customer is exported.</summary>
    public TableExport<T> File(Expression<Func<T, object?>> name) => Add(null, name, isFile: true);

    /// <summary>Rows of another table that stand inside each row.</summary>
    public TableExport<T> With<TPart>(string name, Expression<Func<T, List<TPart>>> parts, TableExport<TPart> table) where TPart : class
    {
        var read = new Lazy<Func<T, List<TPart>>>(() => parts.Compile());
        _lists.Add(new(name, table, rows => rows.Include(parts), (row, pen) =>
        {
            foreach (var part in table._sort(read.Value(row))) table.WriteRow(part, pen);
        }));
        return this;
    }

    /// <summary>Which rows are about one customer, by the customer's id.</summary>
    public TableExport<T> OfCustomer(Func<OrderClosrDb, Guid, IQueryable<T>> rows)
    {
        _ofCustomer = rows;
        return this;
    }

    internal override Task<long> CountAsync(OrderClosrDb db, Guid? customer, CancellationToken stop) => Rows(db, customer) is { } rows ? rows.LongCountAsync(stop) : Task.FromResult(0L);

    internal override async Task WriteAsync(OrderClosrDb db, Guid? customer, ExportPen pen, CancellationToken stop)
    {
        pen.Counts.TryAdd(Name, 0);
        foreach (var list in _lists) pen.Counts.TryAdd(list.Table.Name, 0);
        if (Rows(db, customer) is not { } rows) return;
        rows = _order(rows).AsNoTracking();
        if (_lists.Count > 0) rows = _lists.Aggregate(rows, (found, list) => list.With(found)).AsSingleQuery();
        // One query read row by row: the next is asked of the database when the last one has gone.
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(stop))
        {
            WriteRow(row, pen);
            await pen.AfterRow(stop);
        }
    }

    private IQueryable<T>? Rows(OrderClosrDb db, Guid? customer) => customer is { } of ? _ofCustomer?.Invoke(db, of) : _rows(db);

    private void WriteRow(T row, ExportPen pen)
    {
        pen.Counts[Name] = pen.Counts.GetValueOrDefault(Name) + 1;
        var json = pen.Json;
        json.WriteStartObject();
        foreach (var column in _columns)
        {
            var value = column.Value.Value(row);
            json.WritePropertyName(column.Field.Name);
            if (column.IsJson) pen.Text((string?)value);
            else pen.Value(value);
            if (column.IsFile && value is string { Length: > 0 } file) pen.Files.Add(file);
        }
        foreach (var list in _lists)
        {
            json.WriteStartArray(list.Name);
            list.Write(row, pen);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private TableExport<T> Add(string? name, Expression<Func<T, object?>> value, bool isJson = false, bool isFile = false)
    {
        var body = value.Body is UnaryExpression { NodeType: ExpressionType.Convert } boxed && boxed.Type == typeof(object) ? boxed.Operand : value.Body;
        var property = (body as MemberExpression)?.Member as PropertyInfo;
        var type = Nullable.GetUnderlyingType(body.Type) ?? body.Type;
        if (type == typeof(Sealed) || property?.GetCustomAttribute<KeptSealedAttribute>() is not null) throw new ArgumentException($"{Name}: a secret is never exported.", nameof(value));
        var mayBeNull = Nullable.GetUnderlyingType(body.Type) is not null
            || (!body.Type.IsValueType && (property is null ? body is not NewExpression : new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull));
        _columns.Add(new(new(name ?? SnakeCase.Of(property!.Name), isJson ? null : type, mayBeNull), new(() => value.Compile()), isJson, isFile));
        return this;
    }
}

/// <summary>Writes values as the API spells them: instants in UTC, whole dinars, phones E.164, ids of 32 hex digits, words in snake_case.</summary>
internal sealed class ExportPen(Utf8JsonWriter json, Func<CancellationToken, ValueTask> afterRow)
{
    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(), Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    internal static readonly JsonWriterOptions Writing = new() { Encoder = Options.Encoder, SkipValidation = true };

    private readonly Dictionary<Enum, string> _words = [];

    internal Utf8JsonWriter Json => json;

    /// <summary>Rows written so far, by their table.</summary>
    internal SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Media files that the rows name.</summary>
    internal SortedSet<string> Files { get; } = new(StringComparer.Ordinal);

    internal ValueTask AfterRow(CancellationToken stop) => afterRow(stop);

    internal void Value(object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case Dinars amount: json.WriteNumberValue(amount.Amount); break;
            case Phone phone: json.WriteStringValue(phone.ToString()); break;
            case Guid id: json.WriteStringValue(id.ToString("N")); break;
            case IId id: json.WriteStringValue(id.Value.ToString("N")); break;
            case DateTimeOffset at: json.WriteStringValue(Instant(at)); break;
            case Enum word: json.WriteStringValue(_words.TryGetValue(word, out var known) ? known : _words[word] = JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString())); break;
            default: JsonSerializer.Serialize(json, value, value.GetType(), Options); break;
        }
    }

    internal static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Text that holds JSON; what cannot be read stays text.</summary>
    internal void Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            json.WriteNullValue();
            return;
        }
        try
        {
            using var document = JsonDocument.Parse(text);
            Write(document.RootElement);
        }
        catch (JsonException)
        {
            json.WriteStringValue(text);
        }
    }

    private void Write(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    json.WritePropertyName(property.Name.All(char.IsAsciiLetterOrDigit) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) : property.Name);
                    Write(property.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(item);
                json.WriteEndArray();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
