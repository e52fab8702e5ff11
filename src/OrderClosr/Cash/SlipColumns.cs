using System.ComponentModel.DataAnnotations.Schema;
using System.Security.Cryptography;
using System.Text;
using OrderClosr.Ground.Values;

namespace OrderClosr.Cash;

/// <summary>Which column of a slip is what, by its place from 0; null: the file has none.</summary>
[NotMapped] // kept inside its look and its format as JSON
public sealed record SlipColumns
{
    /// <summary>The row of the heads, by its place among the rows that hold anything.</summary>
    public int HeadRow { get; init; }
    public int? Tracking { get; init; }

    /// <summary>What the customer paid.</summary>
    public int? Collected { get; init; }

    /// <summary>What the courier keeps for carrying.</summary>
    public int? Fee { get; init; }

    /// <summary>What it keeps for bringing back.</summary>
    public int? ReturnFee { get; init; }

    /// <summary>What is left for the shop.</summary>
    public int? Net { get; init; }

    /// <summary>Delivered or returned, in the courier's words.</summary>
    public int? Status { get; init; }

    /// <summary>Our reference.</summary>
    public int? Reference { get; init; }

    /// <summary>The roles in the order they are asked for; those a slip cannot be read without first.</summary>
    public static readonly IReadOnlyList<string> Roles = ["tracking", "collected", "fee", "return_fee", "net", "status", "reference"];

    /// <summary>A slip can be read: it names parcels and an amount for each.</summary>
    public bool IsEnough => Tracking is not null && (Collected is not null || Net is not null);

    /// <summary>The column of a role.</summary>
    public int? this[string role] => role switch { "tracking" => Tracking, "collected" => Collected, "fee" => Fee, "return_fee" => ReturnFee, "net" => Net, "status" => Status, _ => Reference };

    /// <summary>The same with another column for a role.</summary>
    public SlipColumns With(string role, int? column) => role switch
    {
        "tracking" => this with { Tracking = column }, "collected" => this with { Collected = column }, "fee" => this with { Fee = column }, "return_fee" => this with { ReturnFee = column },
        "net" => this with { Net = column }, "status" => this with { Status = column }, _ => this with { Reference = column },
    };

    /// <summary>Finds the heads among the first rows by the words couriers and shops use, in French, English and Arabic; null when none are enough.</summary>
    /// <remarks>No courier documents its slips (facts name none): the words are those of the trade, and a person can correct the result.</remarks>
    public static SlipColumns? Detect(IReadOnlyList<SheetRow> rows)
    {
        (SlipColumns? Columns, int Score) best = (null, 0);
        for (var at = 0; at < Math.Min(rows.Count, MostHeadRows); at++)
        {
            var (columns, score) = OfHead(rows[at], at);
            if (columns.IsEnough && score > best.Score) best = (columns, score);
        }
        return best.Columns;
    }

    /// <summary>Where a person must say it: the widest of the first rows is taken for the heads.</summary>
    public static int LikelyHead(IReadOnlyList<SheetRow> rows) => rows.Take(MostHeadRows).Index().MaxBy(r => (r.Item.Cells.Count(c => c.Length > 0 && !c.Any(char.IsDigit)), -r.Index)).Index;

    /// <summary>A fingerprint of a row of heads.</summary>
    public static string HeadOf(SheetRow row) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', row.Cells.Select(Folding.Compact))))[..16]);

    /// <summary>How many of the first rows may be the heads.</summary>
    public const int MostHeadRows = 30;

