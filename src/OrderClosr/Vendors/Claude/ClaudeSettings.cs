namespace OrderClosr.Vendors.Claude;

/// <summary>The operator's settings <c>Claude:…</c>.</summary>
public sealed record ClaudeSettings
{
    /// <summary>Empty: the agent stays silent and the app says so.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Without <c>/v1</c>: the library adds it.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.anthropic.com");

    public string Model { get; init; } = "claude-haiku-5-5";
    public string HardModel { get; init; } = "claude-sonnet-5-5";

    internal static ClaudeSettings Read(IConfiguration settings)
    {
        var section = settings.GetSection("Claude");
        var usual = new ClaudeSettings();
        return new()
        {
            ApiKey = section["ApiKey"]?.Trim() ?? "",
            BaseUrl = section["BaseUrl"] is { Length: > 0 } url ? new(url) : usual.BaseUrl,
            Model = section["Model"] is { Length: > 0 } model ? model : usual.Model,
            HardModel = section["HardModel"] is { Length: > 0 } hard ? hard : usual.HardModel,
        };
    }
}
