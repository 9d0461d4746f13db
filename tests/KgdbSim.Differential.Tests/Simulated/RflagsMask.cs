using Iced.Intel;

namespace KgdbSim.Differential.Tests.Simulated;

/// <summary>Iced's flag bits as RFLAGS and x87 status bits.</summary>
internal static class RflagsMask
{
    public const ushort C0 = 0x100;
    public const ushort C1 = 0x200;
    public const ushort C2 = 0x400;
    public const ushort C3 = 0x4000;

    public static ulong Flags(RflagsBits bits) =>
        Bit(bits, RflagsBits.OF, KgdbSim.Target.Cpu.Flags.Of) | Bit(bits, RflagsBits.SF, KgdbSim.Target.Cpu.Flags.Sf)
        | Bit(bits, RflagsBits.ZF, KgdbSim.Target.Cpu.Flags.Zf) | Bit(bits, RflagsBits.AF, KgdbSim.Target.Cpu.Flags.Af)
        | Bit(bits, RflagsBits.CF, KgdbSim.Target.Cpu.Flags.Cf) | Bit(bits, RflagsBits.PF, KgdbSim.Target.Cpu.Flags.Pf);

    public static ushort Status(RflagsBits bits) =>
        (ushort)(Bit(bits, RflagsBits.C0, C0) | Bit(bits, RflagsBits.C1, C1)
            | Bit(bits, RflagsBits.C2, C2) | Bit(bits, RflagsBits.C3, C3));

    private static ulong Bit(RflagsBits bits, RflagsBits bit, ulong value) => (bits & bit) != 0 ? value : 0;
}
