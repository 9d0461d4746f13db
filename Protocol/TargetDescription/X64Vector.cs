namespace KgdbSim.Protocol.TargetDescription;

/// <summary>The features <c>org.gnu.gdb.i386.sse</c> and <c>org.gnu.gdb.i386.avx</c>, 64-bit forms.</summary>
internal static class X64Vector
{
    private const string Vector = "vec128";
    private const string Mxcsr = "i386_mxcsr";
    private const int Count = 16;

    /// <summary>SDM volume 1, section 10.2.3, "MXCSR Control and Status Register"; RC has no name in gdb.</summary>
    private static readonly FlagsType MxcsrType = new(
        Mxcsr,
        4,
        [
            new("IE", 0), new("DE", 1), new("ZE", 2), new("OE", 3), new("UE", 4), new("PE", 5), new("DAZ", 6),
            new("IM", 7), new("DM", 8), new("ZM", 9), new("OM", 10), new("UM", 11), new("PM", 12), new("FZ", 15),
        ]);

    /// <summary>XMM0 to XMM15 and MXCSR.</summary>
    public static RegisterFeature Sse { get; } = new(
        X64Registers.SseName,
        [
            new VectorType("v8bf16", "bfloat16", 8),
            new VectorType("v8h", "ieee_half", 8),
            new VectorType("v4f", "ieee_single", 4),
            new VectorType("v2d", "ieee_double", 2),
            new VectorType("v16i8", "int8", 16),
            new VectorType("v8i16", "int16", 8),
            new VectorType("v4i32", "int32", 4),
            new VectorType("v2i64", "int64", 2),
            new UnionType(
                Vector,
                [
                    ("v8_bfloat16", "v8bf16"), ("v8_half", "v8h"), ("v4_float", "v4f"), ("v2_double", "v2d"),
                    ("v16_int8", "v16i8"), ("v8_int16", "v8i16"), ("v4_int32", "v4i32"), ("v2_int64", "v2i64"),
                    ("uint128", "uint128"),
                ]),
            MxcsrType,
        ],
        [.. X64Core.Numbered("xmm", 0, Count, 128, Vector), new("mxcsr", 32, Mxcsr, "vector")]);

    /// <summary>Bits 128 to 255 of YMM0 to YMM15; gdb joins them with the XMM registers.</summary>
    public static RegisterFeature Avx { get; } = new(
        X64Registers.AvxName, [], X64Core.Numbered("ymm", 0, Count, 128, "uint128", suffix: "h"));
}
