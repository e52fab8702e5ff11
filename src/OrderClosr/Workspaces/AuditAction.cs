namespace OrderClosr.Workspaces;

/// <summary>What the audit log knows to tell. Stored by these names: never rename one.</summary>
/// <remarks>A new one also needs its kind in <see cref="AuditActions.KindOf"/> and its sentence <c>audit.does_WORD</c>.</remarks>
public enum AuditAction
{
    SignedIn, SignedOut, SignInRefused, PasswordChanged,
    SecondStepOn, SecondStepOff, SecondStepRefused, RecoveryCodesMade, SessionsEnded, PasskeyAdded, PasskeyRemoved,
    ChannelConnected, ChannelTokenChanged, ChannelDisconnected, ChannelAccessRemoved,
    CourierConnected, CourierKeyChanged, CourierDisconnected,
    SheetConnected, SheetKeyChanged, SheetDisconnected,
    ApiKeyMade, ApiKeyRevoked, HookMade, HookRemoved,
    AgentPaused, AgentResumed, AgentRulesChanged, AgentLimitsChanged,
    PriceChanged, FeesChanged,
    OptOutLifted,
    DeletionAsked, DeletionUndone, CustomerErased,
    AccountMade, WorkspaceMade, WorkspaceChanged,
    MemberInvited, InvitationSentAgain, InvitationWithdrawn, MemberJoined, MemberRoleChanged, MemberRemoved, MemberLeft,
    ExportAsked, ExportDownloaded, CustomerExported,
    PlanChosen, PlanCancelled, PlanResumed, PlanPaid,
    SecondStepLifted, AccountClosed, AccountDisabled, AccountEnabled,
}

/// <summary>By what the log can be looked through.</summary>
public enum AuditKind
{
    /// <summary>Sign-ins, passwords.</summary>
    Access,

    /// <summary>Channels, couriers and API keys with their secrets.</summary>
    Connections,

    /// <summary>Pauses, rules and limits of the agent.</summary>
    Agent,

    /// <summary>Prices and delivery fees.</summary>
    Prices,

    /// <summary>What was deleted.</summary>
    Erasure,

    /// <summary>Who is in the workspace and with which role, its name and settings.</summary>
    Members,

    /// <summary>What was taken out of the workspace as files.</summary>
    Exports,

    /// <summary>The shop's own plan.</summary>
    Plan,
}

/// <summary>Sorts actions.</summary>
public static class AuditActions
{
    /// <summary>The kind an action belongs to.</summary>
    public static AuditKind KindOf(AuditAction action) => action switch
    {
        AuditAction.SignedIn or AuditAction.SignedOut or AuditAction.SignInRefused or AuditAction.PasswordChanged or AuditAction.SecondStepOn or AuditAction.SecondStepOff or AuditAction.SecondStepRefused
            or AuditAction.RecoveryCodesMade or AuditAction.SessionsEnded or AuditAction.PasskeyAdded or AuditAction.PasskeyRemoved or AuditAction.AccountMade or AuditAction.SecondStepLifted or AuditAction.AccountClosed
            or AuditAction.AccountDisabled or AuditAction.AccountEnabled => AuditKind.Access,
        AuditAction.ChannelConnected or AuditAction.ChannelTokenChanged or AuditAction.ChannelDisconnected or AuditAction.ChannelAccessRemoved or AuditAction.CourierConnected or AuditAction.CourierKeyChanged or AuditAction.CourierDisconnected
            or AuditAction.SheetConnected or AuditAction.SheetKeyChanged or AuditAction.SheetDisconnected or AuditAction.ApiKeyMade or AuditAction.ApiKeyRevoked or AuditAction.HookMade or AuditAction.HookRemoved => AuditKind.Connections,
        AuditAction.AgentPaused or AuditAction.AgentResumed or AuditAction.AgentRulesChanged or AuditAction.AgentLimitsChanged or AuditAction.OptOutLifted => AuditKind.Agent,
        AuditAction.PriceChanged or AuditAction.FeesChanged => AuditKind.Prices,
        AuditAction.DeletionAsked or AuditAction.DeletionUndone or AuditAction.CustomerErased => AuditKind.Erasure,
        AuditAction.WorkspaceMade or AuditAction.WorkspaceChanged or AuditAction.MemberInvited or AuditAction.InvitationSentAgain or AuditAction.InvitationWithdrawn or AuditAction.MemberJoined or AuditAction.MemberRoleChanged
            or AuditAction.MemberRemoved or AuditAction.MemberLeft => AuditKind.Members,
        AuditAction.ExportAsked or AuditAction.ExportDownloaded or AuditAction.CustomerExported => AuditKind.Exports,
        AuditAction.PlanChosen or AuditAction.PlanCancelled or AuditAction.PlanResumed or AuditAction.PlanPaid => AuditKind.Plan,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "An action without a kind."),
    };

    /// <summary>The actions of a kind.</summary>
    public static AuditAction[] Of(AuditKind kind) => [.. Enum.GetValues<AuditAction>().Where(a => KindOf(a) == kind)];
}
