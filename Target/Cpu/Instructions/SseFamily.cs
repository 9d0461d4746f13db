using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>SSE to SSE4.2 with XMM operands, AES, PCLMULQDQ, CRC32, FXSAVE and XSAVE.</summary>
internal static class SseFamily
{
    public static void Register(InstructionTable table)
    {
        SseMoveRows.Register(table);
        SseArithmeticRows.Register(table);
        SseShuffleRows.Register(table);
        SseFloatRows.Register(table);
        SseConvertRows.Register(table);
        SseSpecialRows.Register(table);
        Crc32Forms.Register(table);
        FxSave.Register(table);
        XSave.Register(table);
    }
}
