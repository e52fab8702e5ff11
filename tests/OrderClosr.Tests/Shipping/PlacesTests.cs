using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Shipping;

/// <summary>Places as people type them; the traps are those of the country's own names.</summary>
public sealed class PlacesTests
{
    private readonly Places _places = new();

    [Fact]
    public void The_country_has_69_wilayas_and_1541_communes_each_with_both_codes()
    {
        Assert.Equal(Enumerable.Range(1, 69), _places.Wilayas.Select(w => w.Code));
        var communes = _places.Wilayas.SelectMany(w => _places.CommunesOf(w.Code)).ToList();
        Assert.Equal(1541, communes.Count);
        Assert.All(communes, c => Assert.Equal(c.WilayaCode58, c.Code / 100));
        Assert.All(communes, c => Assert.True(c.WilayaCode == c.WilayaCode58 || c.WilayaCode > 58));
        Assert.All(_places.Wilayas, w => Assert.InRange(w.Code58, 1, 58));
        Assert.All(communes, c => Assert.Equal(_places.WilayaOf(c.WilayaCode)!.Code58, c.WilayaCode58));
    }

    [Theory]
    [InlineData("16", 16)]
    [InlineData("٣١", 31)]
    [InlineData("09", 9)]
    [InlineData("wilaya 19", 19)]
    [InlineData("ولاية 16", 16)]
    [InlineData("69", 69)]
    [InlineData("Alger", 16)]
    [InlineData("wahran", 31)]
    [InlineData("lwahran", 31)]
    [InlineData("l'annaba", 23)]
    [InlineData("fi setif", 19)]
    [InlineData("لوهران", 31)]
    [InlineData("للبليدة", 9)]
    [InlineData("في وهران", 31)]
    [InlineData("9santina", 25)]
    [InlineData("mo3asker", 29)]
    [InlineData("3annaba", 23)]
    [InlineData("5enchla", 40)]
    [InlineData("TIZI-OUZOU", 15)]
    [InlineData("wilaya de Béjaïa", 6)]
    [InlineData("قسنطينه", 25)]
    [InlineData("16 - Alger", 16)]
    [InlineData("31000 Oran", 31)]
    [InlineData("Algiers", 16)]
    [InlineData("bba", 34)]
    [InlineData("BOUMERDES ", 35)]
    [InlineData("tamanraset", 11)]
    [InlineData("Mostganem", 27)]
    public void A_wilaya_is_read_by_number_name_alias_arabizi_and_glued_preposition(string typed, int code) =>
        Assert.Equal(code, Read(typed).WilayaCode);

    [Theory]
    [InlineData("0")]
    [InlineData("70")]
    [InlineData("100")]
    [InlineData("Paris")]
    [InlineData("xyzzy")]
    [InlineData("?!")]
    [InlineData("")]
    public void What_is_no_wilaya_is_not_guessed(string typed)
    {
        var read = _places.Resolve(typed);
        Assert.Equal("place_unknown", read.Refusal?.Code);
        Assert.Equal("wilaya", read.Refusal?.Field);
    }

    [Fact]
    public void Ten_thousand_characters_are_no_place()
    {
        Assert.Equal("place_unknown", _places.Resolve(new string('a', 10_000), new string('ع', 10_000)).Refusal?.Code);
        Assert.Empty(_places.FindIn(string.Join(' ', Enumerable.Repeat("zz", 5_000))));
    }

    // Each of these words may stand before a name, so each beginning is a reading.
    [Theory]
    [InlineData("a"), InlineData("de"), InlineData("wilaya"), InlineData("في"), InlineData("1")]
    public void Thousands_of_small_words_are_no_place_in_either_field(string word)
    {
        var many = string.Join(' ', Enumerable.Repeat(word, 5_000));
        foreach (var (wilaya, commune, field) in ((string?, string?, string)[])[(many, null, "wilaya"), (null, many, "commune"), ("Oran", many, "commune"), (many, many, "wilaya"), (many, "Oran", "wilaya")])
        {
            var read = _places.Resolve(wilaya, commune);
            Assert.Equal(("place_unknown", field), (read.Refusal?.Code, read.Refusal?.Field));
        }
        var fitting = string.Join(' ', Enumerable.Repeat(word, 200 / (word.Length + 1)));
        Assert.False(_places.Resolve(fitting).Ok);
        Assert.False(_places.Resolve("Oran", fitting).Ok);
    }

