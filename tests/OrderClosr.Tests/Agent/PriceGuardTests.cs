using OrderClosr.Agent.Guards;

namespace OrderClosr.Tests.Agent;

/// <summary>Every amount here is one that the shop gave; what counts is of what it is said.</summary>
public sealed class PriceGuardTests
{
    private static PermittedMoney Shop()
    {
        var permitted = new PermittedMoney();
        foreach (var label in (string[])["M / Noir", "L / Noir", "M / Rouge"]) permitted.AddPrice(new(3500), new("Robe d'été", label));
        permitted.AddPrice(new(1200), new("Hijab soie de Médine", "Beige"));
        permitted.AddPrice(new(4500), new("Parfum Rose", "50 ml"));
        permitted.AddPrice(new(7900), new("Parfum Rose", "100 ml"));
        permitted.AddPrice(new(2900), new("Pack 1", ""));
        permitted.AddPrice(new(5400), new("Pack 1 famille", ""));
        permitted.AddFee(new(600));
        permitted.AddFreeFrom(new(20000));
        return permitted;
    }

    [Theory]
    [InlineData("La robe d'été est à 1 200 DA", "", "1200")]
    [InlineData("- Robe d'été : 1 200 DA\n- Hijab soie de Médine : 3 500 DA", "", "1200 3500")]
    [InlineData("Le hijab est à 3 500 DA, la robe est à 1 200 DA", "", "3500 1200")]
    [InlineData("La robe d'été est très légère !\n\nElle est à 1 200 DA", "", "1200")]
    [InlineData("1 200 DA seulement, la robe d'été", "", "1200")]
    [InlineData("C'est 1 200 DA", "slm ch7al la robe ?", "1200")]
    [InlineData("La robe d'été à 1 800 DA livraison comprise", "", "1800")]
    [InlineData("Total : 1 800 DA, la robe chez vous", "", "1800")]
    [InlineData("Le parfum en 100 ml est à 4 500 DA", "", "4500")]
    [InlineData("100 ml : 4 500 DA", "ch7al le parfum ?", "4500")]
    [InlineData("Le Pack 1 famille est à 2 900 DA", "", "2900")]
    [InlineData("Le Pack 1 : 5 400 DA", "", "5400")]
    [InlineData("Robes d'été à partir de 1 200 DA", "", "1200")]
    [InlineData("Nos hijabs, en soie, sont à 3 500 DA", "", "3500")]
    [InlineData("حجاب Hijab soie de Médine بـ 3500 دج", "", "3500")]
    public void What_another_thing_costs_is_not_said_of_this_one(string reply, string asked, string misplaced) =>
        Assert.Equal(misplaced, string.Join(' ', PriceGuard.Misplaced(reply.Split("\n\n"), Shop(), asked).Select(r => r.InDinars!.Value.Amount)));

    [Theory]
    [InlineData("La robe d'été est à 3 500 DA", "")]
    [InlineData("Robe d'été : 3 500 DA, livraison 600 DA, soit 4 100 DA", "")]
    [InlineData("- Robe d'été : 3 500 DA\n- Hijab soie de Médine : 1 200 DA", "")]
    [InlineData("La robe est à 3 500 DA et le hijab à 1 200 DA", "")]
    [InlineData("Robe d'été, hijab soie de Médine : 3 500 DA et 1 200 DA", "")]
    [InlineData("C'est 3 500 DA", "ch7al la robe ?")]
    [InlineData("C'est 1 200 DA", "ch7al ?")]
    [InlineData("Elle existe aussi en rose, 3 500 DA", "ch7al la robe ?")]
    [InlineData("Parfum Rose : 50 ml 4 500 DA, 100 ml 7 900 DA", "")]
    [InlineData("Le parfum est à partir de 4 500 DA", "")]
    [InlineData("La robe en M ou L, noir ou rouge, est à 3 500 DA", "")]
    [InlineData("La robe est à 3 500 DA. Livraison gratuite à partir de 20 000 DA", "")]
    [InlineData("La livraison de la robe coûte 600 DA", "")]
    [InlineData("Le Pack 1 est à 2 900 DA, le Pack 1 famille à 5 400 DA", "")]
    [InlineData("الروبة بـ 3500 دج", "شحال الروبة؟")]
    [InlineData("1 200 دج", "ch7al lhijab w la robe?")]
    [InlineData("Elle est en soie, 3 500 DA", "ch7al la robe ?")]
    [InlineData("Bonjour ! La robe est très belle. Elle est à 3 500 DA, et nous l'avons en M", "")]
    public void What_a_thing_costs_is_said_of_it(string reply, string asked) => Assert.Empty(PriceGuard.Misplaced(reply.Split("\n\n"), Shop(), asked));

    [Fact]
    public void What_the_merchant_wrote_or_the_server_summed_up_may_stand_beside_any_name()
    {
        var permitted = Shop();
        permitted.AddText("Ajoutez le hijab à votre robe d'été pour 1 200 DA de plus.");
        Assert.Empty(PriceGuard.Misplaced(["La robe d'été avec un foulard : 1 200 DA de plus"], permitted, ""));
        Assert.NotEmpty(PriceGuard.Misplaced(["La robe d'été : 2 900 DA"], permitted, ""));
        permitted.Add(new(2900));
        Assert.Empty(PriceGuard.Misplaced(["La robe d'été : 2 900 DA"], permitted, ""));
    }

    [Fact]
    public void A_line_of_an_order_belongs_to_its_product()
    {
        var permitted = Shop();
        permitted.AddLine(new(3300), 2, new("Robe d'été", "M / Noir"));
        Assert.Empty(PriceGuard.Misplaced(["2 × Robe d'été M noir : 6 600 DA"], permitted, ""));
        Assert.NotEmpty(PriceGuard.Misplaced(["2 × hijab : 6 600 DA"], permitted, ""));
    }
}
