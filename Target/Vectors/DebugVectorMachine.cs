using System.Buffers.Binary;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// The machine of the instruction vectors with a kernel under the user code: an interrupt table whose handlers are HLTs,
/// a TSS and a stack. What delivered an exception is read from the handler reached, what it pushed from the stack.
/// </summary>
internal sealed unsafe class DebugVectorMachine : IDisposable
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
    private const ushort UserCode = 0x33;
    private const byte Hlt = 0xF4;
    private const byte InterruptGate = 0x8E;

    // #BP and #OF have gates for user code, as in Linux.
    private const byte UserInterruptGate = 0xEE;
    private const long StepsPerStop = 100_000;

    private readonly VectorMachine _machine;
    private readonly VectorRecord _state = new();
    private readonly Vcpu _vcpu;

    public DebugVectorMachine(InstructionTable instructions)
    {
        _machine = new VectorMachine(instructions);
        var fabric = new LoneFabric();
        var apic = new LocalApic(_machine.Cpu, fabric);
        fabric.Add(apic);
        _vcpu = new Vcpu(_machine.Cpu, apic);
        BuildKernel();
        _machine.UnmapReadOnlyPage();
    }

    private CpuState* State => _machine.Cpu.State;

    /// <summary>Puts memory and the processor into a record's first state.</summary>
    public void Load(DebugVectorRecord record)
    {
        _state.Id = record.Id;
        _state.Before.Rip = record.Rip;
        _state.Before.Flags = record.Flags;
        _state.MemoryAddress = VectorMachine.DataLinear;
        _state.CodeLength = record.Code.Length;
        record.Code.CopyTo(_state.Code, 0);
        record.Gpr.CopyTo(_state.Before.Gpr, 0);
        _machine.Load(_state);
        foreach ((ulong address, byte[] bytes) in record.Memory)
        {
            _machine.WriteData(address, bytes);
        }

        CpuState* s = State;
        EnterUser(s->Gpr[Gpr.Rsp], record.Rip, record.Flags);
        s->IdtrBase = KernelLinear + IdtOffset;
        s->IdtrLimit = VectorCount * 16 - 1;
        s->Tr = new SegmentRegister
        {
            Selector = 0x40, Base = KernelLinear + TssOffset, Limit = 0x67, Attributes = 0x8B,
        };
        s->Gs = default;
        SetVectorRegisters(s);
        s->Dr6 = Dr6Bits.Fixed;
        for (int i = 0; i < 4; i++)
        {
            s->Dr[i] = record.Dr[i];
        }

        s->Dr7 = record.Dr7 | Dr7Bits.Fixed;
        s->Repeating = s->MovSsShadow = s->StiShadow = 0;
        s->PendingDebug = 0;
        _machine.Cpu.Debug.RegistersChanged();
    }

    /// <summary>Runs user code to its next exception; null if it does not come to one.</summary>
    /// <param name="codeEnd">Where the code ends and the filling INT3s begin.</param>
    public DebugStop? NextStop(ulong codeEnd)
    {
        CpuState* s = State;
        while (true)
        {
            VcpuStop end = _vcpu.Run(StepsPerStop);
            if (end == VcpuStop.Pause)
            {
                continue;
            }

            if (end != VcpuStop.Halted)
            {
                return null;
            }

            var vector = (int)((s->Rip - 1 - (KernelLinear + HandlerOffset)) / HandlerSpacing);
            ulong frame = s->Gpr[Gpr.Rsp] + (HasErrorCode(vector) ? 8u : 0);
            if (((ushort)Kernel(frame + 8) & 3) == 3)
            {
                return Stop(vector, frame, codeEnd);
            }

            // A debug trap that MOV SS held off until the kernel was entered: Linux takes no notice of it.
            s->Activity = ActivityState.Running;
            s->Rip = Kernel(frame);
            s->Gpr[Gpr.Rsp] = Kernel(frame + 24);
        }
    }

    /// <summary>Goes back to user code as the recording debugger did.</summary>
    /// <param name="stop">What it was told.</param>
    public void Resume(in DebugStop stop)
    {
        CpuState* s = State;
        bool atBreakpoint = false;
        for (int n = 0; n < 4; n++)
        {
            atBreakpoint |= (stop.Dr6 & (1UL << n)) != 0
                && Dr7Bits.Enabled(s->Dr7, n) && Dr7Bits.Kind(s->Dr7, n) == Dr7Bits.Execute;
        }

        s->Dr6 = Dr6Bits.Fixed;
        EnterUser(stop.Rsp, stop.Rip, stop.Flags | (atBreakpoint ? Flags.Rf : 0));
    }

    public void Dispose()
    {
        _vcpu.Apic.Dispose();
        _machine.Dispose();
    }

    private DebugStop Stop(int vector, ulong frame, ulong codeEnd)
    {
        CpuState* s = State;
        ulong rip = Kernel(frame);
        ulong dr6 = s->Dr6;
        DebugStopKind kind = vector switch
        {
            Vector.Debug when (dr6 & Dr6Bits.SingleStep) != 0 => DebugStopKind.Step,
            Vector.Debug => (dr6 & Dr6Bits.Breakpoints) != 0 ? DebugStopKind.Hardware : DebugStopKind.Icebp,
            Vector.Breakpoint => rip > codeEnd ? DebugStopKind.End : DebugStopKind.Int3,
            _ => DebugStopKind.Fault,
        };
        return new DebugStop(
            kind,
            dr6,
            kind == DebugStopKind.End ? rip - 1 : rip,
            Kernel(frame + 16),
            s->Gpr[Gpr.Rcx],
            s->Gpr[Gpr.Rsi],
            s->Gpr[Gpr.Rdi],
            Kernel(frame + 24),
            kind == DebugStopKind.Fault ? Signal(vector) : 0);
    }

    // What they held was not recorded; the flags of comparisons with bytes stored from XMM0 show byte 3 to be 0 and
    // byte 4 to be above 0, as in doublewords that count up.
    private static void SetVectorRegisters(CpuState* s)
    {
        for (int i = 0; i < 16; i++)
        {
            s->Vector[4 * i] = 0x0000_0002_0000_0001;
            s->Vector[(4 * i) + 1] = 0x0000_0004_0000_0003;
        }
    }

    // Linux's signal numbers for the exceptions.
    private static int Signal(int vector) => vector switch
    {
        Vector.DivideError or Vector.FloatingPoint or Vector.SimdFloatingPoint => 8,
        Vector.InvalidOpcode => 4,
        Vector.StackFault or Vector.AlignmentCheck or Vector.SegmentNotPresent => 7,
        _ => 11,
    };

    private static bool HasErrorCode(int vector) => vector is 8 or (>= 10 and <= 14) or 17;

    private void EnterUser(ulong rsp, ulong rip, ulong flags)
    {
        CpuState* s = State;
        s->Cs = new SegmentRegister { Selector = UserCode, Limit = uint.MaxValue, Attributes = 0xA0FB };
        s->Ss = new SegmentRegister { Selector = 0x2B, Limit = uint.MaxValue, Attributes = 0xC0F3 };
        s->Cpl = 3;
        s->Gpr[Gpr.Rsp] = rsp;
        s->Rip = rip;
        s->Activity = ActivityState.Running;
        _machine.Cpu.SetRflags(flags);
        _machine.Cpu.TranslationChanged();
    }

    private ulong Kernel(ulong linear)
    {
        Span<byte> raw = stackalloc byte[8];
        _machine.Memory.Read(Physical(linear - KernelLinear), raw);
        return BinaryPrimitives.ReadUInt64LittleEndian(raw);
    }

    private static ulong Physical(ulong offset) => (FirstFrame << PhysicalPage.Shift) + offset;

    private void BuildKernel()
    {
        for (ulong i = 0; i < KernelPages; i++)
        {
            _machine.MapKernel(KernelLinear + (i << PhysicalPage.Shift), FirstFrame + i);
        }

        Write(TssOffset + 4, KernelLinear + StackTopOffset);
        for (ulong vector = 0; vector < VectorCount; vector++)
        {
            ulong handler = KernelLinear + HandlerOffset + (vector * HandlerSpacing);
            byte type = vector is Vector.Breakpoint or Vector.Overflow ? UserInterruptGate : InterruptGate;
            ulong low = (handler & 0xFFFF) | ((ulong)KernelCode << 16) | ((ulong)type << 40)
                | ((handler & 0xFFFF_0000) << 32);
            Write(IdtOffset + (vector * 16), low);
            Write(IdtOffset + (vector * 16) + 8, handler >> 32);
            _machine.Memory.Write(Physical(HandlerOffset + (vector * HandlerSpacing)), [Hlt]);
        }
    }

    private void Write(ulong offset, ulong value)
    {
        Span<byte> raw = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(raw, value);
        _machine.Memory.Write(Physical(offset), raw);
    }
}
