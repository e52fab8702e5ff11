using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Privacy;

/// <summary>That a person who connected accounts took it back at the vendor, or wants what we hold of them deleted.</summary>
/// <remarks>Of no workspace: the person may have connected accounts of several. Once done it holds no person any more, only that it was done.</remarks>
public sealed class PersonRequest : IHasId<PersonRequest>
{
    public required Id<PersonRequest> Id { get; init; }
    public required PersonRequestKind Kind { get; init; }

    /// <summary>The unguessable word under which its state can be seen.</summary>
    public required string Code { get; init; }

    /// <summary>SHA-256 of the request as it came: a repeat is the same request.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The vendor's id of the person, sealed with the field name <c>person_request.person</c>; null once it is done.</summary>
    public Sealed? Person { get; set; }

    /// <summary>It speaks only of accounts that were connected without a Page.</summary>
    public required bool IsWithoutPages { get; init; }

    /// <summary>When the person said so: what was connected later is another agreement.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? DoneAt { get; set; }
}

/// <summary>What a person asked for.</summary>
public enum PersonRequestKind
{
    /// <summary>Takes the permission back.</summary>
    Departure,

    /// <summary>Wants what we hold of them deleted.</summary>
    Deletion,
}

/// <summary>Takes such requests; a job does them in every workspace.</summary>
public sealed class PersonRequests(WorkspaceScopes scopes, SecretBox secrets, TimeProvider time)
{
    /// <summary>Where a person's id is sealed that belongs to no workspace.</summary>
    internal const string Field = "person_request.person";

    /// <summary>Writes a request down, once however often it comes, and answers its code.</summary>
    public async Task<string> TakeAsync(PersonRequestKind kind, string request, string person, DateTimeOffset? issuedAt, bool isWithoutPages, CancellationToken stop)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}|{request}")));
        for (var again = false; ; again = true)
        {
            await using var scope = scopes.OpenNone();
            var db = scope.Db;
            if (await db.PersonRequests.AsNoTracking().Where(r => r.RequestHash == hash).Select(r => r.Code).SingleOrDefaultAsync(stop) is { } known) return known;
            var now = time.GetUtcNow();
            var row = new PersonRequest
            {
                Id = Id<PersonRequest>.New(now), Kind = kind, Code = RandomNumberGenerator.GetHexString(32, lowercase: true), RequestHash = hash, Person = new Sealed(secrets.Seal(Guid.Empty, Field, person)),
                IsWithoutPages = isWithoutPages, IssuedAt = issuedAt ?? now, ReceivedAt = now,
            };
            try
            {
                await db.InTransactionAsync(async () =>
                {
                    db.Add(row);
                    await db.LaterOfNobodyAsync(new DoPersonRequest(row.Id.Value), now, stop);
                    await db.SaveChangesAsync(stop);
                }, stop);
                return row.Code;
            }
            catch (DbUpdateException) when (!again)
            {
                // The same request came a second time in the same moment.
            }
        }
    }
}

/// <summary>Does a person's request in every workspace whose accounts that person connected. A repeat finds nothing left to do.</summary>
internal sealed record DoPersonRequest(Guid Request) : IJob
{
    public static string Kind => "do_person_request";
    public string Lane => "work/system";
    public string OrderKey => Request.ToString("N");
    public static TimeSpan GiveUpAfter => TimeSpan.FromDays(7);
}

/// <inheritdoc cref="DoPersonRequest"/>
internal sealed class DoPersonRequestHandler(OrderClosrDb db, WorkspaceScopes scopes, SecretBox secrets, TimeProvider time) : IJobHandler<DoPersonRequest>
{
    public async Task<JobOutcome> RunAsync(DoPersonRequest job, JobRun run, CancellationToken stop)
    {
        var id = new Id<PersonRequest>(job.Request);
        if (await db.PersonRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, stop) is not { Person: { } closed } request) return JobOutcome.Dropped("Done already.");
        var person = secrets.Open(Guid.Empty, PersonRequests.Field, closed.Token);
        var workspaces = (await scopes.WithAnyAsync<Channel>(c => c.Person != null, stop)).Union(await scopes.WithAnyAsync<ConnectAttempt>(a => a.Person != null, stop));
        foreach (var workspace in workspaces)
        {
            await using var scope = scopes.Open(workspace);
            await scope.Get<Connecting>().ForgetPersonAsync(person, request.IssuedAt, c => !request.IsWithoutPages || c is { Kind: ChannelKind.Instagram, ParentId: null }, stop);
        }
        return JobOutcome.Done(async (scope, inner) =>
        {
            var row = await scope.Db.PersonRequests.SingleAsync(r => r.Id == id, inner);
            (row.Person, row.DoneAt) = (null, time.GetUtcNow());
            await scope.Db.SaveChangesAsync(inner);
        });
    }
}

internal sealed class PersonRequestTables : IEntityTypeConfiguration<PersonRequest>
{
    public void Configure(EntityTypeBuilder<PersonRequest> builder)
    {
        builder.ToTable("person_requests");
        builder.Property(r => r.Code).HasMaxLength(32);
        builder.Property(r => r.RequestHash).HasMaxLength(64);
        builder.HasIndex(r => r.Code).IsUnique();
        builder.HasIndex(r => r.RequestHash).IsUnique();
    }
}

/// <summary>The table of persons' requests.</summary>
public static class PersonRequestRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<PersonRequest> PersonRequests => db.Set<PersonRequest>();
    }
}

/// <summary>What the vendor demands for the people who connect accounts.</summary>
public static class PersonRequestsSetup
{
    public static IServiceCollection AddPersonRequests(this IServiceCollection services) =>
        services.AddSingleton<PersonRequests>().AddJob<DoPersonRequest, DoPersonRequestHandler>();
}
