using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Data;

/// <summary>Adding a row that another process may be adding at the same moment.</summary>
public static class Inserting
{
    extension(OrderClosrDb db)
    {
        /// <summary>Writes the row at once unless a unique key of it is taken; answers whether it was written. The row is not tracked.</summary>
        /// <remarks>A broken unique key would end a PostgreSQL transaction; this waits for the other one instead and goes on.</remarks>
        public Task<bool> AddUnlessThereAsync<T>(T row, CancellationToken stop) where T : class, IOfWorkspace =>
            db.WorkspaceId.IsNone ? throw new InvalidOperationException("No workspace is entered.") : db.InsertUnlessThereAsync(row, stop);

        /// <summary>The same for a table that belongs to no workspace.</summary>
        public Task<bool> AddSharedUnlessThereAsync<T>(T row, CancellationToken stop) where T : class =>
            row is IOfWorkspace ? throw new InvalidOperationException("This row is of a workspace.") : db.InsertUnlessThereAsync(row, stop);

        private async Task<bool> InsertUnlessThereAsync<T>(T row, CancellationToken stop) where T : class
        {
            var type = db.Model.FindEntityType(typeof(T))!;
            var columns = new List<string>();
            var values = new List<object>();
            foreach (var property in type.GetProperties())
            {
                var value = property.Name == nameof(IOfWorkspace.WorkspaceId) ? db.WorkspaceId : property.GetGetter().GetClrValue(row);
                if ((property.GetTypeMapping().Converter is { } converter && value is not null ? converter.ConvertToProvider(value) : value) is not { } stored) continue;
                columns.Add(property.GetColumnName());
                values.Add(stored);
            }
            var marks = string.Join(", ", Enumerable.Range(0, values.Count).Select(i => "{" + i.ToString(CultureInfo.InvariantCulture) + "}"));
#pragma warning disable EF1002 // names of table and columns come from the model
            return await db.Database.ExecuteSqlRawAsync($"insert into {type.GetTableName()} ({string.Join(", ", columns)}) values ({marks}) on conflict do nothing", values, stop) == 1;
#pragma warning restore EF1002
        }
    }
}
