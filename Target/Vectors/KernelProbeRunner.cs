using System.Text;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// Runs kernel probes at CPL 0 and compares the events. Their handler logs, clears DR6, lets an execution breakpoint's
/// instruction through by RF, and ends the probe at any exception but #DB and #BP. RF in the pushed flags is not
/// compared: the emulators of the recording differ in it.
/// </summary>
internal sealed unsafe class KernelProbeRunner : IDisposable
{
    private const ulong CodeStart = 0x4000_0100;
    private const ulong Buffer = VectorMachine.DataLinear + 0x800;
    private const ulong Watched = Buffer + 16;
    private const ulong Output = VectorMachine.DataLinear + 0xA00;
    private const ulong StackTop = VectorMachine.DataLinear + 0x1C00;
    private const int EventsMax = 40;

    private readonly VectorMachine _machine;
    private readonly HaltingKernel _kernel;
    private readonly VectorRecord _state = new();

    public KernelProbeRunner(InstructionTable instructions)
    {
        _machine = new VectorMachine(instructions);
        _kernel = new HaltingKernel(_machine);
    }

    private CpuState* State => _machine.Cpu.State;

    /// <summary>Runs one probe that has a body; null if its events are as recorded, else what differs.</summary>
    public string? Run(KernelProbe probe)
    {
        byte[] code = new ProbeAssembler(CodeStart, Buffer, Output).Assemble(probe.Body ?? "");
        Load(probe, code);
        List<ProbeEvent> events = [];
        while (events.Count < EventsMax && _kernel.Run(out HaltedFrame frame))
        {
            // The filling INT3 behind the body ends the probe.
            bool behind = frame.Vector == Vector.Breakpoint && frame.Rip > CodeStart + (ulong)code.Length;
            if (behind)
            {
                break;
            }

            events.Add(new ProbeEvent(
                frame.Vector, (long)(frame.Rip - CodeStart), State->Dr6, State->Dr7, frame.Flags, frame.ErrorCode));
            if (frame.Vector is not (Vector.Debug or Vector.Breakpoint))
            {
                break;
            }

            Resume(frame);
        }

        return Compare(probe, code, events);
    }

    public void Dispose()
    {
        _kernel.Dispose();
        _machine.Dispose();
    }

    private void Load(KernelProbe probe, byte[] code)
    {
        _state.Before.Rip = CodeStart;
        _state.MemoryAddress = VectorMachine.DataLinear;
        _state.CodeLength = code.Length;
        code.CopyTo(_state.Code, 0);
        _machine.Load(_state);
        CpuState* s = State;
        _kernel.Install();
        s->Cs = new SegmentRegister { Selector = 0x10, Limit = uint.MaxValue, Attributes = 0xA09B };
        s->Ss = new SegmentRegister { Selector = 0x18, Limit = uint.MaxValue, Attributes = 0xC093 };
        s->Cpl = 0;
        s->Cr4 &= ~(ControlBits.Cr4Smep | ControlBits.Cr4Smap | ControlBits.Cr4De);
        s->Cr4 |= probe.DebugExtensions ? ControlBits.Cr4De : 0;
        s->Gpr[Gpr.Rsp] = StackTop;
        s->Dr6 = Dr6Bits.Fixed;
        s->Dr[0] = s->Dr[1] = ProbeExpression.Evaluate(probe.Dr0, Watched, CodeStart, CodeStart + (ulong)code.Length);
        s->Dr7 = ProbeExpression.Evaluate(probe.Dr7, 0, 0, 0);
        s->Repeating = s->MovSsShadow = s->StiShadow = 0;
        s->PendingDebug = 0;
        s->Activity = ActivityState.Running;

        // Probes ran one after the other, with IF as the one before had left it.
        bool interrupts = probe.Events.Any(e => (e.Flags & Flags.If) != 0);
        _machine.Cpu.SetRflags(Flags.Pf | (interrupts ? Flags.If : 0));
        _machine.Cpu.Debug.RegistersChanged();
        _machine.Cpu.TranslationChanged();
    }

    private void Resume(in HaltedFrame frame)
    {
        CpuState* s = State;
        bool atBreakpoint = frame.Vector == Vector.Debug
            && (s->Dr6 & 1) != 0
            && Dr7Bits.Kind(s->Dr7, 0) == Dr7Bits.Execute;
        s->Dr6 = Dr6Bits.Fixed;
        s->Gpr[Gpr.Rsp] = frame.Rsp;
        s->Rip = frame.Rip;
        s->Activity = ActivityState.Running;
        _machine.Cpu.SetRflags(frame.Flags | (atBreakpoint ? Flags.Rf : 0));
    }

    private string? Compare(KernelProbe probe, byte[] code, List<ProbeEvent> events)
    {
        bool same = events.Count == probe.Events.Length;
        for (int i = 0; same && i < events.Count; i++)
        {
            same = (events[i] with { Flags = events[i].Flags & ~Flags.Rf })
                == (probe.Events[i] with { Flags = (probe.Events[i].Flags | Flags.Reserved1) & ~Flags.Rf });
        }

        for (int i = 0; i < probe.Outputs.Length; i++)
        {
            same &= probe.Outputs[i] == null || probe.Outputs[i] == Stored(i);
        }

        if (same)
        {
            return null;
        }

        var report = new StringBuilder();
        report.AppendLine($"probe {probe.Name} [{probe.Verdict}]: {probe.Body}");
        report.AppendLine($"  code {Convert.ToHexStringLower(code)}, dr0 {probe.Dr0}, dr7 {probe.Dr7}");
        List(report, "expected", probe.Events);
        List(report, "got", events);
        report.AppendLine(
            $"  outputs expected {probe.Outputs[0]:x} {probe.Outputs[1]:x}, got {Stored(0):x} {Stored(1):x}");
        return report.ToString();
    }

    private static void List(StringBuilder report, string what, IEnumerable<ProbeEvent> events)
    {
        foreach (ProbeEvent e in events)
        {
            report.AppendLine($"  {what,-8} {e}");
        }
    }

    private ulong Stored(int index)
    {
        Span<byte> raw = stackalloc byte[8];
        _machine.ReadData(Output + (ulong)(8 * index), raw);
        return BitConverter.ToUInt64(raw);
    }
}
