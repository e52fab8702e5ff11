using System.Text.Json;
using OrderClosr.Conversations;

namespace OrderClosr.Vendors.Meta;

/// <summary>Public comments of Pages (<c>feed</c>) and Instagram accounts (facts/meta.md sections 3.3 and 4.3). The shop's own are left out, or it would talk to itself.</summary>
internal static class MetaComments
{
    internal static IEnumerable<MetaPart> ReadFeed(string source, string account, JsonElement value, DateTimeOffset at)
    {
        if (value.Text("item") != "comment") return [MetaReader.Unknown(source, account, $"feed {value.Text("item")}")];
        var author = value.At("from").Text("id") ?? value.Text("sender_id");
        if (author == account) return [MetaReader.Unknown(source, account, "comment of ours")];
        var change = value.Text("verb") switch
        {
            "edit" or "edited" => CommentChange.Edited,
            "remove" or "hide" => CommentChange.Removed,
            _ => CommentChange.Written,
        };
        return
        [
            new(source, account, "comment")
            {
                News = new CommentNews(value.Must("comment_id"), value.Instant("created_time") ?? at, change, value.Text("message") ?? "")
                {
                    PostId = value.Text("post_id"), ParentId = value.Text("parent_id"), AuthorHandle = author, AuthorName = value.At("from").Text("name") ?? value.Text("sender_name"),
                },
            },
        ];
    }

    internal static IEnumerable<MetaPart> ReadInstagram(string source, string account, JsonElement value, DateTimeOffset at)
    {
        var from = value.At("from");
        if (from.Text("id") == account || from.Text("self_ig_scoped_id") == account) return [MetaReader.Unknown(source, account, "comment of ours")];
        return
        [
            new(source, account, "comment")
            {
                News = new CommentNews(value.Must("id"), value.Instant("created_time") ?? at, CommentChange.Written, value.Text("text") ?? "")
                {
                    PostId = value.At("media").Text("id"), ParentId = value.Text("parent_id"), AdId = value.At("media").Text("ad_id"),
                    AuthorHandle = from.Text("id"), AuthorName = from.Text("username"),
                },
            },
        ];
    }
}
