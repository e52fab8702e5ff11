using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Conversations;

internal sealed class ConversationTables : IEntityTypeConfiguration<Conversation>, IEntityTypeConfiguration<Message>, IEntityTypeConfiguration<Attachment>,
    IEntityTypeConfiguration<Comment>, IEntityTypeConfiguration<EarlyWord>, IEntityTypeConfiguration<Pause>, IEntityTypeConfiguration<OptOut>, IEntityTypeConfiguration<ConsentNotice>
{
    public void Configure(EntityTypeBuilder<Conversation> builder)
    {
        builder.ToTable("conversations");
        builder.Ignore(c => c.WindowClosesAt);
        builder.HasIndex(c => new { c.ChannelId, c.CustomerId }).IsUnique();
        builder.HasIndex(c => new { c.WorkspaceId, c.LastMessageAt });
        builder.HasIndex(c => new { c.WorkspaceId, c.CreatedAt });
        builder.HasIndex(c => new { c.WorkspaceId, c.HeldBy, c.LastMessageAt });
        builder.HasIndex(c => c.DueAt);
        // Few at any moment, asked for by every page.
        builder.HasIndex(c => new { c.WorkspaceId, c.FirstUnansweredAt }).HasFilter("first_unanswered_at is not null");
        builder.HasIndex(c => new { c.WorkspaceId, c.LastMessageAt }, "unread_conversations").HasFilter("unread > 0");
        builder.HasIndex(c => new { c.WorkspaceId, c.CustomerId });
    }

    public void Configure(EntityTypeBuilder<Message> builder)
    {
        builder.ToTable("messages");
        builder.HasIndex(m => new { m.ConversationId, m.Seq }).IsUnique();
        builder.HasIndex(m => new { m.ChannelId, m.ChannelMessageId }).IsUnique();
        builder.HasMany(m => m.Attachments).WithOne().HasForeignKey(a => a.MessageId);
    }

    public void Configure(EntityTypeBuilder<Pause> builder)
    {
        builder.ToTable("pauses");
        builder.Property(p => p.Note).HasMaxLength(Pause.LongestNote);
        builder.HasIndex(p => new { p.WorkspaceId, p.At });
        builder.HasIndex(p => p.WorkspaceId, "running_pauses").HasFilter("ended_at is null");
    }

    public void Configure(EntityTypeBuilder<OptOut> builder)
    {
        builder.ToTable("opt_outs");
        builder.Property(o => o.Reason).HasMaxLength(OptOut.LongestReason);
        builder.HasIndex(o => new { o.CustomerId, o.At });
        builder.HasIndex(o => new { o.WorkspaceId, o.At });
    }

    public void Configure(EntityTypeBuilder<ConsentNotice> builder)
    {
        builder.ToTable("consent_notices");
        builder.HasIndex(n => n.CustomerId);
        builder.HasIndex(n => n.MessageId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Attachment> builder) => builder.ToTable("attachments");

    public void Configure(EntityTypeBuilder<Comment> builder)
    {
        builder.ToTable("comments");
        builder.HasIndex(c => new { c.ChannelId, c.ChannelCommentId }).IsUnique();
        builder.HasIndex(c => new { c.WorkspaceId, c.At });
    }

    public void Configure(EntityTypeBuilder<EarlyWord> builder)
    {
        builder.ToTable("early_words");
        builder.HasIndex(w => new { w.ChannelId, w.ChannelMessageId, w.Kind }).IsUnique();
        builder.HasIndex(w => w.ConversationId);
        builder.HasIndex(w => w.At);
    }
}

/// <summary>Tables of conversations.</summary>
public static class ConversationRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Conversation> Conversations => db.Set<Conversation>();
        public DbSet<Message> Messages => db.Set<Message>();
        public DbSet<Attachment> Attachments => db.Set<Attachment>();
        public DbSet<Comment> Comments => db.Set<Comment>();
        public DbSet<Pause> Pauses => db.Set<Pause>();
        public DbSet<OptOut> OptOuts => db.Set<OptOut>();
        public DbSet<ConsentNotice> ConsentNotices => db.Set<ConsentNotice>();
        public DbSet<EarlyWord> EarlyWords => db.Set<EarlyWord>();
    }
}
