using Iced.Intel;
using Flags = KgdbSim.Target.Cpu.Flags;

namespace KgdbSim.Target.Vectors;

/// <summary>RFLAGS bits that some instruction of a piece of 64-bit code leaves undefined.</summary>
internal static class UndefinedFlags
{
    public static ulong Of(byte[] code, ulong rip)
    {
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code), rip);
        ulong end = rip + (ulong)code.Length;
        ulong undefined = 0;
        while (decoder.IP < end)
        {
            decoder.Decode(out Instruction instruction);
            undefined |= ToRflags(instruction.RflagsUndefined);
        }

        return undefined;
    }

    private static ulong ToRflags(RflagsBits bits) =>
        ((bits & RflagsBits.CF) != 0 ? Flags.Cf : 0)
        | ((bits & RflagsBits.PF) != 0 ? Flags.Pf : 0)
        | ((bits & RflagsBits.AF) != 0 ? Flags.Af : 0)
        | ((bits & RflagsBits.ZF) != 0 ? Flags.Zf : 0)
        | ((bits & RflagsBits.SF) != 0 ? Flags.Sf : 0)
        | ((bits & RflagsBits.OF) != 0 ? Flags.Of : 0);
}