    [Theory]
    [InlineData("ana rani saken fi wilaya de Batna", 5)]
    [InlineData("انا ساكن في ولاية وهران", 31)]
    public void Many_small_words_before_a_name_are_skipped(string typed, int code) => Assert.Equal(code, Read(typed).WilayaCode);

    [Fact]
    public void A_whole_address_with_its_numbers_is_read_in_the_field_for_the_commune() =>
        Assert.Equal("Bab Ezzouar", Read("Alger", "Cité 1600 logements, bâtiment 12, escalier 3, deuxième étage, porte 14, en face de la grande mosquée et derrière la pharmacie, à gauche de l'arrêt du tramway, 16042 Bab Ezzouar").Commune?.Name);

    // Trap 1

    [Theory]
    [InlineData("الجزائر")]
    [InlineData("Alger")]
    [InlineData("Algérie")]
    [InlineData("Algiers")]
    public void In_an_address_field_the_name_of_the_country_is_wilaya_16(string typed) => Assert.Equal(16, Read(typed).WilayaCode);

    [Theory]
    [InlineData("livraison en Algérie ?")]
    [InlineData("توصلو في الجزائر كامل؟")]
    [InlineData("kayen livraison f dzair kamel")]
    public void In_chat_the_country_is_no_wilaya(string said) => Assert.Empty(_places.FindIn(said));

    [Theory]
    [InlineData("livraison à Alger centre svp")]
    [InlineData("توصيل للجزائر العاصمة")]
    [InlineData("ولاية الجزائر")]
    public void In_chat_the_capital_is_wilaya_16(string said) => Assert.Equal(16, Assert.Single(_places.FindIn(said)).Only?.WilayaCode);

    // Trap 2

    [Theory]
    [InlineData("Mila", 43)]
    [InlineData("M'Sila", 28)]
    [InlineData("msila", 28)]
    [InlineData("ميلة", 43)]
    [InlineData("المسيلة", 28)]
    [InlineData("El Bayadh", 32)]
    [InlineData("El Abiodh Sidi Cheikh", 69)]
    [InlineData("البيض", 32)]
    [InlineData("الأبيض سيدي الشيخ", 69)]
    public void Mila_and_MSila_and_the_two_whites_are_told_apart(string typed, int code) => Assert.Equal(code, Read(typed).WilayaCode);

    [Theory]
    [InlineData("Msela")]
    [InlineData("Mlia")]
    [InlineData("Milas")]
    [InlineData("El Abyodh")]
    [InlineData("El Bayoud")]
    public void A_slip_between_them_is_asked_about_and_never_corrected(string typed) => Assert.False(_places.Resolve(typed).Ok, typed);

    // Trap 3

    [Theory]
    [InlineData("Bordj")]
    [InlineData("البرج")]
    public void Bordj_is_wilaya_34_when_the_question_was_which_wilaya(string typed) => Assert.Equal(34, Read(typed).WilayaCode);

    [Theory]
    [InlineData("Bordj Badji Mokhtar", 50, 0)]
    [InlineData("Bordj Menaïel", 35, 3505)]
    [InlineData("bordj el kiffan", 16, 1630)]
    [InlineData("برج الكيفان", 16, 1630)]
    public void The_other_Bordjs_are_read_by_their_full_name(string typed, int wilaya, int commune)
    {
        var place = Read(typed);
        Assert.Equal(wilaya, place.WilayaCode);
        if (commune != 0) Assert.Equal(commune, place.CommuneCode);
        Assert.Equal(wilaya, Assert.Single(_places.FindIn($"rani f {typed} khoya")).Only?.WilayaCode);
    }

    [Fact]
    public void In_chat_Bordj_alone_may_be_several()
    {
        Assert.Null(Assert.Single(_places.FindIn("livraison l bordj ch7al")).Only);
        var refusal = _places.Resolve("livraison l bordj ch7al", PlaceContext.Chat).Refusal!;
        Assert.Equal("place_ambiguous", refusal.Code);
        Assert.Contains("Bordj Badji Mokhtar", refusal.Suggestions!);
    }

    // Trap 4

