using Microsoft.AspNetCore.Routing.Patterns;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Ui;

/// <summary>Tells whether an address would be refused to the member who looks, by the same mark of the same endpoint the door asks: forms, buttons and links ask it and are not drawn then.</summary>
public sealed class Doors(IServiceProvider services)
{
    private sealed record Door(RoutePattern Pattern, IReadOnlyList<string> Methods, Capability? Needs);

    private readonly Lazy<Door[]> _doors = new(() =>
    [
        .. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText?.TrimStart('/').StartsWith("w/{workspace}", StringComparison.Ordinal) == true)
            .OrderBy(e => e.RoutePattern.InboundPrecedence).Select(e => new Door(e.RoutePattern, e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [], e.Metadata.GetMetadata<NeededCapability>()?.Capability)),
    ]);

    /// <summary>Addresses outside the workspace, and those that no endpoint has, are open to all.</summary>
    public bool Opens(Shop shop, string method, string? address)
    {
        if (address is null || !shop.IsSome || shop.Role == Role.Owner) return true;
        var end = address.IndexOfAny(['?', '#']);
        var path = (end < 0 ? address : address[..end]).Trim('/').Split('/');
        if (path.Length < 2 || path[0] != "w" || path[1] != shop.Slug) return true;
        return _doors.Value.FirstOrDefault(d => d.Methods.Contains(method) && Fits(d.Pattern, path)) is not { } door || (door.Needs is { } needs && shop.May(needs));
    }

    private static bool Fits(RoutePattern pattern, string[] path)
    {
        if (pattern.PathSegments.Count != path.Length) return false;
        for (var i = 0; i < path.Length; i++)
            if (pattern.PathSegments[i].Parts is [RoutePatternLiteralPart literal] && !literal.Content.Equals(path[i], StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }
}
