using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Cash;

internal sealed class CashTables : IEntityTypeConfiguration<ParcelCash>, IEntityTypeConfiguration<CashMove>, IEntityTypeConfiguration<CourierTerms>, IEntityTypeConfiguration<Claim>, IEntityTypeConfiguration<ClaimStep>,
    IEntityTypeConfiguration<PaymentSlip>, IEntityTypeConfiguration<SlipLine>, IEntityTypeConfiguration<SlipLook>, IEntityTypeConfiguration<SlipFormat>
{
    public void Configure(EntityTypeBuilder<ParcelCash> builder)
    {
        builder.ToTable("parcel_cash");
        builder.HasIndex(c => c.ParcelId).IsUnique();
        builder.HasIndex(c => new { c.AccountId, c.Announced });
        builder.Property(c => c.Announced).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<CashMove> builder)
    {
        builder.ToTable("cash_moves");
        builder.HasIndex(m => new { m.ParcelId, m.At });
        builder.HasIndex(m => new { m.WorkspaceId, m.At });
        builder.Property(m => m.Announced).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<CourierTerms> builder)
    {
        builder.ToTable("courier_terms");
        builder.HasIndex(t => t.AccountId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Claim> builder)
    {
        builder.ToTable("claims");
        builder.HasIndex(c => new { c.WorkspaceId, c.State, c.OpenedAt });
        builder.HasIndex(c => c.ParcelId);
        builder.HasIndex(c => c.LineId);
    }

    public void Configure(EntityTypeBuilder<ClaimStep> builder)
    {
        builder.ToTable("claim_steps");
        builder.HasIndex(s => new { s.ClaimId, s.At });
    }

    public void Configure(EntityTypeBuilder<PaymentSlip> builder)
    {
        builder.ToTable("payment_slips");
        // The promise of the import: one file counts once for an account.
        builder.HasIndex(s => new { s.AccountId, s.FileKey }).IsUnique();
        builder.HasIndex(s => new { s.WorkspaceId, s.AppliedAt });
        builder.HasMany(s => s.Lines).WithOne().HasForeignKey(l => l.SlipId);
        builder.Property(s => s.FileKey).HasMaxLength(120);
        builder.Property(s => s.Number).HasMaxLength(120);
        builder.Property(s => s.FileName).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<SlipLine> builder)
    {
        builder.ToTable("slip_lines");
        builder.HasIndex(l => new { l.SlipId, l.Line }).IsUnique();
        builder.HasIndex(l => l.ParcelId);
        builder.HasIndex(l => l.EarlierLineId);
        builder.Property(l => l.Tracking).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<SlipLook> builder)
    {
        builder.ToTable("slip_looks");
        builder.HasIndex(l => new { l.WorkspaceId, l.ExpiresAt });
        builder.Property(l => l.FileName).HasMaxLength(120);
        builder.Property(l => l.FileHash).HasMaxLength(80);
        builder.Property(l => l.Columns).HasConversion(c => SlipFormat.Write(c), json => SlipFormat.Read(json));
        // Never changed once kept.
        builder.Property(l => l.Sheet).HasConversion(rows => JsonSerializer.Serialize(rows, JsonSerializerOptions.Default), json => JsonSerializer.Deserialize<List<SheetRow>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<List<SheetRow>>((a, b) => ReferenceEquals(a, b), rows => rows.Count, rows => rows));
    }

    public void Configure(EntityTypeBuilder<SlipFormat> builder)
    {
        builder.ToTable("slip_formats");
        builder.HasIndex(f => new { f.AccountId, f.Head }).IsUnique();
        builder.Property(f => f.Head).HasMaxLength(80);
        builder.Property(f => f.Columns).HasConversion(c => SlipFormat.Write(c), json => SlipFormat.Read(json));
    }
}

/// <summary>Tables of the money.</summary>
public static class CashRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<ParcelCash> ParcelCash => db.Set<ParcelCash>();
        public DbSet<CashMove> CashMoves => db.Set<CashMove>();
        public DbSet<CourierTerms> CourierTerms => db.Set<CourierTerms>();
        public DbSet<Claim> Claims => db.Set<Claim>();
        public DbSet<ClaimStep> ClaimSteps => db.Set<ClaimStep>();
        public DbSet<PaymentSlip> PaymentSlips => db.Set<PaymentSlip>();
        public DbSet<SlipLine> SlipLines => db.Set<SlipLine>();
        public DbSet<SlipLook> SlipLooks => db.Set<SlipLook>();
        public DbSet<SlipFormat> SlipFormats => db.Set<SlipFormat>();
    }
}
