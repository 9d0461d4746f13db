using System.Buffers.Binary;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// A kernel under the code of a <see cref="VectorMachine"/>: an interrupt table whose handlers are HLTs, a TSS and a
/// stack. Which exception was delivered is read from the handler reached, what was pushed from the stack.
/// </summary>
internal sealed unsafe class HaltingKernel : IDisposable
{
    private const ulong KernelLinear = 0xFFFF_FFFF_8000_1000;
    private const ulong FirstFrame = 0x30;
    private const ulong IdtOffset = 0;
    private const ulong TssOffset = 0x1000;
    private const ulong HandlerOffset = 0x1800;
    private const ulong StackTopOffset = 0x4000;
    private const ulong HandlerSpacing = 16;
    private const int KernelPages = 4;
    private const int VectorCount = 32;
    private const ushort KernelCode = 0x10;
    private const byte Hlt = 0xF4;
    private const byte InterruptGate = 0x8E;

    // #BP and #OF have gates for user code, as in Linux.
    private const byte UserInterruptGate = 0xEE;
    private const long StepsPerStop = 100_000;

    private readonly VectorMachine _machine;

    public HaltingKernel(VectorMachine machine)
    {
        _machine = machine;
        var fabric = new LoneFabric();
        var apic = new LocalApic(machine.Cpu, fabric);
        fabric.Add(apic);
        Processor = new Vcpu(machine.Cpu, apic);
        for (ulong i = 0; i < KernelPages; i++)
        {
            machine.MapKernel(KernelLinear + (i << PhysicalPage.Shift), FirstFrame + i);
        }

        Write(TssOffset + 4, KernelLinear + StackTopOffset);
        for (ulong vector = 0; vector < VectorCount; vector++)
        {
            AddHandler(vector);
        }
    }

    public Vcpu Processor { get; }

    /// <summary>Points the processor to the tables.</summary>
    public void Install()
    {
        CpuState* s = _machine.Cpu.State;
        s->IdtrBase = KernelLinear + IdtOffset;
        s->IdtrLimit = VectorCount * 16 - 1;
        s->Tr = new SegmentRegister
        {
            Selector = 0x40, Base = KernelLinear + TssOffset, Limit = 0x67, Attributes = 0x8B,
        };
    }

    /// <summary>Runs to the next handler; false if none is reached.</summary>
    public bool Run(out HaltedFrame frame)
    {
        frame = default;
        VcpuStop stop;
        do
        {
            stop = Processor.Run(StepsPerStop);
        }
        while (stop == VcpuStop.Pause);
        CpuState* s = _machine.Cpu.State;
        ulong handler = s->Rip - 1 - (KernelLinear + HandlerOffset);
        if (stop != VcpuStop.Halted || handler >= VectorCount * HandlerSpacing)
        {
            return false;
        }

        var vector = (int)(handler / HandlerSpacing);
        bool hasError = vector is 8 or (>= 10 and <= 14) or 17;
        ulong at = s->Gpr[Gpr.Rsp];
        ulong error = hasError ? Read(at) : 0;
        at += hasError ? 8u : 0;
        frame = new HaltedFrame(
            vector, (uint)error, Read(at), (ushort)Read(at + 8), Read(at + 16), Read(at + 24), (ushort)Read(at + 32));
        return true;
    }

    public void Dispose() => Processor.Apic.Dispose();

    private ulong Read(ulong linear)
    {
        Span<byte> raw = stackalloc byte[8];
        return _machine.Cpu.Mmu.Peek(linear, out ulong physical) && Copy(physical, raw)
            ? BinaryPrimitives.ReadUInt64LittleEndian(raw)
            : 0;
    }

    private bool Copy(ulong physical, Span<byte> raw)
    {
        _machine.Memory.Read(physical, raw);
        return true;
    }

    private void AddHandler(ulong vector)
    {
        ulong handler = KernelLinear + HandlerOffset + (vector * HandlerSpacing);
        byte type = vector is Vector.Breakpoint or Vector.Overflow ? UserInterruptGate : InterruptGate;
        ulong low = (handler & 0xFFFF) | ((ulong)KernelCode << 16) | ((ulong)type << 40)
            | ((handler & 0xFFFF_0000) << 32);
        Write(IdtOffset + (vector * 16), low);
        Write(IdtOffset + (vector * 16) + 8, handler >> 32);
        _machine.Memory.Write(Physical(HandlerOffset + (vector * HandlerSpacing)), [Hlt]);
    }

    private void Write(ulong offset, ulong value)
    {
        Span<byte> raw = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(raw, value);
        _machine.Memory.Write(Physical(offset), raw);
    }

    private static ulong Physical(ulong offset) => (FirstFrame << PhysicalPage.Shift) + offset;
}

/// <summary>What an exception pushed, and which it was.</summary>
internal readonly record struct HaltedFrame(
    int Vector, uint ErrorCode, ulong Rip, ushort Cs, ulong Flags, ulong Rsp, ushort Ss);
