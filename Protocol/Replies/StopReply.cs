using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Replies;

/// <summary>
/// Builds a stop reply (GDB manual, "Stop Reply Packets"). <see cref="Stopped"/> starts a <c>T</c> packet to which
/// reasons, thread and registers are chained; the others are complete.
/// </summary>
/// <remarks>
/// Example: <c>T05watch:7fe0;thread:p1.2;core:1;</c>. At most one reason may be given; gdb takes <c>swbreak</c> and
/// <c>hwbreak</c> only if it offered them, so they are left out otherwise.
/// </remarks>
public readonly ref struct StopReply
{
    private readonly ReplyWriter _reply;

    private StopReply(ReplyWriter reply) => _reply = reply;

    /// <summary>Replaces the reply by <c>T</c> and the signal.</summary>
    public static StopReply Stopped(ReplyWriter reply, GdbSignal signal)
    {
        reply.Clear();
        reply.Write((byte)'T');
        reply.WriteHexByte((byte)signal);
        return new StopReply(reply);
    }

    /// <summary>Replaces the reply by <c>W</c>: the program ended by itself with <paramref name="exitCode"/>.</summary>
    public static void Exited(ReplyWriter reply, byte exitCode, int process) =>
        Ended(reply, (byte)'W', exitCode, process);

    /// <summary>Replaces the reply by <c>X</c>: the program was ended by <paramref name="signal"/>.</summary>
    public static void Killed(ReplyWriter reply, GdbSignal signal, int process) =>
        Ended(reply, (byte)'X', (byte)signal, process);

    /// <summary>
    /// Replaces the reply by <c>N</c>: nothing that was resumed is left to stop. Only if gdb offered
    /// <c>no-resumed+</c>.
    /// </summary>
    public static void NoneResumed(ReplyWriter reply)
    {
        reply.Clear();
        reply.Write((byte)'N');
    }

    /// <summary>The thread that stopped, in the negotiated form.</summary>
    public StopReply Thread(ThreadId id)
    {
        _reply.Write("thread:"u8);
        _reply.WriteThread(id);
        return End();
    }

    /// <summary>The CPU it stopped on, counted from 0.</summary>
    public StopReply Core(int core)
    {
        _reply.Write("core:"u8);
        _reply.WriteNumber((ulong)core);
        return End();
    }

    /// <summary>The reason is a watchpoint.</summary>
    /// <param name="kind">Which sort of watchpoint was hit.</param>
    /// <param name="dataAddress">The address accessed; gdb looks the watchpoint up by it.</param>
    public StopReply Watch(WatchKind kind, ulong dataAddress)
    {
        _reply.Write(kind switch
        {
            WatchKind.Read => "rwatch:"u8,
            WatchKind.Access => "awatch:"u8,
            _ => "watch:"u8,
        });
        _reply.WriteNumber(dataAddress);
        return End();
    }

    /// <summary>The reason is a software breakpoint, and the program counter points at it, not behind it.</summary>
    public StopReply SoftwareBreak() => Mark(GdbFeatures.SoftwareBreak, "swbreak:"u8);

    /// <summary>The reason is a hardware breakpoint.</summary>
    public StopReply HardwareBreak() => Mark(GdbFeatures.HardwareBreak, "hwbreak:"u8);

    /// <summary>The reason is that reverse execution, or replay, has nothing further in its direction.</summary>
    public StopReply ReplayLog(ReplayLogEnd end)
    {
        _reply.Write(end == ReplayLogEnd.Begin ? "replaylog:begin"u8 : "replaylog:end"u8);
        return End();
    }

    /// <summary>A register sent along so that gdb need not ask.</summary>
    /// <param name="number">Its number in the target description.</param>
    /// <param name="value">Its bytes in memory order.</param>
    public StopReply Register(int number, ReadOnlySpan<byte> value)
    {
        _reply.WriteNumber((ulong)number);
        _reply.Write((byte)':');
        _reply.WriteHex(value);
        return End();
    }

    private static void Ended(ReplyWriter reply, byte letter, byte value, int process)
    {
        reply.Clear();
        reply.Write(letter);
        reply.WriteHexByte(value);
        if ((reply.Offered & GdbFeatures.Multiprocess) != 0)
        {
            reply.Write(";process:"u8);
            reply.WriteNumber((ulong)process);
        }
    }

    private StopReply Mark(GdbFeatures feature, ReadOnlySpan<byte> text)
    {
        if ((_reply.Offered & feature) == 0)
        {
            return this;
        }

        _reply.Write(text);
        return End();
    }

    private StopReply End()
    {
        _reply.Write((byte)';');
        return this;
    }
}