    [Theory]
    [InlineData("El Asnam", 2, 10)]
    [InlineData("Tizi", 15, 29)]
    [InlineData("تيزي", 15, 29)]
    [InlineData("El Bordj", 34, 29)]
    [InlineData("Chellala", 64, 69)]
    public void Old_and_short_names_that_are_communes_elsewhere_are_wilayas_only_when_asked(string typed, int asked, int communeIn)
    {
        Assert.Equal(asked, Read(typed).WilayaCode);
        Assert.False(Read(typed).IsSure);
        var said = Assert.Single(_places.FindIn($"livraison l {typed}"));
        Assert.Null(said.Only);
        Assert.Contains(said.Candidates, p => p.WilayaCode == communeIn && p.Commune is not null);
        Assert.Equal(communeIn, Read(null, typed).WilayaCode);
    }

    // Trap 5

    [Theory]
    [InlineData("16")]
    [InlineData("nheb 16 hbat")]
    [InlineData("pointure 43 kayna?")]
    [InlineData("3andi 31 ans")]
    [InlineData("كاين مقاس 41؟")]
    public void In_chat_a_bare_number_is_no_wilaya(string said) => Assert.Empty(_places.FindIn(said));

    [Theory]
    [InlineData("wilaya 19", 19)]
    [InlineData("رقم ولاية 16", 16)]
    [InlineData("rani f wilaya n° 31", 31)]
    [InlineData("ولاية رقم ٢٥", 25)]
    public void In_chat_a_number_behind_the_word_wilaya_is_one(string said, int code) => Assert.Equal(code, Assert.Single(_places.FindIn(said)).Only?.WilayaCode);

    // Trap 6

    [Theory]
    [InlineData("Hassi Messaoud", 30)]
    [InlineData("Bab Ezzouar", 16)]
    [InlineData("Boufarik", 9)]
    [InlineData("boufarick", 9)]
    [InlineData("باب الزوار", 16)]
    [InlineData("bab ezouar", 16)]
    public void A_town_given_for_the_wilaya_is_found_and_wants_confirming(string town, int wilaya)
    {
        foreach (var place in (Place[])[Read(town), Read(null, town)])
        {
            Assert.Equal(wilaya, place.WilayaCode);
            Assert.NotEqual(0, place.CommuneCode);
            Assert.False(place.IsSure);
        }
    }

    [Theory]
    [InlineData("Bou Saâda", 68, 28)]
    [InlineData("Barika", 60, 5)]
    public void A_new_wilaya_is_itself_and_keeps_the_code_couriers_use(string typed, int code, int code58)
    {
        Assert.Equal(code, Read(typed).WilayaCode);
        Assert.Equal(code58, Read(typed).WilayaCode58);
        var once = Read(code58.ToString(), typed);
        Assert.Equal((code, code58), (once.WilayaCode, once.WilayaCode58));
        Assert.NotEqual(0, once.CommuneCode);
    }

    [Fact]
    public void El_Eulma_is_asked_about_because_it_is_in_two_wilayas()
    {
        var refusal = _places.Resolve("El Eulma").Refusal!;
        Assert.Equal("place_ambiguous", refusal.Code);
        Assert.Equal(["El Eulma (Sétif)", "El Eulma (Annaba)"], refusal.Suggestions!);
        Assert.All(refusal.Suggestions!, s => Assert.Equal(s, Read(s).Name));
        Assert.All(refusal.Suggestions!, s => Assert.Equal(s, Read(null, s).Name));
    }

    // Trap 7

    [Theory]
    [InlineData("El Marsa")]
    [InlineData("Larbaa")]
    [InlineData("Ain Soltane")]
    [InlineData("Sidi Amar")]
    [InlineData("Sidi Slimane")]
    [InlineData("Sidi Abderrahmane")]
    [InlineData("Ain Beida")]
    [InlineData("El Hassi")]
    [InlineData("Menaa")]
    [InlineData("Souk El Tenine")]
    [InlineData("Timezrit")]
    [InlineData("Bougara")]
    public void A_commune_of_several_wilayas_is_no_address_without_its_wilaya(string commune)
    {
        var refusal = _places.Resolve(null, commune).Refusal!;
        Assert.Equal("place_ambiguous", refusal.Code);
        Assert.True(refusal.Suggestions!.Count > 1);
        foreach (var suggestion in refusal.Suggestions!) Assert.Equal(suggestion, Read(null, suggestion).Name);
    }

