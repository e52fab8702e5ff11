namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>One word of the customer, as written and folded.</summary>
/// <param name="Raw">As written.</param>
/// <param name="Folded">In the form of the lexicon.</param>
/// <param name="Chunk">Number of the piece between commas and line ends it stands in.</param>
internal sealed record Word(string Raw, string Folded, int Chunk)
{
    /// <summary>True when some rule knows what the word is.</summary>
    public bool Explained { get; set; }

    /// <summary>True when the word is part of a place.</summary>
    public bool InPlace { get; set; }
}

/// <summary>An amount of money in the customer's words; more than one reading when centimes and dinars are both possible.</summary>
/// <param name="At">Number of its word.</param>
/// <param name="Readings">Whole dinars it may mean, the likeliest first.</param>
internal sealed record SaidAmount(int At, IReadOnlyList<int> Readings);

/// <summary>What a customer said: intents, and the pieces of an order in it.</summary>
internal sealed class Heard
{
    /// <summary>The words in order.</summary>
    public required IReadOnlyList<Word> Words { get; init; }

    /// <summary>The whole text, folded.</summary>
    public required string Folded { get; init; }

    /// <summary>Intents with their weight.</summary>
    public required IReadOnlyDictionary<Intent, int> Intents { get; init; }

    /// <summary>The heaviest intent.</summary>
    public Intent Main { get; set; }

    /// <summary>Telephone numbers, ready to hand to a tool.</summary>
    public List<string> Phones { get; } = [];

    /// <summary>Digits that look like a telephone number and are none.</summary>
    public string? BrokenPhone { get; set; }

    /// <summary>"The number I write from."</summary>
    public bool SamePhone { get; set; }

    /// <summary>"The same address."</summary>
    public bool SameAddress { get; set; }

    /// <summary>Words that name places.</summary>
    public List<PlaceWords> Places { get; } = [];

    /// <summary>A wilaya given as a number ("wilaya 19").</summary>
    public string? WilayaNumber { get; set; }

    /// <summary>Words that answered the question for a place and are not in our lists.</summary>
    public string? UnknownPlace { get; set; }

    /// <summary>The customer's name, when said.</summary>
    public string? Name { get; set; }

    /// <summary>A street address, when said.</summary>
    public string? Address { get; set; }

    /// <summary>How many, with the word it stands at.</summary>
    public List<(int At, int Number)> Quantities { get; } = [];

    /// <summary>Amounts of money.</summary>
    public List<SaidAmount> Amounts { get; } = [];

    /// <summary>Colours, in French, with their words.</summary>
    public List<(int At, string Colour)> Colours { get; } = [];

    /// <summary>Sizes, letters or numbers, with their words.</summary>
    public List<(int At, string Size)> Sizes { get; } = [];

    /// <summary><c>home</c> or <c>desk</c>.</summary>
    public string? Delivery { get; set; }

    /// <summary>An order number.</summary>
    public int? OrderNumber { get; set; }

    /// <summary>True when the text asks something.</summary>
    public bool Asks { get; set; }

    /// <summary>Is this intent in it?</summary>
    public bool Has(Intent intent) => Intents.ContainsKey(intent);

    /// <summary>Colour or size in it?</summary>
    public bool HasOptions => Colours.Count + Sizes.Count > 0;

    /// <summary>Any piece of an order's address in it?</summary>
    public bool HasData => Phones.Count > 0 || Places.Count > 0 || WilayaNumber is not null || Name is not null || Address is not null || SamePhone || UnknownPlace is not null;

    /// <summary>A yes and nothing else: no question, no "but", no amount, nothing new.</summary>
    public bool IsCleanYes => Has(Intent.Confirm) && !Has(Intent.But) && !Has(Intent.Cancel) && !Has(Intent.Change) && !Has(Intent.Negotiate) && !Asks
        && Amounts.Count == 0 && !HasOptions && Quantities.Count == 0 && !HasData && Delivery is null;
}
