using System.Globalization;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Orders.Pages;

/// <summary>What stands in the fields of an order's form: of the order, or as a member typed it before it was refused.</summary>
public sealed record OrderForm
{
    public string Name { get; init; } = "";
    public string Phone { get; init; } = "";
    public string SecondPhone { get; init; } = "";
    public string Wilaya { get; init; } = "";
    public string Commune { get; init; } = "";
    public string Address { get; init; } = "";
    public string Delivery { get; init; } = "home";
    public string Desk { get; init; } = "";
    public string Note { get; init; } = "";
    public IReadOnlyList<FormLine> Lines { get; init; } = [];

    /// <summary>The version the member looks at; 0 for a new order.</summary>
    public int Version { get; init; }

    /// <summary>The order as it is.</summary>
    public static OrderForm Of(OrderSheet sheet) => new()
    {
        Name = sheet.Order.Name, Phone = Written(sheet.Order.Phone), SecondPhone = Written(sheet.Order.SecondPhone), Wilaya = Text(sheet.Order.WilayaCode), Commune = sheet.Commune,
        Address = sheet.Order.Address, Delivery = sheet.Order.Delivery == Shipping.Delivery.Desk ? "desk" : "home", Desk = sheet.Desk ?? "", Note = sheet.Order.Note, Version = sheet.Order.DraftVersion,
        Lines = [.. sheet.Order.Lines.Select(l => new FormLine(l.VariantId.ToString(), Text(l.Quantity), l.UnitPrice == l.ListPrice ? "" : Text(l.UnitPrice.Amount)))],
    };

    /// <summary>What was posted; the lines stand in repeated fields.</summary>
    public static OrderForm Read(IFormCollection form)
    {
        string Of(string name) => form[name].ToString();
        var variants = form["variant"];
        return new()
        {
            Name = Of("name"), Phone = Of("phone"), SecondPhone = Of("second_phone"), Wilaya = Of("wilaya"), Commune = Of("commune"), Address = Of("address"), Delivery = Of("delivery"),
            Desk = Of("desk"), Note = Of("note"), Version = int.TryParse(Of("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0,
            Lines = [.. variants.Take(DraftItems.MostLines + 1).Select((v, i) => new FormLine(v ?? "", form["quantity"].ElementAtOrDefault(i) ?? "", form["unit_price"].ElementAtOrDefault(i) ?? ""))],
        };
    }

    /// <summary>As the one form for every door. A line without a variant or with quantity 0 is left away; what is no number is refused there.</summary>
    public DraftChange Change() => new()
    {
        Items = [.. Lines.Where(l => l.Variant.Length > 0 && l.Quantity.Trim() is not "0").Select(l => new DraftItem(null, null, Number(l.Quantity), Price(l.UnitPrice), VariantId.TryParse(l.Variant, null, out var id) ? id : default))],
        Name = Name, Phone = Phone.Trim().Length == 0 ? null : Phone, SecondPhone = SecondPhone, Wilaya = Wilaya, Commune = Commune, Address = Address,
        Delivery = Delivery == "desk" ? Shipping.Delivery.Desk : Shipping.Delivery.Home, Desk = Delivery == "desk" ? Desk : null, Note = Note, IgnoresFloor = true,
    };

    private static int Number(string text) => int.TryParse(Folding.AsciiDigits(text.Trim()), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static Dinars? Price(string text)
    {
        var digits = Folding.AsciiDigits(new string([.. text.Where(c => !char.IsWhiteSpace(c))]));
        return digits.Length == 0 ? null : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? new Dinars(amount) : new Dinars(-1);
    }

    private static string Written(Phone? phone) => phone is { } p ? Web.Ui.PhoneText.Written(p) : "";
    private static string Text(long number) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One line of the form.</summary>
public sealed record FormLine(string Variant, string Quantity, string UnitPrice);

/// <summary>What the form offers to choose from.</summary>
/// <param name="Products">Offered products with their variants.</param>
/// <param name="Desks">Stop desks of the chosen wilaya.</param>
/// <param name="Communes">Communes of the chosen wilaya, in the reader's language.</param>
public sealed record OrderChoices(IReadOnlyList<Product> Products, IReadOnlyList<Desk> Desks, IReadOnlyList<string> Communes);
