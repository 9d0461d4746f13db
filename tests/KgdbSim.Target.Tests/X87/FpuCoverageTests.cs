using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Tests.X87;

/// <summary>No x87 or MMX encoding that the processor advertises is without a row.</summary>
public sealed class FpuCoverageTests
{
    // Gone with the processors that had them.
    private static readonly CpuidFeature[] Foreign =
    [
        CpuidFeature.FPU287XL_ONLY, CpuidFeature.FPU387SL_ONLY, CpuidFeature.CYRIX_FPU, CpuidFeature.CYRIX_EMMI,
        CpuidFeature.CYRIX_D3NOW, CpuidFeature.D3NOW, CpuidFeature.D3NOWEXT,
    ];

    [Fact]
    public void Every_x87_encoding_has_a_row() =>
        AssertCovered(code => code.ToString()[0] == 'F' && IsX87(code) || code == Code.Wait);

    [Fact]
    public void Every_encoding_with_an_MMX_register_has_a_row() => AssertCovered(HasMmxOperand);

    private static void AssertCovered(Func<Code, bool> wanted)
    {
        InstructionTable table = new();
        Code[] codes = [.. Enum.GetValues<Code>().Where(code => wanted(code) && !IsForeign(code))];
        Code[] missing = [.. codes.Where(code => !table.Covers(code))];
        Assert.True(missing.Length == 0, $"no row for {string.Join(", ", missing)}");
        Assert.True(codes.Length > 100, $"only {codes.Length} encodings were found");
    }

    private static bool IsForeign(Code code) => code.CpuidFeatures().Any(Foreign.Contains);

    // With the WAIT prefix 9B written into the opcode, an encoding is two instructions to the processor.
    private static bool IsX87(Code code) =>
        code.CpuidFeatures()[0] is CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387
        && !code.ToOpCode().ToOpCodeString().StartsWith("9B", StringComparison.Ordinal);

    private static bool HasMmxOperand(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        return info.Encoding == EncodingKind.Legacy && Enumerable.Range(0, info.OpCount).Any(
            i => info.GetOpKind(i)
                is OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm or OpCodeOperandKind.mm_or_mem);
    }
}
