using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>Answers about a parcel whose delivery failed or that waits at a desk: each thing the customer says is a call of its own.</summary>
internal sealed partial class Deciding
{
    // Folded: no accents, ة is ه, the apostrophe is a space.
    [GeneratedRegex(@"(?<!\w)(?:ba3d ghodwa|ba3d ghedwa|apres demain|بعد غدوه|بعد غدوا|بعد غد)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex InTwoDays();

    [GeneratedRegex(@"(?<!\w)(?:gh[eo]dwa|ghadwa|ghodoua|ghoudwa|demain|غدوه|غدوا|غدا|غد)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Tomorrow();

    [GeneratedRegex(@"(?<!\w)(?:lyoum|lyom|elyoum|aujourd hui|ليوم|اليوم)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Today();

    [GeneratedRegex(@"(?<!\d)(?<d>\d{1,2})[/.\-](?<m>\d{1,2})(?:[/.\-]20\d\d)?(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Dated();

    [GeneratedRegex(@"(?<!\w)(?:ma ?n7abhach|ma ?nhabhach|ma ?n7ebhach|ma ?nhebhach|manhabhach|ma ?bghithach|je ne (?:la |le )?veux (?:plus|pas)|j en veux plus|je refuse|refusee?|ما ?نحبهاش|مانحبهاش|ما بغيتهاش|ما بقيتش حاب|لا اريدها|لا اريده)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex DoesNotWant();

    [GeneratedRegex(@"(?<!\w)(?:bureau|bureaux|agence|stop ?desk|desk|point relais|بيرو|البيرو|للبيرو|المكتب|للمكتب|مكتب|الوكاله)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex AtADesk();

    [GeneratedRegex(@"(?<!\w)(?:nji|njiha|njih|nrou[7h]|nediha|neddiha|nedih|je (?:passe|viens|passerai|viendrai)|نجي|نجيها|نروح|نديها|ساتي|سامر|نفوت|nfout)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Comes();

    private static readonly (DayOfWeek Day, string[] Words)[] Weekdays =
    [
        (DayOfWeek.Sunday, ["dimanche", "el had", "l7ad", "lhad", "الاحد"]), (DayOfWeek.Monday, ["lundi", "letnin", "lethnin", "الاثنين", "لثنين"]), (DayOfWeek.Tuesday, ["mardi", "tlata", "thlatha", "الثلاثاء", "ثلاثه"]),
        (DayOfWeek.Wednesday, ["mercredi", "larb3a", "lar b3a", "الاربعاء", "لاربعا"]), (DayOfWeek.Thursday, ["jeudi", "khmis", "lkhmis", "الخميس"]), (DayOfWeek.Friday, ["vendredi", "jem3a", "djem3a", "الجمعه"]), (DayOfWeek.Saturday, ["samedi", "sebt", "السبت"]),
    ];

    private JsonObject? Waiting => _scene.Facts.Objects("parcels").LastOrDefault(p => p.Is("needs_answer")) ?? _scene.Facts.Objects("parcels").LastOrDefault();

    /// <summary>True when the message answered about the parcel, or waits for the tool.</summary>
    private bool Rescuing()
    {
        if (Waiting is not { } parcel || parcel.Whole("order") is not { } order || !_scene.Tools.Contains("rescue_parcel")) return false;
        var isAtDesk = parcel.Text("state") == "at_desk";
        var calls = new List<(string Answer, string Value)>();
        if (_heard.Has(Intent.Person)) calls.Add(("wants_person", ""));
        else if (DoesNotWant().IsMatch(_heard.Folded)) calls.Add(("refuse", ""));
        else if (isAtDesk)
        {
            if (DayIn() is { } day) calls.Add(("coming_to_desk", day));
            else if (Comes().IsMatch(_heard.Folded) || AtADesk().IsMatch(_heard.Folded)) calls.Add(("coming_to_desk", ""));
        }
        else
        {
            if (_heard.Phones.Count > 0) calls.Add(("new_phone", _heard.Phones[0]));
            if (AtADesk().IsMatch(_heard.Folded)) calls.Add(("take_from_desk", ""));
            else if (_heard.Address is { } address) calls.Add(("new_address", address));
            if (!AtADesk().IsMatch(_heard.Folded) && DayIn() is { } day) calls.Add(("new_day", day));
        }
        if (calls.Count == 0) return false;
        var taken = calls.Select(c => (c.Answer, Done: _tools.Use("rescue_parcel", new() { ["order"] = order, ["answer"] = c.Answer, ["value"] = c.Value, ["commune"] = "" }))).ToList();
        if (_tools.Waits) return true;
        foreach (var (answer, done) in taken) Tell(answer, done!);
        return true;
    }

    private void Tell(string answer, ToolAnswer done)
    {
        if (done.IsError)
        {
            _answers.Add(done.Error switch
            {
                "phone_unreadable" or "phone_not_said" => Say(Lines.PhoneBad),
                "day_past" or "day_too_far" or "day_unreadable" => Say(Lines.RescueDay),
                "desk_unclear" when done.Suggestions.Count > 0 => Say(Lines.PlaceWhich, _register.List(done.Suggestions.Take(4))),
                _ => Say(Lines.NoInfo),
            });
            return;
        }
        _answers.Add((done.Result.Text("done"), answer) switch
        {
            ("to_person", _) => Say(Lines.HandedOver),
            ("to_courier", "new_phone") => Say(Lines.RescuePhone, done.Result.Text("phone")),
            ("to_courier", "take_from_desk") => Say(Lines.RescueDesk, done.Result.Text("desk")),
            ("to_courier", _) => Say(Lines.RescueToCourier),
            (_, "refuse") => Say(Lines.RescueRefused),
            ("noted", _) => Say(Lines.RescueComing),
            _ => Say(Lines.RescueByShop),
        });
    }

    /// <summary>The day a message names, reckoned from the facts' today.</summary>
    private string? DayIn()
    {
        if (!DateOnly.TryParseExact(_scene.Facts.Text("today"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var today)) return null;
        var text = _heard.Folded;
        DateOnly? day = InTwoDays().IsMatch(text) ? today.AddDays(2) : Tomorrow().IsMatch(text) ? today.AddDays(1) : Today().IsMatch(text) ? today : null;
        foreach (var (weekday, words) in Weekdays)
            if (day is null && words.Any(w => Regex.IsMatch(text, $@"(?<!\w){w}(?!\w)", RegexOptions.CultureInvariant))) day = today.AddDays(((int)weekday - (int)today.DayOfWeek + 6) % 7 + 1);
        if (day is null && Dated().Match(text) is { Success: true } said && int.Parse(said.Groups["m"].Value, CultureInfo.InvariantCulture) is >= 1 and <= 12 and var month && int.Parse(said.Groups["d"].Value, CultureInfo.InvariantCulture) is >= 1 and var date && date <= DateTime.DaysInMonth(today.Year, month))
            day = new DateOnly(today.Year, month, date) is var on && on < today.AddMonths(-6) ? on.AddYears(1) : on;
        return day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
