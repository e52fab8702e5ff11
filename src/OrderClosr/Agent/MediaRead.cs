using OrderClosr.Conversations;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Agent;

/// <summary>Reads stored photos of customers for the model.</summary>
public sealed class MediaRead(MediaFiles files, CurrentWorkspace workspace)
{
    private const int MostPhotos = 4;
    private const long MostBytes = 5 * 1024 * 1024;

    /// <summary>The photos of these messages that are stored, newest last; others are only named in the text.</summary>
    public async Task<IReadOnlyList<ModelPhoto>> PhotosAsync(IReadOnlyList<Message> messages, CancellationToken stop)
    {
        var photos = new List<ModelPhoto>();
        foreach (var attachment in messages.Where(m => m.DeletedAt is null).SelectMany(m => m.Attachments.OrderBy(a => a.Position))
            .Where(a => a.Kind == MessageKind.Image && a.File is not null && a.MediaType is "image/jpeg" or "image/png" or "image/webp" or "image/gif").TakeLast(MostPhotos))
        {
            if (files.Open(workspace.Id, attachment.File!) is not { } opened) continue;
            await using var content = opened.Content;
            if (content.Length > MostBytes) continue;
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, stop);
            photos.Add(new(attachment.MediaType!, bytes.ToArray()));
        }
        return photos;
    }
}
