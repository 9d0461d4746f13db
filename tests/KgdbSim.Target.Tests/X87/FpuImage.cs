using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Float;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Tests.X87;

/// <summary>
/// The x87 state to be compared and printed: registers relative to TOP, abridged tags.
/// </summary>
internal sealed record FpuImage(ushort Control, ushort Status, byte Tags, Float80[] Registers)
{
    public static unsafe FpuImage Of(CpuState* s)
    {
        var registers = new Float80[8];
        for (int i = 0; i < 8; i++)
        {
            registers[i] = X87Stack.Read(s, i);
        }

        return new FpuImage(s->Fcw, s->Fsw, s->Ftw, registers);
    }

    public override string ToString() =>
        $"cw {Control:x} sw {Status:x} tw {Tags:x} {string.Join(' ', Registers.Select(Text))}";

    private static string Text(Float80 value) => $"{value.SignExponent:x4}:{value.Significand:x16}";
}
