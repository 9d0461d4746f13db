using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>The first 24 bytes of an FXSAVE area: the x87 without its registers (SDM vol. 1, table 10-2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct FxControl
{
    [FieldOffset(0)]
    public ushort Fcw;

    [FieldOffset(2)]
    public ushort Fsw;

    /// <summary>Abridged: bit i tells that physical register i is not empty.</summary>
    [FieldOffset(4)]
    public byte Ftw;

    [FieldOffset(6)]
    public ushort Fop;

    /// <summary>With REX.W a whole instruction pointer, else its low half with the selector above bit 32.</summary>
    [FieldOffset(8)]
    public ulong Instruction;

    /// <summary>The same for the data pointer.</summary>
    [FieldOffset(16)]
    public ulong Data;
}

/// <summary>Eight 16-byte registers.</summary>
[InlineArray(16)]
internal struct FxRegisters
{
    private ulong _first;
}

/// <summary>
/// The parts of the legacy area that FXSAVE and XSAVE share, between processor state and memory. Callers have prepared
/// the stores; loads may fault and change nothing.
/// </summary>
internal static unsafe class FxArea
{
    public const int Size = 512;
    private const int MxcsrOffset = 24;
    private const int StackOffset = 32;
    private const int XmmOffset = 160;

    /// <summary>
    /// Control words, pointers and ST(0)..ST(7), the latter in stack order. AMD's processors save opcode and pointers
    /// as zeros unless an unmasked exception is pending.
    /// </summary>
    public static void StoreX87(CpuCore cpu, ulong area, bool stack, bool wide)
    {
        CpuState* s = cpu.State;
        var control = new FxControl
        {
            Fcw = s->Fcw,
            Fsw = s->Fsw,
            Ftw = s->Ftw,
        };
        if (cpu.Model.Vendor != CpuVendor.Amd || (s->Fsw & X87Bits.Summary) != 0)
        {
            control.Fop = s->Fop;
            control.Instruction = wide ? s->Fip : (uint)s->Fip | ((ulong)s->Fcs << 32);
            control.Data = wide ? s->Fdp : (uint)s->Fdp | ((ulong)s->Fds << 32);
        }

        FxRegisters registers = default;
        for (int i = 0; i < 8; i++)
        {
            int physical = Physical(s->Fsw, i);
            registers[2 * i] = s->X87[2 * physical];
            registers[(2 * i) + 1] = (ushort)s->X87[(2 * physical) + 1];
        }

        cpu.Mmu.Store(area, stack, control);
        cpu.Mmu.Store(area + StackOffset, stack, registers);
    }

    /// <summary>MXCSR and MXCSR_MASK.</summary>
    public static void StoreMxcsr(CpuCore cpu, ulong area, bool stack) => cpu.Mmu.Store(
        area + MxcsrOffset, stack, cpu.State->Mxcsr | ((ulong)SseControl.MxcsrMask(cpu.Model) << 32));

    /// <summary>XMM0-XMM7, in 64-bit mode also XMM8-XMM15.</summary>
    public static void StoreXmm(CpuCore cpu, ulong area, bool stack, bool mode64) =>
        StoreHalves(cpu, area + XmmOffset, stack, mode64, 0);

    /// <summary>The upper halves of the YMM registers that the mode has.</summary>
    public static void StoreYmm(CpuCore cpu, ulong area, bool stack, bool mode64) =>
        StoreHalves(cpu, area + XStateComponents.AvxOffset, stack, mode64, 1);

    /// <summary>Reads what <see cref="StoreX87"/> wrote.</summary>
    public static bool LoadX87(CpuCore cpu, ulong area, bool stack, out FxControl control, out FxRegisters registers)
    {
        registers = default;
        return cpu.Mmu.Load(area, stack, out control) && cpu.Mmu.Load(area + StackOffset, stack, out registers);
    }

    /// <summary>Reads MXCSR; #GP(0) for a reserved bit.</summary>
    public static bool LoadMxcsr(CpuCore cpu, ulong area, bool stack, out uint mxcsr)
    {
        if (!cpu.Mmu.Load(area + MxcsrOffset, stack, out mxcsr))
        {
            return false;
        }

        if ((mxcsr & ~SseControl.MxcsrMask(cpu.Model)) == 0)
        {
            return true;
        }

        cpu.GeneralProtection();
        return false;
    }

    /// <summary>Reads the XMM registers that the mode has; the others come out as they are.</summary>
    public static bool LoadXmm(
        CpuCore cpu, ulong area, bool stack, bool mode64, out FxRegisters low, out FxRegisters high) =>
        LoadHalves(cpu, area + XmmOffset, stack, mode64, 0, out low, out high);

    /// <summary>Reads the upper halves of the YMM registers that the mode has; the others come out unchanged.</summary>
    public static bool LoadYmm(
        CpuCore cpu, ulong area, bool stack, bool mode64, out FxRegisters low, out FxRegisters high) =>
        LoadHalves(cpu, area + XStateComponents.AvxOffset, stack, mode64, 1, out low, out high);

    /// <summary>Makes a loaded image the x87's state; ES and B follow from flags and masks.</summary>
    public static void SetX87(CpuState* s, in FxControl control, in FxRegisters registers, bool wide)
    {
        s->Fcw = (ushort)((control.Fcw & X87Bits.ControlWritable) | X87Bits.ControlReserved);
        s->Fop = (ushort)(control.Fop & 0x7FF);
        s->Ftw = control.Ftw;
        s->Fip = wide ? control.Instruction : (uint)control.Instruction;
        s->Fdp = wide ? control.Data : (uint)control.Data;
        s->Fcs = wide ? (ushort)0 : (ushort)(control.Instruction >> 32);
        s->Fds = wide ? (ushort)0 : (ushort)(control.Data >> 32);
        s->Fsw = control.Fsw;
        X87Access.Summarise(s);
        for (int i = 0; i < 8; i++)
        {
            int physical = Physical(s->Fsw, i);
            s->X87[2 * physical] = registers[2 * i];
            s->X87[(2 * physical) + 1] = (ushort)registers[(2 * i) + 1];
        }
    }

    /// <summary>Makes loaded images the XMM registers.</summary>
    public static void SetXmm(CpuState* s, in FxRegisters low, in FxRegisters high) => SetHalves(s, 0, low, high);

    /// <summary>Makes loaded images the upper halves of the YMM registers.</summary>
    public static void SetYmm(CpuState* s, in FxRegisters low, in FxRegisters high) => SetHalves(s, 1, low, high);

    private static int Physical(ushort status, int i) => ((status >> X87Bits.TopShift) + i) & 7;

    private static void StoreHalves(CpuCore cpu, ulong linear, bool stack, bool mode64, int half)
    {
        cpu.Mmu.Store(linear, stack, Halves(cpu.State, 0, half));
        if (mode64)
        {
            cpu.Mmu.Store(linear + (uint)sizeof(FxRegisters), stack, Halves(cpu.State, 8, half));
        }
    }

    private static bool LoadHalves(
        CpuCore cpu, ulong linear, bool stack, bool mode64, int half, out FxRegisters low, out FxRegisters high)
    {
        high = Halves(cpu.State, 8, half);
        return cpu.Mmu.Load(linear, stack, out low)
            && (!mode64 || cpu.Mmu.Load(linear + (uint)sizeof(FxRegisters), stack, out high));
    }

    private static void SetHalves(CpuState* s, int half, in FxRegisters low, in FxRegisters high)
    {
        for (int i = 0; i < 8; i++)
        {
            ulong* first = s->Vector + (4 * i) + (2 * half);
            (first[0], first[1]) = (low[2 * i], low[(2 * i) + 1]);
            ulong* second = s->Vector + (4 * (i + 8)) + (2 * half);
            (second[0], second[1]) = (high[2 * i], high[(2 * i) + 1]);
        }
    }

    private static FxRegisters Halves(CpuState* s, int first, int half)
    {
        FxRegisters registers = default;
        for (int i = 0; i < 8; i++)
        {
            ulong* register = s->Vector + (4 * (first + i)) + (2 * half);
            (registers[2 * i], registers[(2 * i) + 1]) = (register[0], register[1]);
        }

        return registers;
    }
}
