using System.Buffers.Binary;
using System.Security.Cryptography;
using OrderClosr.Ground.Secrets;

namespace OrderClosr.Ground.Running;

/// <summary>The encryption of a backup: pieces of 1 MiB, each sealed with AES-256-GCM, under a key of this file alone.</summary>
/// <remarks>
/// Fernet has to see a whole text before it can vouch for it; a backup is larger than memory. The file's key comes from a Fernet key and a
/// random salt by HKDF, so no counter is ever used twice under one key. A piece's number and whether it is the last one are part of its
/// nonce: pieces that were changed, moved, repeated or cut off at the end do not open.
/// File: <c>OCBACKUP1\n</c>, the Fernet key's fingerprint (8 hex digits), salt (32 bytes), then pieces with their 16 bytes of proof.
/// </remarks>
internal static class BackupSeal
{
    internal const int Piece = 1024 * 1024, Proof = 16, Salt = 32;
    internal const int Head = 10 + 8 + Salt;
    internal static ReadOnlySpan<byte> Magic => "OCBACKUP1\n"u8;

    internal static AesGcm CipherOf(FernetKey key, ReadOnlySpan<byte> salt)
    {
        byte[] secret = [.. key.Signing, .. key.Encryption];
        Span<byte> own = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, own, salt, "OrderClosr backup 1"u8);
        CryptographicOperations.ZeroMemory(secret);
        var cipher = new AesGcm(own, Proof);
        CryptographicOperations.ZeroMemory(own);
        return cipher;
    }

    internal static void Nonce(Span<byte> nonce, long number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }
}

/// <summary>A backup that cannot be used, and why, in words for the operator.</summary>
public sealed class BackupBroken(string words) : Exception(words);

/// <summary>Seals what is written to it; complete only once <see cref="FinishAsync"/> was called.</summary>
internal sealed class SealingStream : ForwardWriting
{
    private readonly Stream _file;
    private readonly AesGcm _cipher;
    private readonly byte[] _head = new byte[BackupSeal.Head];
    private readonly byte[] _piece = new byte[BackupSeal.Piece], _sealed = new byte[BackupSeal.Piece + BackupSeal.Proof];
    private int _filled;
    private long _number = -1;

    internal SealingStream(Stream file, FernetKey key)
    {
        _file = file;
        BackupSeal.Magic.CopyTo(_head);
        System.Text.Encoding.ASCII.GetBytes(key.Fingerprint, _head.AsSpan(10));
        RandomNumberGenerator.Fill(_head.AsSpan(18));
        _cipher = BackupSeal.CipherOf(key, _head.AsSpan(18));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_filled == _piece.Length) await SealAsync(isLast: false, cancellationToken);
            var taken = Math.Min(buffer.Length, _piece.Length - _filled);
            buffer[..taken].CopyTo(_piece.AsMemory(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    /// <summary>Seals the last piece; without it the file does not open.</summary>
    internal Task FinishAsync(CancellationToken stop) => SealAsync(isLast: true, stop);

    private async Task SealAsync(bool isLast, CancellationToken stop)
    {
        if (_number < 0) await _file.WriteAsync(_head, stop);
        SealPiece(++_number, isLast);
        await _file.WriteAsync(_sealed.AsMemory(0, _filled + BackupSeal.Proof), stop);
        _filled = 0;
    }

    private void SealPiece(long number, bool isLast)
    {
        Span<byte> nonce = stackalloc byte[12];
        BackupSeal.Nonce(nonce, number, isLast);
        _cipher.Encrypt(nonce, _piece.AsSpan(0, _filled), _sealed.AsSpan(0, _filled), _sealed.AsSpan(_filled, BackupSeal.Proof), _head);
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_piece);
        _cipher.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Opens what <see cref="SealingStream"/> sealed, piece by piece: nothing comes out of it that was not proven.</summary>
internal sealed class UnsealingStream : ForwardReading
{
    private const string Changed = "The backup is damaged: a part of it is missing or was changed. Nothing of it is used.";

    private readonly Stream _file;
    private readonly byte[] _head;
    private readonly AesGcm _cipher;
    private readonly byte[] _piece = new byte[BackupSeal.Piece];
    private byte[] _sealed = new byte[BackupSeal.Piece + BackupSeal.Proof], _next = new byte[BackupSeal.Piece + BackupSeal.Proof];
    private int _nextLength = -1, _filled, _taken;
    private long _number = -1;
    private bool _ended;

    private UnsealingStream(Stream file, byte[] head, AesGcm cipher) => (_file, _head, _cipher) = (file, head, cipher);

    /// <exception cref="BackupBroken">It is no backup, or none of the keys made it.</exception>
    internal static async Task<UnsealingStream> OpenAsync(Stream file, IReadOnlyList<FernetKey> keys, CancellationToken stop)
    {
        var head = new byte[BackupSeal.Head];
        if (await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop) < head.Length || !head.AsSpan(0, 10).SequenceEqual(BackupSeal.Magic))
            throw new BackupBroken("This is no backup of OrderClosr.");
        var fingerprint = System.Text.Encoding.ASCII.GetString(head, 10, 8);
        var key = keys.FirstOrDefault(k => k.Fingerprint == fingerprint)
            ?? throw new BackupBroken(fingerprint.All(char.IsAsciiHexDigit) ? $"The backup was made with key {fingerprint}, which is not among FERNET_KEYS." : Changed);
        return new(file, head, BackupSeal.CipherOf(key, head.AsSpan(18)));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _filled)
        {
            if (_ended) return 0;
            await OpenNextAsync(cancellationToken);
        }
        var given = Math.Min(buffer.Length, _filled - _taken);
        _piece.AsMemory(_taken, given).CopyTo(buffer);
        _taken += given;
        return given;
    }

    // A piece is the last one when no other follows: so one is always read ahead.
    private async Task OpenNextAsync(CancellationToken stop)
    {
        if (_nextLength < 0) _nextLength = await _file.ReadAtLeastAsync(_next, _next.Length, throwOnEndOfStream: false, stop);
        (_sealed, _next) = (_next, _sealed);
        var length = _nextLength;
        _nextLength = length == _sealed.Length ? await _file.ReadAtLeastAsync(_next, _next.Length, throwOnEndOfStream: false, stop) : 0;
        _ended = _nextLength == 0;
        if (length < BackupSeal.Proof) throw new BackupBroken(Changed);
        OpenPiece(length);
    }

    private void OpenPiece(int length)
    {
        Span<byte> nonce = stackalloc byte[12];
        BackupSeal.Nonce(nonce, ++_number, _ended);
        (_filled, _taken) = (length - BackupSeal.Proof, 0);
        try
        {
            _cipher.Decrypt(nonce, _sealed.AsSpan(0, _filled), _sealed.AsSpan(_filled, BackupSeal.Proof), _piece.AsSpan(0, _filled), _head);
        }
        catch (CryptographicException)
        {
            throw new BackupBroken(Changed);
        }
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_piece);
        _cipher.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A stream that is read once from its beginning to its end, without holding a thread.</summary>
internal abstract class ForwardReading : Stream
{
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This is read without holding a thread.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A stream that is written once from its beginning to its end, without holding a thread.</summary>
internal abstract class ForwardWriting : Stream
{
    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This is written without holding a thread.");
}
