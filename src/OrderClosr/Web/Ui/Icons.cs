namespace OrderClosr.Web.Ui;

/// <summary>The drawings of <see cref="Icon"/>: content of an SVG of 24 by 24, drawn with the current colour.</summary>
public static class Icons
{
    /// <summary>Every icon there is.</summary>
    public static IEnumerable<string> Names => Drawings.Keys;

    /// <summary>Icons that point along the reading direction are mirrored in Arabic.</summary>
    public static bool Points(string name) => name is "back" or "next" or "send" or "play" or "truck" or "undo";

    internal static string Of(string name) => Drawings.TryGetValue(name, out var drawing) ? drawing : throw new ArgumentException($"There is no icon {name}.", nameof(name));

    private static readonly Dictionary<string, string> Drawings = new(StringComparer.Ordinal)
    {
        ["agent"] = """<circle cx="12" cy="12" r="7.75" stroke-width="2.5" stroke-linecap="butt" pathLength="120" stroke-dasharray="33 7" stroke-dashoffset="26"/><circle cx="12" cy="12" r="2.5" fill="currentColor" stroke="none"/>""",
        ["alert"] = """<path d="M12 4 2.8 20h18.4ZM12 10v4.5M12 17.3v.01"/>""",
        ["back"] = """<path d="M20 12H5M11 5.5 4.5 12l6.5 6.5"/>""",
        ["bin"] = """<path d="M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10.5 11v5.5M13.5 11v5.5"/>""",
        ["call"] = """<path d="M6.5 4H9l1.5 4.5L8.3 10a12 12 0 0 0 5.7 5.7l1.5-2.2L20 15v2.5a2.5 2.5 0 0 1-2.5 2.5A13.5 13.5 0 0 1 4 6.5 2.5 2.5 0 0 1 6.5 4Z"/>""",
        ["card"] = """<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="M3 10h18M6.5 15h3"/>""",
        ["cash"] = """<rect x="3" y="6" width="18" height="12" rx="2"/><circle cx="12" cy="12" r="2.5"/><path d="M6.5 10v4M17.5 10v4"/>""",
        ["chart"] = """<path d="M4 4v16h16M8.5 16v-4M13 16V8M17.5 16v-6"/>""",
        ["chat"] = """<path d="M6 4h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4.5 4v-4H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z"/>""",
        ["check"] = """<path d="m5 12.5 4.5 4.5L19 7.5"/>""",
        ["copy"] = """<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2"/><path d="M15.5 8.5V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7.5a2 2 0 0 0 2 2h2.5"/>""",
        ["desk"] = """<path d="M4.5 10.5V20h15v-9.5M3 8.5 5 4h14l2 4.5c0 1.3-1.2 2.3-2.5 2.3S16 10 16 8.7c0 1.3-1.7 2.2-4 2.2s-4-.9-4-2.2c0 1.3-1.2 2.2-2.5 2.2S3 9.8 3 8.5ZM9.5 20v-5h5v5"/>""",
        ["dots"] = """<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="2.75"/>""",
        ["export"] = """<path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15"/>""",
        ["filter"] = """<path d="M4 6h16M7 12h10M10 18h4"/>""",
        ["flag"] = """<path d="M6 21V4h12l-2.5 4L18 12H6"/>""",
        ["gear"] = """<path d="M8 4.5h8l4.5 7.5-4.5 7.5H8L3.5 12Z"/><circle cx="12" cy="12" r="3"/>""",
        ["home"] = """<path d="m4 11 8-7 8 7v9h-5.5v-5.5h-5V20H4Z"/>""",
        ["image"] = """<rect x="3.5" y="5" width="17" height="14" rx="2"/><circle cx="8.5" cy="9.5" r="1.5"/><path d="m4 17 5-4.5 3.5 3 3-2.5 5 4"/>""",
        ["info"] = """<circle cx="12" cy="12" r="8.25"/><path d="M12 11v5M12 8v.01"/>""",
        ["instagram"] = """<rect x="4" y="4" width="16" height="16" rx="4.5"/><circle cx="12" cy="12" r="3.5"/><path d="M16.6 7.4v.01"/>""",
        ["lock"] = """<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>""",
        ["mail"] = """<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="m4 7 8 6 8-6"/>""",
        ["messenger"] = """<path d="M12 4c5 0 8.5 3.2 8.5 7.3S17 18.7 12 18.7c-.9 0-1.7-.1-2.5-.3L6.3 20v-2.9c-1.7-1.3-2.8-3.4-2.8-5.8C3.5 7.2 7 4 12 4Z"/><path d="m7.5 13 3-3 2.7 2 3.3-3"/>""",
        ["mic"] = """<rect x="9" y="3.5" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>""",
        ["more"] = """<path d="M4 6.5h16M4 12h16M4 17.5h16"/>""",
        ["next"] = """<path d="m9 5 7 7-7 7"/>""",
        ["orders"] = """<path d="M6 3h12v18l-3-2-3 2-3-2-3 2Z"/><path d="M9.5 8h5M9.5 12h5"/>""",
        ["parcel"] = """<path d="m12 3 8 4.3v9.4L12 21l-8-4.3V7.3Z"/><path d="m4.2 7.5 7.8 4.3 7.8-4.3M12 11.8V21"/>""",
        ["pause"] = """<path d="M8.5 5.5v13M15.5 5.5v13" stroke-width="2.5"/>""",
        ["pen"] = """<path d="m4 20 1-4.5L16 4.5l3.5 3.5L8.5 19ZM13.5 7l3.5 3.5"/>""",
        ["people"] = """<circle cx="9" cy="8" r="3.25"/><path d="M3 19.5c.4-3.4 2.8-5.3 6-5.3s5.6 1.9 6 5.3M15.5 4.9a3.25 3.25 0 0 1 0 6.2M17.6 14.7c1.9.6 3.1 2.3 3.4 4.8"/>""",
        ["play"] = """<path d="m7.5 4.5 11 7.5-11 7.5Z"/>""",
        ["plus"] = """<path d="M12 5v14M5 12h14"/>""",
        ["print"] = """<path d="M7 8V4h10v4M7 17H4V8h16v9h-3"/><path d="M7 14h10v6H7z"/>""",
        ["search"] = """<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>""",
        ["send"] = """<path d="M4 4.5 20.5 12 4 19.5 6.5 12ZM6.5 12H13"/>""",
        ["sheet"] = """<rect x="4" y="4" width="16" height="16" rx="2"/><path d="M4 9.3h16M4 14.6h16M10 9.3V20"/>""",
        ["sliders"] = """<path d="M5.5 4v7.5M5.5 15.5V20M12 4v3.5M12 11.5V20M18.5 4v9M18.5 17v3"/><circle cx="5.5" cy="13.5" r="2"/><circle cx="12" cy="9.5" r="2"/><circle cx="18.5" cy="15" r="2"/>""",
        ["swap"] = """<path d="M4 8.5h15M15.5 5 19 8.5 15.5 12M20 15.5H5M8.5 12 5 15.5 8.5 19"/>""",
        ["tag"] = """<path d="M4 4h7.5l8.5 8.5-7.5 7.5L4 11.5Z"/><circle cx="8.3" cy="8.3" r=".9"/>""",
        ["ticks"] = """<path d="m2.5 12.5 4 4 8-8.5M11 15.5l1.5 1 8.5-8.5"/>""",
        ["truck"] = """<path d="M5 16.5H3V6h11v10.5H9M14 9.5h4l3 3.5v3.5h-1.5M15.5 16.5H14"/><circle cx="7" cy="17" r="2"/><circle cx="17.5" cy="17" r="2"/>""",
        ["undo"] = """<path d="M8.5 5 4 9.5 8.5 14M4 9.5h10a5.25 5.25 0 0 1 0 10.5H9"/>""",
        ["user"] = """<circle cx="12" cy="8" r="3.5"/><path d="M5 20c.5-4 3.2-6 7-6s6.5 2 7 6"/>""",
        ["whatsapp"] = """<path d="m4 20 1.2-3.9A8 8 0 1 1 8 18.9Z"/><path d="M9 9c.2 3.2 2.8 5.8 6 6"/>""",
        ["x"] = """<path d="m6 6 12 12M18 6 6 18"/>""",
    };
}
