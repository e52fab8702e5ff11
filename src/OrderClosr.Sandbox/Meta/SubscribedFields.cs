namespace OrderClosr.Sandbox.Meta;

/// <summary>The names <c>subscribed_fields</c> may hold; one wrong name fails the whole call (facts: meta.md sections 3.4 and 4.1).</summary>
public static class SubscribedFields
{
    private static readonly string[] Page =
    [
        "messages", "messaging_postbacks", "message_echoes", "message_deliveries", "message_reads", "message_edits", "message_reactions",
        "messaging_referrals", "messaging_optins", "messaging_handovers", "messaging_policy_enforcement", "standby", "send_cart", "feed",
        "messaging_account_linking", "messaging_feedback", "response_feedback", "messaging_game_plays", "messenger_template_status_update",
        "mention", "ratings", "leadgen",
    ];

    private static readonly string[] Instagram =
    [
        "messages", "messaging_postbacks", "messaging_seen", "message_reactions", "message_edit", "messaging_referral", "messaging_optins",
        "messaging_handover", "standby", "comments", "live_comments", "mentions", "story_insights", "response_feedback",
    ];

    /// <summary>All names a kind of account knows; WhatsApp subscribes as a whole.</summary>
    public static IReadOnlyList<string> Of(MetaKind kind) => kind switch { MetaKind.Page => Page, MetaKind.Instagram => Instagram, _ => ["messages"] };
}