    [Fact]
    public void Each_commune_of_each_wilaya_is_found_under_its_own_French_and_Arabic_name()
    {
        var missed = new List<string>();
        foreach (var wilaya in _places.Wilayas)
            foreach (var commune in _places.CommunesOf(wilaya.Code))
                foreach (var (w, name) in ((string, string)[])[(wilaya.Name, commune.Name), (wilaya.NameAr, commune.NameAr), (wilaya.Code.ToString(), commune.Name.ToUpperInvariant())])
                    if (!_places.Resolve(w, name).Ok || _places.Resolve(w, name).Value.CommuneCode != commune.Code) missed.Add($"{w}/{name}");
        Assert.Empty(missed);
    }

    [Fact]
    public void A_commune_that_moved_in_2026_is_also_found_under_its_mother()
    {
        var missed = _places.Wilayas.Where(w => w.Code > 58).SelectMany(w => _places.CommunesOf(w.Code))
            .Where(c => !_places.Resolve(c.WilayaCode58.ToString(), c.Name).Ok || _places.Resolve(c.WilayaCode58.ToString(), c.Name).Value.WilayaCode58 != c.WilayaCode58).ToList();
        Assert.Empty(missed);
    }

    // Trap 8

    [Theory]
    [InlineData("El M'Ghair", "El Meghaier", "El MGhair", 57)]
    [InlineData("El Meniaa", "El Menia", "المنيعة", 58)]
    [InlineData("M'Sila", "MSila", "m sila", 28)]
    [InlineData("Tipaza", "Tipasa", "tibaza", 42)]
    [InlineData("In Salah", "Ain Salah", "عين صالح", 53)]
    [InlineData("عين الدفلى", "عين الدفلة", "Ain Defla", 44)]
    [InlineData("عين تموشنت", "عين تيموشنت", "Ain Temouchent", 46)]
    [InlineData("توقرت", "تقرت", "Touggourt", 55)]
    public void The_spellings_of_different_couriers_are_one_wilaya(string one, string two, string three, int code) =>
        Assert.All((string[])[one, two, three], name => Assert.Equal(code, Read(name).WilayaCode));

    // Trap 9

    [Fact]
    public void Two_letters_are_a_wilaya_only_when_asked()
    {
        Assert.Equal(15, Read("TO").WilayaCode);
        Assert.Equal(15, Read("T.O").WilayaCode);
        Assert.Empty(_places.FindIn("to be honest, t.o"));
    }

    // Communes inside a wilaya

    [Theory]
    [InlineData("Alger", "bab ezouar", 1621)]
    [InlineData("16", "Saoula", 1657)]
    [InlineData("16", "Mahelma", 1647)]
    [InlineData("16", "Douera", 1654)]
    [InlineData("16", "Khraicia", 1656)]
    [InlineData("16", "Bachdjerrah", 1619)]
    [InlineData("16", "Heraoua", 1641)]
    [InlineData("Bouira", "Z'barbar (El Isseri)", 1024)]
    [InlineData("Oran", "Bir eldjir", 3103)]
    [InlineData("oran", "بئر الجير", 3103)]
    [InlineData("oran", "Ain El Turk", 3109)]
    [InlineData("Oran", "Oran", 3101)]
    [InlineData("constantine", "l khroub", 2506)]
    [InlineData("constantine", "lkhroub", 2506)]
    [InlineData("سطيف", "العلمة", 1920)]
    [InlineData("setif", "el 3elma", 1920)]
    [InlineData("Alger", "bordj kiffan", 1630)]
    [InlineData("Alger", "Hussien dey", 1617)]
    [InlineData("Alger", "16024", 1621)]
    [InlineData("Alger", "Cité 5 juillet, Bab Ezzouar", 1621)]
    public void A_commune_is_read_inside_its_wilaya_by_name_alias_sound_code_and_near_spelling(string wilaya, string typed, int commune) =>
        Assert.Equal(commune, Read(wilaya, typed).CommuneCode);

    [Fact]
    public void A_commune_of_another_wilaya_is_refused_with_where_it_is()
    {
        var refusal = _places.Resolve("Oran", "Bab Ezzouar").Refusal!;
        Assert.Equal(("place_unknown", "commune"), (refusal.Code, refusal.Field));
        Assert.Contains("Bab Ezzouar (Alger)", refusal.Suggestions!);
    }

