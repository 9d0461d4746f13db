using System.Globalization;
using System.Text.Json;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Float;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Tests.X87;

/// <summary>
/// The x87 state as FORMAT.md, beside the recordings, has it: registers relative to TOP, abridged tags.
/// </summary>
internal sealed record FpuImage(ushort Control, ushort Status, byte Tags, Float80[] Registers)
{
    public static FpuImage Parse(JsonElement fp) => new(
        (ushort)Number(fp.GetProperty("cw")),
        (ushort)Number(fp.GetProperty("sw")),
        (byte)Number(fp.GetProperty("tw")),
        [.. fp.GetProperty("st").EnumerateArray().Select(Register)]);

    public static unsafe FpuImage Of(CpuState* s)
    {
        var registers = new Float80[8];
        for (int i = 0; i < 8; i++)
        {
            registers[i] = X87Stack.Read(s, i);
        }

        return new FpuImage(s->Fcw, s->Fsw, s->Ftw, registers);
    }

    public unsafe void Load(CpuState* s)
    {
        s->Fcw = Control;
        s->Fsw = Status;
        for (int i = 0; i < 8; i++)
        {
            X87Stack.Write(s, i, Registers[i]);
        }

        s->Ftw = Tags;
    }

    /// <summary>How <paramref name="got"/> differs from this; registers that are empty here are not compared.</summary>
    public IEnumerable<string> Differences(FpuImage got, int undefinedStatus)
    {
        if (Control != got.Control)
        {
            yield return $"cw expected {Control:x}, got {got.Control:x}";
        }

        if (((Status ^ got.Status) & ~undefinedStatus) != 0)
        {
            yield return $"sw expected {Status:x}, got {got.Status:x}";
        }

        if (Tags != got.Tags)
        {
            yield return $"tw expected {Tags:x}, got {got.Tags:x}";
        }

        int top = Status >> 11 & 7;
        for (int i = 0; i < 8; i++)
        {
            bool full = (Tags >> ((top + i) & 7) & 1) != 0;
            if (full && Registers[i] != got.Registers[i])
            {
                yield return $"st{i} expected {Text(Registers[i])}, got {Text(got.Registers[i])}";
            }
        }
    }

    public override string ToString() =>
        $"cw {Control:x} sw {Status:x} tw {Tags:x} {string.Join(' ', Registers.Select(Text))}";

    private static string Text(Float80 value) => $"{value.SignExponent:x4}:{value.Significand:x16}";

    private static ulong Number(JsonElement element) =>
        ulong.Parse(element.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static Float80 Register(JsonElement element)
    {
        byte[] bytes = Convert.FromHexString(element.GetString()!);
        return new Float80(BitConverter.ToUInt64(bytes), BitConverter.ToUInt16(bytes, 8));
    }
}
