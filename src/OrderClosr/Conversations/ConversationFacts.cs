namespace OrderClosr.Conversations;

/// <summary>A customer's message was stored for the first time.</summary>
public sealed record MessageReceived(ConversationId Conversation, CustomerId Customer, Message Message);

/// <summary>A customer sent the cart of the channel's catalogue; the prices they saw are not carried, the server prices again.</summary>
public sealed record CartReceived(ConversationId Conversation, CustomerId Customer, Message Message, IReadOnlyList<CartItem> Items);

/// <summary>A person took a conversation, or it went to nobody or back to the agent.</summary>
public sealed record HolderChanged(ConversationId Conversation, HeldBy HeldBy, string? Reason);

/// <summary>A public comment below a post or an ad was stored for the first time.</summary>
public sealed record CommentReceived(Comment Comment);
