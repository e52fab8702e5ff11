using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

internal sealed class WorkspaceTables : IEntityTypeConfiguration<Workspace>, IEntityTypeConfiguration<AccountRoute>, IEntityTypeConfiguration<Account>,
    IEntityTypeConfiguration<Member>, IEntityTypeConfiguration<IdentityUserClaim<Guid>>, IEntityTypeConfiguration<IdentityUserLogin<Guid>>, IEntityTypeConfiguration<IdentityUserToken<Guid>>,
    IEntityTypeConfiguration<DataProtectionKey>, IEntityTypeConfiguration<SignIn>, IEntityTypeConfiguration<FailedTries>, IEntityTypeConfiguration<AccountLink>,
    IEntityTypeConfiguration<SecondStep>, IEntityTypeConfiguration<RecoveryCode>, IEntityTypeConfiguration<KnownBrowser>, IEntityTypeConfiguration<IdentityUserPasskey<Guid>>,
    IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Workspace> builder)
    {
        builder.ToTable("workspaces");
        builder.Property(w => w.Slug).HasMaxLength(60);
        builder.Property(w => w.Language).HasMaxLength(2);
        builder.HasIndex(w => w.Slug).IsUnique();
    }

    public void Configure(EntityTypeBuilder<AccountRoute> builder)
    {
        builder.ToTable("account_routes");
        builder.HasKey(r => new { r.Source, r.Account });
        builder.HasIndex(r => r.Account);
    }

    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts");
        builder.HasIndex(a => a.NormalizedEmail).IsUnique();
        builder.Property(a => a.Language).HasMaxLength(2);
        // The library's own: nobody is asked for a phone (promise P1).
        builder.Ignore(a => a.PhoneNumber).Ignore(a => a.PhoneNumberConfirmed);
        builder.Property(a => a.ConcurrencyStamp).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<Member> builder)
    {
        builder.ToTable("members");
        builder.HasIndex(m => new { m.AccountId, m.WorkspaceId }).IsUnique();
        builder.HasIndex(m => m.WorkspaceId);
    }

    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("invitations");
        builder.Property(i => i.Email).HasMaxLength(254);
        builder.Property(i => i.NormalizedEmail).HasMaxLength(254);
        builder.Property(i => i.Language).HasMaxLength(2);
        builder.HasIndex(i => new { i.WorkspaceId, i.NormalizedEmail }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder) => builder.ToTable("account_claims");

    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder)
    {
        builder.ToTable("account_logins");
        builder.HasKey(l => new { l.LoginProvider, l.ProviderKey });
    }

    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder)
    {
        builder.ToTable("account_tokens");
        builder.HasKey(t => new { t.UserId, t.LoginProvider, t.Name });
    }

    public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.ToTable("data_protection_keys");

    public void Configure(EntityTypeBuilder<SignIn> builder)
    {
        builder.ToTable("sign_ins");
        builder.Property(s => s.KeyHash).HasMaxLength(64);
        builder.Property(s => s.Device).HasMaxLength(40);
        builder.HasIndex(s => s.KeyHash).IsUnique();
        builder.HasIndex(s => s.AccountId);
        builder.HasIndex(s => s.SeenAt);
    }

    public void Configure(EntityTypeBuilder<FailedTries> builder)
    {
        builder.ToTable("failed_tries");
        builder.HasKey(t => t.Key);
        builder.HasIndex(t => t.Since);
    }

    public void Configure(EntityTypeBuilder<AccountLink> builder)
    {
        builder.ToTable("account_links");
        builder.HasIndex(l => new { l.AccountId, l.CreatedAt });
        builder.HasIndex(l => l.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<SecondStep> builder)
    {
        builder.ToTable("second_steps");
        builder.HasKey(s => s.AccountId);
    }

    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder)
    {
        builder.ToTable("passkeys");
        builder.HasKey(p => p.CredentialId);
        builder.Property(p => p.CredentialId).HasMaxLength(1024);
        builder.Property(p => p.UserId).HasColumnName("account_id");
        builder.HasIndex(p => p.UserId);
        builder.ComplexProperty(p => p.Data, data =>
        {
            data.Property(d => d.PublicKey).HasColumnName("public_key");
            data.Property(d => d.Name).HasColumnName("name");
            data.Property(d => d.CreatedAt).HasColumnName("created_at");
            data.Property(d => d.SignCount).HasColumnName("sign_count").HasConversion<long>();
            data.PrimitiveCollection(d => d.Transports).HasColumnName("transports");
            data.Property(d => d.IsUserVerified).HasColumnName("is_user_verified");
            data.Property(d => d.IsBackupEligible).HasColumnName("is_backup_eligible");
            data.Property(d => d.IsBackedUp).HasColumnName("is_backed_up");
            data.Property(d => d.AttestationObject).HasColumnName("attestation_object");
            data.Property(d => d.ClientDataJson).HasColumnName("client_data_json");
        });
    }

    public void Configure(EntityTypeBuilder<KnownBrowser> builder)
    {
        builder.ToTable("known_browsers");
        builder.Property(b => b.Hash).HasMaxLength(64);
        builder.HasKey(b => new { b.AccountId, b.Hash });
    }

    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.ToTable("recovery_codes");
        builder.Property(c => c.Start).HasMaxLength(2);
        builder.HasIndex(c => new { c.AccountId, c.Start }).IsUnique();
    }
}

/// <summary>Tables of accounts and workspaces.</summary>
public static class WorkspaceRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Workspace> Workspaces => db.Set<Workspace>();
        public DbSet<Account> Accounts => db.Set<Account>();
        public DbSet<Member> Members => db.Set<Member>();
        public DbSet<Invitation> Invitations => db.Set<Invitation>();
        public DbSet<SignIn> SignIns => db.Set<SignIn>();
        public DbSet<AccountLink> AccountLinks => db.Set<AccountLink>();
        internal DbSet<KnownBrowser> KnownBrowsers => db.Set<KnownBrowser>();
        internal DbSet<SecondStep> SecondSteps => db.Set<SecondStep>();
        internal DbSet<RecoveryCode> RecoveryCodes => db.Set<RecoveryCode>();
    }
}
