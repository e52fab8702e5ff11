using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;

namespace OrderClosr.Verbs.Demo;

/// <summary>What the demo's two shops sell; prices in whole dinars, photos drawn for it.</summary>
internal static class DemoCatalogue
{
    internal static readonly IReadOnlyList<DemoProduct> DarLina =
    [
        new("Robe d'été", 3500, "Robe légère en viscose, coupe évasée, manches courtes. Lavage à 30°.", ["robe-noir", "robe-bleu"],
            [new("ROBE-S-NOIR", 6, ("Taille", "S"), ("Couleur", "Noir")), new("ROBE-M-NOIR", 14, ("Taille", "M"), ("Couleur", "Noir")), new("ROBE-L-NOIR", 9, ("Taille", "L"), ("Couleur", "Noir")),
             new("ROBE-S-BLEU", 5, ("Taille", "S"), ("Couleur", "Bleu")), new("ROBE-M-BLEU", 8, ("Taille", "M"), ("Couleur", "Bleu")), new("ROBE-L-BLEU", 4, ("Taille", "L"), ("Couleur", "Bleu"))])
        { Floor = 3200, Notes = "Taille grand : conseiller une taille en dessous quand on hésite. Doublée, non transparente." },
        new("Hijab soie de Médine", 1200, "Hijab 180 × 70 cm, tissu fluide qui ne glisse pas.", ["hijab-beige", "hijab-rose"],
            [new("HIJAB-BEIGE", 40, ("Couleur", "Beige")), new("HIJAB-NOIR", 32, ("Couleur", "Noir")), new("HIJAB-ROSE", 25, ("Couleur", "Rose"))])
        { Notes = "À partir de 50 pièces c'est du gros : passer la main." },
        new("Sac à main", 4200, "Simili cuir, fermeture dorée, bandoulière amovible.", ["sac-camel", "sac-noir"],
            [new("SAC-CAMEL", 7, ("Couleur", "Camel")), new("SAC-NOIR", 11, ("Couleur", "Noir"))]) { Floor = 3900 },
        new("Abaya brodée", 6800, "Abaya noire, broderie dorée faite main, tissu nida.", ["abaya"],
            [new("ABAYA-52", 4, ("Taille", "52")), new("ABAYA-54", 6, ("Taille", "54")), new("ABAYA-56", 3, ("Taille", "56"))]) { Floor = 6300, Notes = "Échange possible sous 7 jours si non portée." },
        new("Ensemble sport femme", 4900, "Veste et pantalon, coton molletonné, couleur vert sapin.", ["ensemble-sport"],
            [new("ENSEMBLE-S", 3, ("Taille", "S")), new("ENSEMBLE-M", 7, ("Taille", "M")), new("ENSEMBLE-L", 5, ("Taille", "L")), new("ENSEMBLE-XL", 0, ("Taille", "XL"))]),
        new("Sandales cuir", 3900, "Cuir véritable, fabriquées à Tlemcen.", ["sandales"],
            [new("SANDALES-37", 4, ("Pointure", "37")), new("SANDALES-38", 6, ("Pointure", "38")), new("SANDALES-39", 5, ("Pointure", "39")), new("SANDALES-40", 2, ("Pointure", "40"))]),
        new("Baskets blanches", 5400, "Semelle souple, talon corail, mixte.", ["baskets"],
            [new("BASKET-40", 8, ("Pointure", "40")), new("BASKET-41", 6, ("Pointure", "41")), new("BASKET-42", 9, ("Pointure", "42")), new("BASKET-43", 1, ("Pointure", "43"))]) { Floor = 5000 },
        new("Montre dorée", 2900, "Bracelet acier doré, boîtier 36 mm, garantie 6 mois.", ["montre"], [new("MONTRE-DOREE", 18)]),
        new("Parfum Nuit de Tlemcen", 2500, "Eau de parfum 50 ml, jasmin et ambre.", ["parfum"], [new("PARFUM", 30)]),
        new("Burnous enfant", 3200, "Burnous traditionnel crème, passementerie brodée.", ["burnous"],
            [new("BURNOUS-4", 5, ("Âge", "4 ans")), new("BURNOUS-6", 5, ("Âge", "6 ans")), new("BURNOUS-8", 2, ("Âge", "8 ans"))]),
        new("Plaid doux", 2800, "160 × 200 cm, microfibre épaisse.", ["plaid"], [new("PLAID-GRIS", 12, ("Couleur", "Gris")), new("PLAID-CREME", 10, ("Couleur", "Crème"))]),
        new("Service à thé", 3600, "Théière inox et six verres dorés.", ["service-the"], [new("THEIERE", 9)]),
    ];

    internal static readonly IReadOnlyList<DemoProduct> TechnoSetif =
    [
        new("Casque Bluetooth", 4800, "Autonomie 30 h, micro intégré.", ["casque"], [new("CASQUE-BLEU", 15)]),
        new("Batterie externe 20 000 mAh", 3900, "Deux sorties USB, charge rapide.", ["powerbank"], [new("POWERBANK-20", 20)]),
        new("Montre connectée", 6500, "Écran 1,9\", appels Bluetooth, étanche.", ["montre-connectee"], [new("WATCH-NOIR", 8)]),
        new("Chargeur rapide 25 W", 1800, "USB-C, câble 1 m compris.", ["chargeur"], [new("CHARGEUR-25", 35)]),
    ];
}

/// <summary>A product of the demo.</summary>
internal sealed record DemoProduct(string Name, int Price, string Description, IReadOnlyList<string> Photos, IReadOnlyList<DemoVariant> Variants)
{
    internal int? Floor { get; init; }
    internal string Notes { get; init; } = "";

    /// <summary>As it stands in the catalogue's tables.</summary>
    internal Product ToProduct(DateTimeOffset at)
    {
        var id = ProductId.New(at);
        var product = new Product
        {
            Id = id, Name = Name, Description = Description, Price = new(Price), FloorPrice = Floor is { } floor ? new Dinars(floor) : null, AgentNotes = Notes, CreatedAt = at,
            Variants = [.. Variants.Select((v, i) => new Variant { Id = VariantId.New(at), ProductId = id, Sku = v.Sku, Stock = v.Stock, Position = i, Options = v.Options.ToDictionary(o => o.Name, o => o.Value) })],
        };
        product.Search = ProductRules.SearchOf(product);
        return product;
    }
}

/// <summary>A choice of it, with its stock.</summary>
internal sealed record DemoVariant(string Sku, int Stock, params IReadOnlyList<(string Name, string Value)> Options);
