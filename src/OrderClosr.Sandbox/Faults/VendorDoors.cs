namespace OrderClosr.Sandbox.Faults;

/// <summary>The doors every vendor has for people and tests: log, faults, state.</summary>
public static class VendorDoors
{
    /// <summary>
    /// Opens a vendor under <c>/{name}</c>: calls are logged and faulted from now on.
    /// Map the vendor's own addresses on the group that comes back.
    /// </summary>
    public static RouteGroupBuilder MapVendor(this IEndpointRouteBuilder app, string name, Action<Vendor>? shape = null)
    {
        var vendor = app.ServiceProvider.GetRequiredService<VendorBook>()[name];
        shape?.Invoke(vendor);
        var group = app.MapGroup("/" + name);

        group.MapGet("/_log", () => new { items = vendor.Log.Items });
        group.MapGet("/_deliveries", (Deliveries deliveries) => new { items = deliveries.Tries.Where(t => t.Vendor == name) });
        group.MapGet("/_faults", () => new { items = vendor.Faults.All, kinds = Fault.CommonKinds.Concat(vendor.Knobs) });
        group.MapDelete("/_faults", (string? kind) => { vendor.Faults.Clear(kind); return Results.NoContent(); });
        group.MapPost("/_faults", (Fault fault) =>
        {
            if (Refuse(vendor, fault) is { } why) return Results.Json(new { error = why, kinds = Fault.CommonKinds.Concat(vendor.Knobs) }, statusCode: 422);
            vendor.Faults.Add(fault);
            return Results.Json(fault, statusCode: 201);
        });
        group.MapDelete("/_state", () =>
        {
            vendor.Faults.Clear();
            vendor.Forget();
            vendor.Log.Clear();
            return Results.NoContent();
        });
        return group;
    }

    /// <summary>The vendor whose address this call came in on.</summary>
    public static Vendor Vendor(this HttpContext http) => (Vendor)http.Items[typeof(Vendor)]!;

    private static string? Refuse(Vendor vendor, Fault fault) => fault switch
    {
        _ when !Fault.CommonKinds.Contains(fault.Kind) && !vendor.Knobs.Contains(fault.Kind) => $"{vendor.Name} knows no fault \"{fault.Kind}\"",
        { Rate: < 0 or > 1 } => "rate is 0 to 1",
        { Count: < 1 } => "count is 1 or more",
        { Seconds: < 0 or > 3600 } => "seconds is 0 to 3600",
        { Status: < 200 or > 599 } => "status is 200 to 599",
        _ => null,
    };
}
