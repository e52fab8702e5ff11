using System.Text.Json;

namespace OrderClosr.Vendors.Meta;

/// <summary>What WhatsApp says about the account and its numbers (facts/meta.md section 5.5): the channel's health, never a message.</summary>
internal static class WhatsappAccountEvents
{
    internal static MetaPart Read(string source, string account, string? field, JsonElement value)
    {
        var happened = field switch
        {
            "account_update" => value.Text("event") switch
            {
                "DISABLED_UPDATE" or "ACCOUNT_RESTRICTION" => new MetaAccountEvent("account_restricted", Stops: true),
                "ACCOUNT_DELETED" => new MetaAccountEvent("account_deleted", Stops: true),
                "PARTNER_REMOVED" or "PARTNER_APP_UNINSTALLED" or "ACCOUNT_OFFBOARDED" => new MetaAccountEvent("removed_by_merchant", Stops: true),
                "PARTNER_ADDED" or "PARTNER_APP_INSTALLED" or "ACCOUNT_RECONNECTED" => new MetaAccountEvent(null, Heals: "removed_by_merchant", Leaves: "not_subscribed"),
                "ACCOUNT_VIOLATION" => new MetaAccountEvent("policy_warning"),
                _ => new MetaAccountEvent(null),
            },
            // The list of templates is read again with the next look.
            "message_template_status_update" or "message_template_quality_update" or "message_template_components_update" or "template_category_update" => new MetaAccountEvent(null),
            "account_alerts" or "account_review_update" or "business_capability_update" or "phone_number_quality_update" or "phone_number_name_update" or "security" => new MetaAccountEvent(null),
            _ => null,
        };
        return happened is null ? MetaReader.Unknown(source, account, $"field {field}") : new(source, account, field!) { Health = happened };
    }
}
