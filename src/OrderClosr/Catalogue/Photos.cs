using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>Adds and removes a product's photos.</summary>
public sealed class Photos(OrderClosrDb db, Pictures pictures, TimeProvider time)
{
    /// <summary>Adds a photo at the end, as the JPEG without metadata that every channel takes; up to five.</summary>
    public async Task<Result<Photo>> AddAsync(ProductId id, Stream content, CancellationToken stop)
    {
        if (!await db.Products.AnyAsync(p => p.Id == id, stop)) return Refusal.NotFound("product");
        // The file first: a file without a row costs a little space, a row without a file a broken picture.
        var kept = await pictures.SaveAsync(db.WorkspaceId, content, MediaFiles.Photos, MediaFiles.MostPhotoBytes, stop);
        if (!kept.Ok) return kept.Refusal;
        var added = await db.InTransactionAsync<Result<Photo>>(async () =>
        {
            await db.Dialect.LockRowAsync(db, "products", id.Value, stop);
            var positions = await db.Photos.Where(p => p.ProductId == id).Select(p => p.Position).ToListAsync(stop);
            if (positions.Count >= ProductRules.MostPhotos) return new Refusal("photos_too_many", $"A product has {ProductRules.MostPhotos} photos at most.", "file", [$"{ProductRules.MostPhotos}"]);
            var photo = new Photo { Id = PhotoId.New(time.GetUtcNow()), ProductId = id, File = kept.Value.File, MediaType = kept.Value.MediaType, Position = positions.DefaultIfEmpty(-1).Max() + 1 };
            db.Add(photo);
            db.Tell("product", id);
            await db.SaveChangesAsync(stop);
            return photo;
        }, stop);
        if (!added.Ok) pictures.Delete(db.WorkspaceId, kept.Value.File);
        return added;
    }

    /// <summary>Removes a photo and then its file.</summary>
    public async Task<Result<Photo>> RemoveAsync(ProductId id, PhotoId photoId, CancellationToken stop)
    {
        var photo = await db.Photos.SingleOrDefaultAsync(p => p.Id == photoId && p.ProductId == id, stop);
        if (photo is null) return Refusal.NotFound("photo");
        db.Remove(photo);
        db.Tell("product", id);
        await db.SaveChangesAsync(stop);
        pictures.Delete(db.WorkspaceId, photo.File);
        return photo;
    }
}
