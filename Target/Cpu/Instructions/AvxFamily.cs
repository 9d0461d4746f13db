using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>AVX, AVX2, FMA and F16C, and the VEX forms of AES and PCLMULQDQ.</summary>
internal static class AvxFamily
{
    public static void Register(InstructionTable table)
    {
        AvxMoveRows.Register(table);
        AvxArithmeticRows.Register(table);
        AvxShuffleRows.Register(table);
        AvxFloatRows.Register(table);
        AvxConvertRows.Register(table);
        AvxFmaRows.Register(table);
    }
}
