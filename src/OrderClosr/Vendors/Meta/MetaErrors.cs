using OrderClosr.Conversations;
using OrderClosr.Ground.Outbound;

namespace OrderClosr.Vendors.Meta;

/// <summary>What one of Meta's error codes means to us.</summary>
/// <param name="Word">Our word for the pages.</param>
/// <param name="Category">What the job does next.</param>
/// <param name="Reaction">What follows beyond the message.</param>
internal sealed record MetaError(string Word, FailureCategory Category, SendReaction Reaction = SendReaction.GiveUp);

/// <summary>Meta's error codes as a table (facts/meta.md sections 7.1 and 7.2). Decided by code and subcode, never by text.</summary>
internal static class MetaErrors
{
    private static readonly MetaError
        Token = new("token_refused", FailureCategory.Credentials, SendReaction.Disconnected),
        Permission = new("permission_missing", FailureCategory.Credentials, SendReaction.Disconnected),
        WindowClosed = new("window_closed", FailureCategory.Refused),
        Unreachable = new("unreachable", FailureCategory.Refused, SendReaction.Unreachable),
        Busy = new("rate_limited", FailureCategory.RateLimited),
        OfTheMoment = new("meta_is_down", FailureCategory.Transient),
        Stopped = new("account_restricted", FailureCategory.Refused, SendReaction.StopChannel),
        OurBug = new("request_refused", FailureCategory.Configuration),
        Refused = new("refused_by_channel", FailureCategory.Refused),
        NotRegistered = new("not_registered", FailureCategory.Credentials, SendReaction.Disconnected),
        TemplateBroken = new("template_refused", FailureCategory.Configuration),
        TemplatePaused = new("template_paused", FailureCategory.Refused, SendReaction.LookAgain);

    /// <summary>Messenger and Instagram: subcodes that mean something else than their code.</summary>
    private static readonly Dictionary<(int Code, int Subcode), MetaError> PageSubcodes = new()
    {
        [(10, 2018278)] = WindowClosed,
        [(10, 2534022)] = WindowClosed,
        [(10, 2018065)] = WindowClosed,
        [(10, 2018300)] = new("thread_elsewhere", FailureCategory.Refused, SendReaction.HeldElsewhere),
        [(10, 1893063)] = Stopped,
        [(551, 1545041)] = Unreachable,
        [(200, 1545041)] = Unreachable,
        [(10, 1545041)] = Unreachable,
        [(100, 2018001)] = Unreachable,
        [(100, 2534014)] = Unreachable,
        [(100, 2018218)] = new("no_profile", FailureCategory.Refused),
        [(2, 2018344)] = OfTheMoment,
        [(2, 1545133)] = OfTheMoment,
        [(613, 2534040)] = Busy,
        [(100, 2534029)] = Stopped,
    };

    /// <summary>Messenger and Instagram, by code alone.</summary>
    private static readonly Dictionary<int, MetaError> Page = new()
    {
        [0] = Token, [102] = Token, [190] = Token,
        [3] = Permission, [10] = Permission,
        [551] = Unreachable,
        [230] = new("no_profile", FailureCategory.Refused),
        [4] = Busy, [17] = Busy, [32] = Busy, [613] = Busy, [80001] = Busy, [80002] = Busy, [80006] = Busy,
        [1] = OfTheMoment, [2] = OfTheMoment,
        [368] = Stopped,
        [2022] = Refused, [10900] = Refused, [10903] = Refused, [10904] = Refused, [2534025] = Refused, [2534013] = Refused, [2534122] = Refused,
        [2534029] = Stopped,
        [506] = new("duplicate_content", FailureCategory.Refused),
        [100] = OurBug, [2635] = OurBug,
    };

    private static readonly Dictionary<int, MetaError> Whatsapp = new()
    {
        [0] = Token, [190] = Token,
        [3] = Permission, [10] = Permission, [131005] = Permission,
        [4] = Busy, [80007] = Busy, [130429] = Busy,
        [131056] = new(PairLimit, FailureCategory.RateLimited),
        [131048] = new("spam_restriction", FailureCategory.Refused, SendReaction.LimitChannel),
        [133016] = new("register_limit", FailureCategory.RateLimited),
        [1] = OfTheMoment, [2] = OfTheMoment, [133004] = OfTheMoment, [131000] = OfTheMoment, [131016] = OfTheMoment, [131057] = OfTheMoment,
        [131026] = Unreachable,
        [131047] = WindowClosed,
        [131049] = new("held_back_by_meta", FailureCategory.Refused),
        [131050] = new("advertising_stopped", FailureCategory.Refused, SendReaction.NoAdvertising),
        [130472] = new("held_back_by_meta", FailureCategory.Refused),
        [130497] = new("country_restricted", FailureCategory.Refused),
        [131031] = Stopped, [368] = Stopped,
        [131042] = new("payment_problem", FailureCategory.Refused, SendReaction.LimitChannel),
        [131021] = new("own_number", FailureCategory.Refused),
        [131008] = OurBug, [131009] = OurBug, [100] = OurBug, [135000] = OurBug, [131051] = OurBug,
        [33] = new("number_deleted", FailureCategory.Credentials, SendReaction.Disconnected),
        [131037] = new("display_name_not_approved", FailureCategory.Refused, SendReaction.StopChannel),
        [131045] = NotRegistered, [133010] = NotRegistered,
        [131052] = new("media_not_received", FailureCategory.Refused),
        [131053] = new("media_refused", FailureCategory.Refused),
        [131060] = Refused, [131062] = Refused,
        [132000] = TemplateBroken, [132005] = TemplateBroken, [132007] = TemplateBroken, [132012] = TemplateBroken,
        [132001] = TemplateBroken with { Reaction = SendReaction.LookAgain }, [132015] = TemplatePaused, [132016] = TemplatePaused,
        [132068] = Refused, [132069] = Refused,
        [133005] = NotRegistered, [133006] = NotRegistered, [133008] = NotRegistered, [133009] = NotRegistered, [133015] = NotRegistered,
    };

    /// <summary>We have no token to ask with.</summary>
    internal static MetaError NoToken => Token;

    /// <summary>The limit of messages to one person: only that conversation waits.</summary>
    internal const string PairLimit = "pair_limit";

    /// <summary>What an error answer means.</summary>
    /// <param name="code">Null when the body was no error of Meta's.</param>
    internal static MetaError Of(bool isWhatsapp, int httpStatus, int? code, int? subcode, bool isTransient)
    {
        if (httpStatus == 429) return Busy;
        if (code is { } known)
        {
            // WhatsApp stopped sending subcodes; a Page's subcode says more than its code.
            if (!isWhatsapp && subcode is { } sub && PageSubcodes.TryGetValue((known, sub), out var exact)) return exact;
            if ((isWhatsapp ? Whatsapp : Page).TryGetValue(known, out var error)) return error;
            if (known is >= 200 and <= 299) return Permission;
        }
        if (isTransient || httpStatus >= 500) return OfTheMoment;
        return httpStatus == 401 ? Token : Refused;
    }

    /// <summary>Why a message that was accepted did not arrive.</summary>
    internal static SendFailure OfStatus(int code)
    {
        var error = Of(isWhatsapp: true, 400, code, null, isTransient: false);
        return new(error.Word, code == 0 ? "" : code.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Reaction);
    }
}
