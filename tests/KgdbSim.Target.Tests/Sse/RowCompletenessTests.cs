using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>Every legacy encoding of the SSE families with XMM operands has a row.</summary>
public sealed class RowCompletenessTests
{
    private static readonly CpuidFeature[] Families =
    [
        CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.SSE3, CpuidFeature.SSSE3, CpuidFeature.SSE4_1,
        CpuidFeature.SSE4_2, CpuidFeature.AES, CpuidFeature.PCLMULQDQ, CpuidFeature.FXSR, CpuidFeature.XSAVE,
        CpuidFeature.XSAVEOPT, CpuidFeature.XSAVEC,
    ];

    [Fact]
    public void No_encoding_is_missing()
    {
        var table = new InstructionTable();
        List<Code> missing = [.. Enum.GetValues<Code>().Where(code => BelongsHere(code) && !table.Covers(code))];
        Assert.True(missing.Count == 0, "no row for: " + string.Join(", ", missing));
    }

    [Fact]
    public void No_vex_encoding_is_missing()
    {
        var table = new InstructionTable();
        List<Code> missing = [.. Enum.GetValues<Code>().Where(code => IsAvx(code) && !table.Covers(code))];
        Assert.True(missing.Count == 0, "no row for: " + string.Join(", ", missing));
    }

    private static bool IsAvx(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        return info.IsInstruction && info.Encoding == EncodingKind.VEX && code.CpuidFeatures().All(feature => feature is
            CpuidFeature.AVX or CpuidFeature.AVX2 or CpuidFeature.FMA or CpuidFeature.F16C or CpuidFeature.AES
            or CpuidFeature.PCLMULQDQ);
    }

    /// <summary>Not MMX registers, fences, prefetches or MOVNTI, which other families have.</summary>
    private static bool BelongsHere(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        if (!info.IsInstruction || info.Encoding != EncodingKind.Legacy
            || !code.CpuidFeatures().All(feature => Families.Contains(feature)))
        {
            return false;
        }

        string text = info.ToInstructionString();
        bool xmm = text.Contains("xmm", StringComparison.OrdinalIgnoreCase);
        bool mmx = text.Contains(" mm", StringComparison.Ordinal);
        bool state = code.CpuidFeatures()[0] is CpuidFeature.FXSR or CpuidFeature.XSAVE
            or CpuidFeature.XSAVEOPT or CpuidFeature.XSAVEC;
        return (xmm && !mmx) || state || code.Mnemonic() is Mnemonic.Crc32 or Mnemonic.Ldmxcsr or Mnemonic.Stmxcsr;
    }
}
