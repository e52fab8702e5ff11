using CsvHelper;
using OrderClosr.Ground.Outbound;
using OrderClosr.Web;
using OrderClosr.Web.Ui;

namespace OrderClosr.Privacy;

/// <summary>On what ground data are processed (law 18-07, art. 7).</summary>
public enum LegalBasis { Contract, Consent, LegalDuty, LegitimateInterest }

/// <summary>Whose data they are.</summary>
public enum DataSubject { Customers, Members, Both }

/// <summary>One line of the register of processing: words <c>register.KEY</c> (purpose), <c>_data</c> and <c>_for</c> (how long).</summary>
/// <param name="To">Keys of <see cref="Processors"/> it goes to; empty: it stays on the server.</param>
public sealed record Processing(string Key, LegalBasis Basis, DataSubject Whose, IReadOnlyList<string> To);

/// <summary>The register that a shop has to keep (law 25-11, art. 41 bis): what this program does with personal data for it. The one table behind page and file.</summary>
public static class Register
{
    public static IReadOnlyList<Processing> All { get; } =
    [
        new("answers", LegalBasis.Contract, DataSubject.Customers, ["meta", "claude"]),
        new("orders", LegalBasis.Contract, DataSubject.Customers, ["claude"]),
        new("parcels", LegalBasis.Contract, DataSubject.Customers, ["couriers"]),
        new("notices", LegalBasis.Contract, DataSubject.Customers, ["meta"]),
        new("cash", LegalBasis.LegitimateInterest, DataSubject.Customers, []),
        new("risk", LegalBasis.LegitimateInterest, DataSubject.Customers, []),
        new("consent", LegalBasis.LegalDuty, DataSubject.Customers, []),
        new("team", LegalBasis.Contract, DataSubject.Members, ["mail"]),
        new("log", LegalBasis.LegalDuty, DataSubject.Members, []),
        new("backups", LegalBasis.LegitimateInterest, DataSubject.Both, []),
    ];
}

/// <summary>The register and the list of processors as files, in the reader's language.</summary>
public sealed class RegisterFiles(Words words, OutboundGate gate)
{
    /// <summary>A line for each processing.</summary>
    public byte[] Register() => Csv(["purpose", "data", "whose", "basis", "to", "where", "until"], Privacy.Register.All.Select(p => (string[])
    [
        words[$"register.{p.Key}"], words[$"register.{p.Key}_data"], words[$"register.whose_{p.Whose.Word()}"], words[$"register.basis_{p.Basis.Word()}"], p.To.Count == 0 ? words["register.stays"] : string.Join(", ", p.To.Select(t => words[$"policy.to_{t}"])),
        p.To.Count == 0 ? "" : string.Join(", ", p.To.Select(t => words[$"policy.to_{t}_where"]).Distinct()), words[$"register.{p.Key}_for"],
    ]));

    /// <summary>A line for each processor this server may talk to.</summary>
    public byte[] Processors() => Csv(["to", "data", "purpose", "where", "until"], Privacy.Processors.Of(gate).Select(p => (string[])
    [
        words[$"policy.to_{p.Key}"], words[$"policy.to_{p.Key}_data"], words[$"policy.to_{p.Key}_why"], words[$"policy.to_{p.Key}_where"], words[$"register.{p.Key}_keeps"],
    ]));

    /// <summary>UTF-8 with its mark, so that Excel reads Arabic.</summary>
    private byte[] Csv(IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, CsvWriterOptions.Default with { Separator = ';', WriteByteOrderMark = true, Injection = CsvInjection.Escape }, leaveOpen: true))
        {
            csv.WriteRecord([.. columns.Select(c => words[$"register.col_{c}"])]);
            foreach (var row in rows) csv.WriteRecord(row);
        }
        return bytes.ToArray();
    }
}
