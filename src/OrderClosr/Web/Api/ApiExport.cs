using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Web.Api;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class ApiExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<ApiKey>("api_keys", "Keys of the API by their names; the keys themselves are kept nowhere.", k => k.Id, k => k.Name, k => k.CreatedAt, k => k.CreatedBy, k => k.LastUsedAt, k => k.RevokedAt),
        TableExport.LeftOut<ApiReplay>("Answers kept for a day so that a repeated request does nothing twice; what they answered stands in the rows themselves."),
    ];
}
