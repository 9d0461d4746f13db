using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;

namespace KgdbSim.Target.Tests.Debugging;

/// <summary>One event of a run: which, where RIP was pushed to, and DR6 in its handler.</summary>
internal readonly record struct DebugEvent(int Vector, long Offset, ulong Dr6)
{
    public override string ToString() => $"#{Vector} +{Offset} {Dr6:x}";
}

/// <summary>
/// Runs code at CPL 0 with debug registers set and lists the exceptions, its handlers behaving as a kernel's do.
/// </summary>
internal sealed unsafe class DebugMachine(CpuModel? model = null) : IDisposable
{
    public const ulong Start = TrapMachine.CodeStart;
    public const ulong Data = TrapMachine.DataStart;

    public TrapMachine Machine { get; } = new(model: model);

    public CpuState* State => Machine.State;

    /// <summary>Pushed flags of the events of the last run.</summary>
    public List<ulong> PushedFlags { get; } = [];

    public DebugMachine Load(Action<Assembler> code)
    {
        Machine.Load(code);
        return this;
    }

    /// <summary>Sets DRn globally enabled; <paramref name="kind"/> is the R/W field.</summary>
    public DebugMachine Set(int n, ulong address, int kind, int length = 1)
    {
        ulong encoded = length switch { 1 => 0UL, 2 => 1, 4 => 3, _ => 2 };
        State->Dr[n] = address;
        State->Dr7 |= Dr7Bits.Fixed | (2UL << (2 * n)) | ((ulong)kind << (16 + (4 * n))) | (encoded << (18 + (4 * n)));
        Machine.Core.Debug.RegistersChanged();
        return this;
    }

    public DebugMachine Execute(int n, long offset) => Set(n, Start + (ulong)offset, Dr7Bits.Execute);

    public DebugMachine Write(int n, ulong address, int length = 1) => Set(n, address, Dr7Bits.Write, length);

    public DebugMachine Access(int n, ulong address, int length = 1) => Set(n, address, Dr7Bits.ReadWrite, length);

    public DebugMachine WithFlags(ulong flags)
    {
        Machine.SetFlags(flags);
        return this;
    }

    /// <summary>
    /// Runs to the code's HLT. After a #DB DR6 is cleared, and RF set if an execution breakpoint was met; any fault but
    /// #DB ends the list.
    /// </summary>
    public DebugEvent[] Run(int eventsMax = 40)
    {
        List<DebugEvent> events = [];
        while (events.Count < eventsMax)
        {
            Machine.RunToHalt();
            ulong handler = State->Rip - 1 - TrapMachine.Handlers;
            if (handler >= 16 * 256)
            {
                return [.. events];
            }

            Frame frame = Machine.FrameAt((int)(handler / 16), State->Gpr[Gpr.Rsp]);
            events.Add(new DebugEvent(frame.Vector, (long)(frame.Rip - Start), State->Dr6));
            PushedFlags.Add(frame.Flags);
            if (frame.Vector is not (Vector.Debug or Vector.Breakpoint))
            {
                return [.. events];
            }

            bool breakpoint = frame.Vector == Vector.Debug
                && Machine.Core.Debug.ExecuteHits(frame.Rip) != 0
                && (State->Dr6 & (Dr6Bits.Breakpoints | Dr6Bits.SingleStep)) == Machine.Core.Debug.ExecuteHits(frame.Rip);
            State->Dr6 = Dr6Bits.Fixed;
            Machine.Resume(frame, breakpoint ? frame.Flags | Flags.Rf : frame.Flags);
        }

        return [.. events];
    }

    public void Dispose() => Machine.Dispose();
}
