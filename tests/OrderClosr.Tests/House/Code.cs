using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;

namespace OrderClosr.Tests.House;

/// <summary>What each class of the app really uses, read from the compiled code: signatures and every instruction.</summary>
internal static class Code
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>Every use of one of our own types or members, by the outermost type that uses it.</summary>
    internal static ImmutableList<Use> Uses { get; } = [.. typeof(App).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("OrderClosr", StringComparison.Ordinal) == true).SelectMany(UsesOf).Distinct()];

    /// <param name="Owner">The outermost type in whose code it stands.</param>
    /// <param name="Type">The used type (an element of it, where it is generic).</param>
    /// <param name="Member">The used member; null for a type in a signature.</param>
    internal sealed record Use(Type Owner, Type Type, string? Member);

    internal static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type;
    }

    private static IEnumerable<Use> UsesOf(Type type)
    {
        var owner = Outermost(type);
        var types = new List<Type>();
        if (type.BaseType is not null) types.Add(type.BaseType);
        types.AddRange(type.GetInterfaces());
        types.AddRange(type.GetFields(All).Select(f => f.FieldType));
        types.AddRange(type.GetProperties(All).Select(p => p.PropertyType));
        var uses = new List<Use>();
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            types.AddRange(method.GetParameters().Select(p => p.ParameterType));
            if (method is MethodInfo info) types.Add(info.ReturnType);
            foreach (var member in MembersIn(method))
                switch (member)
                {
                    case Type used:
                        types.Add(used);
                        break;
                    default:
                        uses.AddRange(Elements(member.DeclaringType!).Select(t => new Use(owner, t, member.Name)));
                        if (member is MethodInfo { IsGenericMethod: true } generic) types.AddRange(generic.GetGenericArguments());
                        break;
                }
        }
        return uses.Concat(types.SelectMany(Elements).Select(t => new Use(owner, t, null))).Where(u => u.Type.Assembly == typeof(App).Assembly && Outermost(u.Type) != owner);
    }

    private static IEnumerable<Type> Elements(Type type)
    {
        if (type.HasElementType) return Elements(type.GetElementType()!);
        if (type.IsGenericParameter) return [];
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Elements).Append(type.GetGenericTypeDefinition()) : [type];
    }

    private static IEnumerable<MemberInfo> MembersIn(MethodBase method)
    {
        byte[]? il = null;
        try
        {
            il = method.GetMethodBody()?.GetILAsByteArray();
        }
        catch (FileNotFoundException)
        {
            // A local of a type whose assembly is not here: nothing of ours.
        }
        if (il is null) yield break;
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < il.Length;)
        {
            var value = il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at];
            var code = OpCodesByValue[value];
            at += code.Size;
            switch (code.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok:
                    MemberInfo? member = null;
                    try
                    {
                        member = method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments);
                    }
                    catch (Exception error) when (error is FileNotFoundException or TypeLoadException)
                    {
                        // Of an assembly that is not here: nothing of ours.
                    }
                    if (member is Type || member?.DeclaringType is not null) yield return member!;
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(il, at));
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }
}
