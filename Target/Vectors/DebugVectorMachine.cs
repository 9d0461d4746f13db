using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// The machine of the instruction vectors, run as the debugger that recorded the debug exceptions ran its child.
/// </summary>
internal sealed unsafe class DebugVectorMachine : IDisposable
{
    private readonly VectorMachine _machine;
    private readonly HaltingKernel _kernel;
    private readonly VectorRecord _state = new();

    public DebugVectorMachine(InstructionTable instructions)
    {
        _machine = new VectorMachine(instructions);
        _kernel = new HaltingKernel(_machine);
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
        _kernel.Install();
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
        while (_kernel.Run(out HaltedFrame frame))
        {
            if ((frame.Cs & 3) == 3)
            {
                return Stop(frame, codeEnd);
            }

            // A debug trap that MOV SS held off until the kernel was entered: Linux takes no notice of it.
            s->Activity = ActivityState.Running;
            s->Rip = frame.Rip;
            s->Gpr[Gpr.Rsp] = frame.Rsp;
        }

        return null;
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
        _kernel.Dispose();
        _machine.Dispose();
    }

    private DebugStop Stop(HaltedFrame frame, ulong codeEnd)
    {
        CpuState* s = State;
        ulong dr6 = s->Dr6;
        DebugStopKind kind = frame.Vector switch
        {
            Vector.Debug when (dr6 & Dr6Bits.SingleStep) != 0 => DebugStopKind.Step,
            Vector.Debug => (dr6 & Dr6Bits.Breakpoints) != 0 ? DebugStopKind.Hardware : DebugStopKind.Icebp,
            Vector.Breakpoint => frame.Rip > codeEnd ? DebugStopKind.End : DebugStopKind.Int3,
            _ => DebugStopKind.Fault,
        };
        return new DebugStop(
            kind,
            dr6,
            kind == DebugStopKind.End ? frame.Rip - 1 : frame.Rip,
            frame.Flags,
            s->Gpr[Gpr.Rcx],
            s->Gpr[Gpr.Rsi],
            s->Gpr[Gpr.Rdi],
            frame.Rsp,
            kind == DebugStopKind.Fault ? Signal(frame.Vector) : 0);
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

    private void EnterUser(ulong rsp, ulong rip, ulong flags)
    {
        CpuState* s = State;
        s->Cs = new SegmentRegister { Selector = 0x33, Limit = uint.MaxValue, Attributes = 0xA0FB };
        s->Ss = new SegmentRegister { Selector = 0x2B, Limit = uint.MaxValue, Attributes = 0xC0F3 };
        s->Cpl = 3;
        s->Gpr[Gpr.Rsp] = rsp;
        s->Rip = rip;
        s->Activity = ActivityState.Running;
        _machine.Cpu.SetRflags(flags);
        _machine.Cpu.TranslationChanged();
    }
}
