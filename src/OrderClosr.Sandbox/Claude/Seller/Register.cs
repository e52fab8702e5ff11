using System.Globalization;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>Language and script of an answer.</summary>
internal enum Register
{
    /// <summary>Darja in Arabic letters.</summary>
    Darja,

    /// <summary>Darja in Latin letters and digits.</summary>
    Arabizi,

    /// <summary>French.</summary>
    French,

    /// <summary>Standard Arabic.</summary>
    Arabic,
}

/// <summary>One sentence in the four ways a customer may want it; <c>{0}</c> and so on are filled in.</summary>
internal sealed record Line(string Darja, string Arabizi, string French, string Arabic)
{
    /// <summary>Said instead when the shop's last message was this very sentence: nobody likes to hear the same words twice.</summary>
    public Line? Again { get; init; }

    /// <summary>In one register.</summary>
    public string In(Register register, params object?[] values)
    {
        var text = register switch { Register.Darja => Darja, Register.Arabizi => Arabizi, Register.French => French, _ => Arabic };
        return values.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, values);
    }
}

/// <summary>Which register an answer has: the caller's facts decide, else the customer's own words.</summary>
internal static class Registers
{
    /// <summary>From <c>facts.reply</c>; without it from the text.</summary>
    public static Register Of(Scene scene) => (scene.Facts["reply"].Text("language"), scene.Facts["reply"].Text("script")) switch
    {
        ("french", _) => Register.French,
        ("arabic", _) => Register.Arabic,
        ("darja", "arabic") => Register.Darja,
        ("darja", _) => Register.Arabizi,
        _ => OfText(scene.Words),
    };

    private static Register OfText(string text)
    {
        if (text.Any(c => c is >= '\u0600' and <= '\u06FF')) return Register.Darja;
        var words = Lexicon.Fold(text).Split([' ', '\n', ',', '.', '?', '!'], StringSplitOptions.RemoveEmptyEntries);
        return words.Any(w => w.Any(char.IsAsciiDigit) && w.Any(char.IsLetter) || w is "slm" or "salam" or "nheb" or "kayen" or "chhal" or "bach" or "rani" or "wach" or "hadi" or "khoya") ? Register.Arabizi : Register.French;
    }

    /// <summary>Whole dinars as the house writes them: <c>3 500 DA</c>, in Arabic letters <c>3 500 دج</c>.</summary>
    public static string Money(this Register register, int dinars) =>
        string.Create(CultureInfo.InvariantCulture, $"{dinars:#,0}").Replace(',', ' ') + (register is Register.Darja or Register.Arabic ? " دج" : " DA");

    /// <summary>A list in words.</summary>
    public static string List(this Register register, IEnumerable<string> items) => string.Join(register is Register.Darja or Register.Arabic ? "، " : ", ", items);
}
