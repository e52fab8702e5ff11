using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderClosr.Ground.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Deleting : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "delete_asked_at",
                table: "workspaces",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "deletions",
                columns: table => new
                {
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    asked_at = table.Column<long>(type: "INTEGER", nullable: false),
                    accounts = table.Column<string>(type: "TEXT", nullable: false),
                    owners = table.Column<string>(type: "TEXT", nullable: true),
                    purged_at = table.Column<long>(type: "INTEGER", nullable: true),
                    scrubbed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    proof_asked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deletions", x => x.workspace_id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deletions");

            migrationBuilder.DropColumn(
                name: "delete_asked_at",
                table: "workspaces");
        }
    }
}
