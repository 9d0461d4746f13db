using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>Puts a stop into the words of a stop reply.</summary>
internal static class StopReporter
{
    /// <summary>The registers that gdb wants at every stop: RBP, RSP and RIP, as gdbserver sends them.</summary>
    private static readonly int[] Expedited = [6, 7, InstructionPointer.Number];

    /// <summary>Writes the stop of one CPU.</summary>
    public static void Write(ReplyWriter reply, SessionContext context, StopEvent stop)
    {
        DebugThread thread = context.Threads.On(stop.Cpu);
        StopReply words = StopReply.Stopped(reply, SignalOf(stop.Kind));
        words = stop.Kind switch
        {
            StopKind.SoftwareBreakpoint => words.SoftwareBreak(),
            StopKind.HardwareBreakpoint => words.HardwareBreak(),
            StopKind.WriteWatch => words.Watch(WatchKind.Write, stop.Address),
            StopKind.ReadWatch => words.Watch(WatchKind.Read, stop.Address),
            StopKind.AccessWatch => words.Watch(WatchKind.Access, stop.Address),
            _ => words,
        };
        words = words.Thread(thread.Id).Core(stop.Cpu);
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        foreach (int number in Expedited)
        {
            int size = thread.Context == stop.Cpu ? context.Target.ReadRegister(stop.Cpu, number, value) : 0;
            if (size > 0)
            {
                _ = words.Register(number, value[..size]);
            }
        }
    }

    private static GdbSignal SignalOf(StopKind kind) => kind switch
    {
        StopKind.Interrupted => GdbSignal.Interrupt,
        StopKind.Shutdown => GdbSignal.Abort,
        _ => GdbSignal.Trap,
    };
}
