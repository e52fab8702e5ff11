using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>Whether a turn's answer is sent or only proposed. Decided by code, from the customer's words and the server's totals; what the model says of it can only add to that.</summary>
public static class Proposing
{
    /// <summary>How long a customer's words make answers proposals, unless a person gave the conversation back since.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    /// <summary>The first reason of the merchant's that holds; null: the answer may be sent.</summary>
    public static ProposalReason? Find(TurnWork work)
    {
        var settings = work.Settings;
        if (settings.ProposesComplaints && (work.Heard.Any(Wishes.IsComplaint) || work.HandOver?.Reason is "complaint" or "wrong_parcel")) return ProposalReason.Complaint;
        if (settings.ProposesWholesale && work.Heard.Any(Wishes.IsWholesale)) return ProposalReason.Wholesale;
        return settings.ProposesOver is { } most && Costs(work) > most ? ProposalReason.Amount : null;
    }

    /// <summary>What the order of this turn costs as far as the server knows: with delivery once the place is known.</summary>
    private static Dinars? Costs(TurnWork work) => work.Confirmed?.Total ?? work.View?.Total ?? work.View?.Goods;
}
