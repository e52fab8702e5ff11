using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Jobs;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class JobsExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } = [TableExport.LeftOut<Job>("What the product still has to do or has done: ids alone; what came of it stands in the rows it was about.")];
}