    [Fact]
    public void An_unknown_commune_is_refused_with_the_nearest_of_its_wilaya()
    {
        var refusal = _places.Resolve("Alger", "Kobaa El Jdida").Refusal!;
        Assert.Equal(("place_unknown", "commune"), (refusal.Code, refusal.Field));
        Assert.All(refusal.Suggestions!, s => Assert.EndsWith("(Alger)", s));
    }

    [Fact]
    public void The_name_of_the_capital_is_not_one_of_its_communes() => Assert.False(_places.Resolve("Alger", "Alger").Ok);

    [Fact]
    public void A_name_and_a_number_that_disagree_are_asked_about()
    {
        var refusal = _places.Resolve("Oran 16").Refusal!;
        Assert.Equal("place_ambiguous", refusal.Code);
        Assert.Equal(["Oran", "Alger"], refusal.Suggestions!);
    }

    [Fact]
    public void Fields_that_were_swapped_are_still_read() => Assert.Equal("El Eulma (Sétif)", Read("El Eulma", "Sétif").Name);

    // Free text

    [Theory]
    [InlineData("smiti ahmed wahran, nheb montre 3000 da", "Oran")]
    [InlineData("شحال السومة تاع التوصيل لوهران؟", "Oran")]
    [InlineData("شحال التوصيل لتلمسان لباب الدار؟", "Tlemcen")]
    [InlineData("التوصيل للبليدة", "Blida")]
    [InlineData("ch7al livraison l setif?", "Sétif")]
    [InlineData("total 9500 da: 2x montre 3500 w 2x casque 1250, Batna", "Batna")]
    [InlineData("rani f Bab Ezzouar, nheb montre", "Bab Ezzouar (Alger)")]
    [InlineData("مقابل صيدلية النور، بئر خادم", "Birkhadem (Alger)")]
    [InlineData("a bba", "Bordj Bou Arreridj")]
    [InlineData("f daïra ta3 l khroub, constantine", "El Khroub (Constantine)|Constantine")]
    [InlineData("rani saken f bordj el kiffan mais l adresse ta3 l khedma hydra", "Bordj El Kiffan (Alger)|Hydra (Alger)")]
    [InlineData("El Marsa, Skikda", "El Marsa (Skikda)|Skikda")]
    public void Places_are_found_in_what_customers_write(string said, string places) =>
        Assert.Equal(places.Split('|'), _places.FindIn(said).Select(m => m.Only?.Name ?? "?"));

    [Theory]
    [InlineData("ana nelbes 38 f zara, ch7al yjini?")]
    [InlineData("بغيت اللون الاخضر مقاس لارج")]
    [InlineData("souma ta3 hadi l 7amra?")]
    [InlineData("badali l 7amra b zar9a")]
    [InlineData("بغيت الخضراء ولا البيض")]
    [InlineData("nhar larbaa nkoun fedar")]
    [InlineData("jean slim noir svp")]
    [InlineData("montre ب ٤٥٠٠ دج")]
    [InlineData("3 wla 4? dirli 3 safi")]
    [InlineData("هذا نصب واحتيال")]
    [InlineData("total 7600, oui confirme")]
    public void What_is_no_place_is_not_found(string said) => Assert.Empty(_places.FindIn(said));

    [Fact]
    public void A_mention_says_where_in_the_text_it_stands()
    {
        const string Said = "rani f Bab Ezzouar, nheb";
        var mention = Assert.Single(_places.FindIn(Said));
        Assert.Equal("Bab Ezzouar", Said.Substring(mention.Start, mention.Length));
    }

    [Fact]
    public void Codes_of_an_order_give_the_place_back()
    {
        Assert.Equal("Bab Ezzouar (Alger)", _places.Of(16, 1621)!.Name);
        Assert.Equal("باب الزوار (الجزائر)", _places.Of(16, 1621)!.NameAr);
        Assert.Equal("Barika", _places.Of(60)!.Name);
        Assert.Null(_places.Of(0));
    }

    private Place Read(string? wilaya, string? commune = null)
    {
        var read = _places.Resolve(wilaya, commune);
        Assert.True(read.Ok, $"{wilaya} / {commune}: {read.Refusal?.Code} {string.Join(", ", read.Refusal?.Suggestions ?? [])}");
        return read.Value;
    }
}