    private static (SlipColumns Columns, int Score) OfHead(SheetRow row, int at)
    {
        var columns = new SlipColumns { HeadRow = at };
        var score = 0;
        int? total = null;
        // The surest word of a role wins; of two alike the first.
        var ranks = new Dictionary<string, int>();
        for (var i = 0; i < row.Cells.Count; i++)
        {
            var head = Folding.Compact(row.Cells[i]);
            if (head.Length == 0) continue;
            if (TotalWords.Contains(head)) total ??= i;
            else if (Words.Value.TryGetValue(head, out var known) && (!ranks.TryGetValue(known.Role, out var rank) || known.Rank < rank))
            {
                if (!ranks.ContainsKey(known.Role)) score += known.Role == "tracking" ? 3 : 1;
                ranks[known.Role] = known.Rank;
                columns = columns.With(known.Role, i);
            }
        }
        // "Total" is what the customer paid where nothing else says so, else what is left.
        if (total is not null) columns = columns.Collected is null ? columns with { Collected = total } : columns.Net is null ? columns with { Net = total } : columns;
        // Some list no tracking but our reference, which is the tracking of couriers that number nothing themselves.
        if (columns.Tracking is null && columns.Reference is { } reference) columns = columns with { Tracking = reference, Reference = null };
        return (columns, score);
    }

    private static readonly HashSet<string> TotalWords = [.. "total|totalttc|montanttotal|المجموع|الاجمالي|المبلغ الاجمالي".Split('|').Select(Folding.Compact)];

    private static readonly Lazy<Dictionary<string, (string Role, int Rank)>> Words = new(() =>
    {
        var words = new Dictionary<string, (string, int)>();
        foreach (var (role, spellings) in ((string, string)[])[
            ("tracking", "tracking|numéro de suivi|n° de suivi|num suivi|code de suivi|suivi|tracking number|n° tracking|code tracking|code colis|code envoi|n° colis|nº colis|num colis|numéro de colis|numéro colis|code barre|code barres|code à barres|barcode|display id|parcel|colis|bordereau|رقم التتبع|رمز التتبع|كود التتبع|رقم الطرد|رقم الشحنة|رمز الطرد|التتبع|الباركود|الطرد"),
            ("reference", "référence|ref|réf|référence externe|external id|external order id|n° commande|nº commande|num commande|numéro de commande|order id|commande|رقم الطلب|رقم الطلبية|المرجع"),
            ("collected", "montant encaissé|montant recouvert|montant recouvré|montant à encaisser|montant collecté|montant cod|cod|encaissé|encaissement|montant du colis|montant colis|prix du colis|prix colis|montant|prix total|prix|amount|collected|price|recouvrement|valeur|المبلغ المحصل|مبلغ التحصيل|التحصيل|المبلغ|ثمن الطرد|سعر الطرد|الثمن|السعر|القيمة"),
            ("fee", "frais de livraison|frais livraison|tarif de livraison|tarif livraison|tarif prestation|frais prestation|prestation|delivery fee|delivery fees|delivery price|coût livraison|coût de livraison|prix livraison|prix de livraison|commission|frais|tarif|fees|fee|livraison|رسوم التوصيل|تكلفة التوصيل|سعر التوصيل|ثمن التوصيل|حقوق التوصيل|مصاريف التوصيل|الرسوم|رسوم"),
            ("return_fee", "frais de retour|frais retour|frais retours|tarif retour|tarif de retour|prix retour|coût retour|return fee|return fees|return price|رسوم الإرجاع|رسوم المرتجع|رسوم الاسترجاع|تكلفة الإرجاع|سعر الإرجاع|ثمن الإرجاع|مصاريف الإرجاع"),
            ("net", "net à payer|net à verser|montant net|net|montant à verser|à verser|montant versé|versement|net amount|net to pay|payout|reste à payer|الصافي للدفع|المبلغ الصافي|صافي المبلغ|الصافي|المبلغ المستحق|المستحق"),
            ("status", "statut|status|état|etat du colis|situation|state|statut du colis|dernier statut|الحالة|حالة الطرد|الوضعية"),
        ])
            foreach (var (rank, spelling) in spellings.Split('|').Index()) words.TryAdd(Folding.Compact(spelling), (role, rank));
        return words;
    });
}
