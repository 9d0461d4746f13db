using System.Collections.Immutable;

namespace KgdbSim.Protocol.TargetDescription;

/// <summary>The feature <c>org.gnu.gdb.i386.core</c>, 64-bit form.</summary>
internal static class X64Core
{
    private const string Eflags = "i386_eflags";
    private const string Extended = "i387_ext";
    private const string Float = "float";

    /// <summary>SDM volume 1, section 3.4.3, "EFLAGS Register"; bit 1 is always set and has no name.</summary>
    private static readonly FlagsType EflagsType = new(
        Eflags,
        4,
        [
            new("CF", 0), new("", 1), new("PF", 2), new("AF", 4), new("ZF", 6), new("SF", 7), new("TF", 8),
            new("IF", 9), new("DF", 10), new("OF", 11), new("NT", 14), new("RF", 16), new("VM", 17), new("AC", 18),
            new("VIF", 19), new("VIP", 20), new("ID", 21),
        ]);

    /// <summary>The feature.</summary>
    public static RegisterFeature Feature { get; } = new(
        X64Registers.CoreName,
        [EflagsType],
        [
            new("rax", 64, "int64"), new("rbx", 64, "int64"), new("rcx", 64, "int64"), new("rdx", 64, "int64"),
            new("rsi", 64, "int64"), new("rdi", 64, "int64"), new("rbp", 64, "data_ptr"), new("rsp", 64, "data_ptr"),
            .. Numbered("r", 8, 8, 64, "int64"),
            new("rip", 64, "code_ptr"), new("eflags", 32, Eflags),
            new("cs", 32, "int32"), new("ss", 32, "int32"), new("ds", 32, "int32"),
            new("es", 32, "int32"), new("fs", 32, "int32"), new("gs", 32, "int32"),
            .. Numbered("st", 0, 8, 80, Extended),
            new("fctrl", 32, "int", Float), new("fstat", 32, "int", Float), new("ftag", 32, "int", Float),
            new("fiseg", 32, "int", Float), new("fioff", 32, "int", Float), new("foseg", 32, "int", Float),
            new("fooff", 32, "int", Float), new("fop", 32, "int", Float),
        ]);

    /// <summary>Registers whose names differ only in a number.</summary>
    internal static ImmutableArray<RegisterRow> Numbered(
        string prefix, int first, int count, int bitSize, string type, string suffix = "") =>
    [
        .. Enumerable.Range(first, count)
            .Select(number => new RegisterRow($"{prefix}{number}{suffix}", bitSize, type)),
    ];
}
