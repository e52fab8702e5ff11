using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>What a driver's reason means, by the trade's own words in French, Arabic and Darja; what none of them says is <see cref="RescueKind.Other"/>.</summary>
/// <remarks>Only for members and for how the first message is worded; a wrong reading costs a sentence, never a move.</remarks>
public static class RescueReasons
{
    // The first line that fits: "annulé" beats "ne répond pas" when a driver types both.
    private static readonly (RescueKind Kind, string[] Words)[] Table =
    [
        (RescueKind.Refused, ["annul", "refus", "pas commande", "commande double", "ne veut pas", "رفض", "الغ", "ma bghach", "ma habch"]),
        (RescueKind.WrongNumber, ["faux num", "mauvais num", "numero errone", "numero incorrect", "num errone", "wrong number", "رقم خاط", "نمره غالط"]),
        (RescueKind.BadAddress, ["adresse", "wilaya errone", "commune errone", "wrong address", "introuvable", "عنوان"]),
        (RescueKind.Postponed, ["report", "plus tard", "rendez vous", "postpon", "تاجيل", "موجل"]),
        (RescueKind.NoMoney, ["incapable de payer", "pas dargent", "pas d argent", "liquide", "no money", "دراهم"]),
        (RescueKind.SwitchedOff, ["eteint", "injoignable", "hors service", "hors reseau", "switched off", "unreachable", "مغلق", "مقفل"]),
        (RescueKind.NoAnswer, ["repond pas", "sans reponse", "pas de reponse", "non repondu", "no answer", "boite vocale", "لا يرد", "لم يرد", "ما يرد", "مايرد"]),
        (RescueKind.Absent, ["absent", "pas la", "en voyage", "غائب", "غايب"]),
    ];

    public static RescueKind Read(string? reason)
    {
        var text = Folding.Fold(reason).Replace('-', ' ').Replace('_', ' ').Replace('\'', ' ').Replace('’', ' ');
        return text.Length == 0 ? RescueKind.Other : Table.FirstOrDefault(row => row.Words.Any(w => text.Contains(w, StringComparison.Ordinal))).Kind;
    }
}
