using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.House;

/// <summary>What rooms say of their tables when a workspace takes its data along (promise P14).</summary>
public sealed class ExportTests
{
    internal static ExportedTables Tables => new(new ServiceCollection().AddSingleton<Places>().BuildServiceProvider());

    /// <summary>Every table that is exported, with those inside others.</summary>
    internal static IEnumerable<TableExport> All(IEnumerable<TableExport> tables) => tables.SelectMany(t => All(t.Inside.Select(i => i.Table)).Prepend(t));

    [Fact]
    public void Every_table_of_a_workspace_is_exported_or_left_out_with_its_reason()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        var tables = Tables;
        var spoken = All(tables.TakenAlong).Concat(tables.LeftOut).ToList();
        var faults = db.Model.GetEntityTypes().Where(t => typeof(IOfWorkspace).IsAssignableFrom(t.ClrType)).Select(t => (Name: t.GetTableName(), Count: spoken.Count(s => s.Row == t.ClrType)))
            .Where(t => t.Count != 1).Select(t => $"{t.Name}: {(t.Count == 0 ? "no room speaks for it: say in <Room>/<Room>Export.cs which fields go along, or why none" : "spoken for twice")}")
            .Concat(tables.LeftOut.Where(t => t.About.Length < 30).Select(t => $"{t.Row.Name}: no reason"))
            .Concat(All(tables.TakenAlong).GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => $"{g.Key}: two tables of one name"))
            .Concat(All(tables.TakenAlong).SelectMany(t => t.Fields.Select(f => f.Name).Concat(t.Inside.Select(i => i.Name)).GroupBy(n => n).Where(g => g.Count() > 1).Select(g => $"{t.Name}: two fields {g.Key}")));
        Sources.None([.. faults], "each room says how its own tables are exported", "a table nobody thought of is missing from \"everything\", and nobody sees it missing");
    }

    [Fact]
    public void What_opens_something_is_no_field_of_an_export()
    {
        string[] keys = ["token", "credential", "secret", "hash", "password", "public_key", "channel_key", "webhook", "label_address", "file_key", "stamp"];
        // When something was given or ends opens nothing.
        var faults = All(Tables.TakenAlong).SelectMany(t => t.Fields.Where(f => keys.Any(k => f.Name.Contains(k, StringComparison.Ordinal)) && !f.Name.EndsWith("_tokens", StringComparison.Ordinal) && !f.Name.EndsWith("_at", StringComparison.Ordinal)).Select(f => $"{t.Name}.{f.Name}"));
        Sources.None([.. faults], "no secret is ever exported", "an export lies in a mailbox, on a stick, at an accountant's");
    }

    /// <summary>Say <c>ORDERCLOSR_WRITE_DOCS=1</c> to have the page written anew.</summary>
    [Fact]
    public void The_documented_form_is_the_one_that_is_written()
    {
        const string Mark = "<!-- made from what the rooms say; a test of the house compares -->\n\n";
        var path = Path.Combine(Repository.Root, "docs/export.md");
        var text = File.ReadAllText(path);
        var whole = text[..(text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)] + ExportSchema.Markdown(Tables);
        if (Environment.GetEnvironmentVariable("ORDERCLOSR_WRITE_DOCS") == "1") File.WriteAllText(path, text = whole);
        Assert.True(whole == text, "docs/export.md does not say what the rooms say: run this test once with ORDERCLOSR_WRITE_DOCS=1 and commit the page");
    }
}
