using KgdbSim.Protocol.Replies;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Session;

/// <summary>How a debugger takes leave.</summary>
internal enum Leave : byte
{
    /// <summary>It stays.</summary>
    No,

    /// <summary>It detached or killed: the connection ends.</summary>
    Closing,
}

/// <summary>What the handlers of one session share.</summary>
internal sealed class SessionContext(MachineControl control, PacketLink link)
{
    /// <summary>The machine and its course.</summary>
    public MachineControl Control { get; } = control;

    /// <summary>The machine.</summary>
    public IDebugTarget Target => Control.Target;

    /// <summary>Frames and acknowledgements.</summary>
    public PacketLink Link { get; } = link;

    /// <summary>What the debugger sees as threads.</summary>
    public IThreads Threads => Control.Threads;

    /// <summary>Which thread the debugger means.</summary>
    public ThreadSelection Selection { get; } = new(control.Threads);

    /// <summary>What the debugger can do.</summary>
    public GdbFeatures Offered => Link.Reply.Offered;

    /// <summary>
    /// Whether the debugger asked to outlive the program (<c>!</c>): it may then start it again, and stays when it ends.
    /// </summary>
    public bool IsExtended { get; set; }

    /// <summary>Whether there is a program to debug: not between its end and a restart.</summary>
    public bool HasProcess { get; set; } = true;

    /// <summary>Set by a handler after whose reply the debugger is gone.</summary>
    public Leave Leave { get; set; }

    /// <summary>A stop has been reported: registers and memory are those of the CPU that stopped.</summary>
    public void Focus(int cpu)
    {
        Control.FocusCpu = cpu;
        Selection.Focus(Threads.On(cpu), cpu);
    }
}
