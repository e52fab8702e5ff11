using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Of whom the operator demands a second step: <c>Accounts__SecondStep</c> is <c>everybody</c>, or nothing and each shop's owners decide.</summary>
public sealed class SecondStepDemand(IConfiguration settings)
{
    /// <summary>No shop lets in who has none. The own account stays open: there it is set up.</summary>
    public bool IsOfEverybody { get; } = settings["Accounts:SecondStep"] == Everybody;

    private const string Everybody = "everybody";

    /// <summary>What else stands there would be a demand that nobody makes.</summary>
    internal static IEnumerable<string> Problems(IConfiguration settings)
    {
        if (settings["Accounts:SecondStep"] is not (null or "" or Everybody)) yield return $"Accounts__SecondStep is {Everybody} or nothing.";
    }
}

/// <summary>The authenticator app of an account. Whether it is asked for at sign-in says <c>Account.TwoFactorEnabled</c>: until the first code was typed it is not.</summary>
public sealed class SecondStep
{
    public required Guid AccountId { get; init; }

    /// <summary>What app and server share, sealed and bound to the account.</summary>
    public required Sealed Secret { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>The newest step of which a code was taken: it and all before it are taken no more, on whichever node.</summary>
    public required long LastStep { get; set; }

    /// <summary>The field the secret is bound to.</summary>
    internal const string Field = "second_step.secret";
}

/// <summary>A code on paper for the day the phone is lost: works once.</summary>
public sealed class RecoveryCode
{
    public required Id<RecoveryCode> Id { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>Its first letters, which tell the ten apart so that only one hash must be tried.</summary>
    public required string Start { get; init; }

    /// <summary>Argon2id of the whole code.</summary>
    public required string Hash { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}
