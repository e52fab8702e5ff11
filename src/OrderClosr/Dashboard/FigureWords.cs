using OrderClosr.Conversations.Pages;
using OrderClosr.Shipping;
using OrderClosr.Web;
using OrderClosr.Web.Ui;

namespace OrderClosr.Dashboard;

/// <summary>What a figure is called on a page or in a file, in the reader's language.</summary>
public sealed class FigureWords(Words words, Places places)
{
    public string Of(NamedFigure named) => named.Figure.Cut switch
    {
        FigureCut.Wilaya => int.TryParse(named.Figure.Key, out var code) && places.WilayaOf(code) is { } wilaya ? Languages.Current == "ar" ? wilaya.NameAr : wilaya.Name : named.Figure.Key,
        FigureCut.Channel => named.Figure.Key == Counted.None ? words["dashboard.no_channel"] : named.Kind is { } kind ? $"{words[$"conversations.channel_{kind.Word()}"]} · {named.Name}" : words["dashboard.gone"],
        FigureCut.Member => named.Figure.Key switch { Counted.Agent => words["dashboard.agent"], Counted.Api => words["dashboard.api"], _ => named.Name.Length > 0 ? named.Name : words["dashboard.gone"] },
        FigureCut.Reason => TalkHead.Reason(words, named.Figure.Key),
        FigureCut.Ad => named.Name.Length > 0 ? named.Name : named.Figure.Key,
        _ => named.Name.Length > 0 ? named.Name : words["dashboard.gone"],
    };
}
