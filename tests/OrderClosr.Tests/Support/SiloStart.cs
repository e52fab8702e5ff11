using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace OrderClosr.Tests.Support;

/// <summary>A silo that is made asks for the size of the heap after all garbage is gone: two full collections, during which every other test stands still. A run makes a thousand silos, and the longer
/// it lasts the more of it they took, a third in the end. In this process the question is put without the collections; the app as a process of its own keeps Orleans as it is.</summary>
internal static class SiloStart
{
    private const byte False = 0x16, True = 0x17, Call = 0x28; // ldc.i4.0, ldc.i4.1, call

    /// <summary>Changes the copy beside the tests before anything of it is loaded.</summary>
    [ModuleInitializer]
    internal static void AskWithoutCollecting()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Orleans.Runtime.dll");
        var bytes = File.ReadAllBytes(path);
        using var file = new PEReader(new MemoryStream(bytes));
        var names = file.GetMetadataReader();
        var question = names.MemberReferences.Single(m => names.StringComparer.Equals(names.GetMemberReference(m).Name, nameof(GC.GetTotalMemory)));
        Span<byte> asked = [True, Call, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(asked[2..], MetadataTokens.GetToken(question));
        var at = bytes.AsSpan().IndexOf(asked);
        if (at < 0) return; // by an earlier run
        bytes[at] = False;
        var changed = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(changed, bytes);
        File.Move(changed, path, overwrite: true);
    }
}
