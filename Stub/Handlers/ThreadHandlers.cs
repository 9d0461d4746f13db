using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>CPUs as threads: <c>H T qC qfThreadInfo qsThreadInfo qThreadExtraInfo QThreadEvents</c>.</summary>
internal sealed class ThreadHandlers(SessionContext context)
{
    private int CpuCount => context.Target.CpuCount;

    public Answer Select(in SetThread packet, ReplyWriter reply)
    {
        bool known = packet.ForExecution
            ? context.Selection.TrySelectExecution(packet.Thread)
            : context.Selection.TrySelectGeneral(packet.Thread);
        return Tell(known, reply);
    }

    public Answer IsAlive(in ThreadAlive packet, ReplyWriter reply) =>
        Tell(context.HasProcess && Threads.TryCpu(packet.Thread, CpuCount, out _), reply);

    public Answer Current(ReplyWriter reply)
    {
        reply.Write("QC"u8);
        reply.WriteThread(Threads.IdOf(context.Selection.General));
        return Answer.Now;
    }

    /// <summary>All CPUs at once: 255 ids of at most six characters fit any packet.</summary>
    public Answer ListFirst(ReplyWriter reply)
    {
        if (!context.HasProcess)
        {
            return ListNext(reply);
        }

        for (int cpu = 0; cpu < CpuCount; cpu++)
        {
            reply.Write(cpu == 0 ? (byte)'m' : (byte)',');
            reply.WriteThread(Threads.IdOf(cpu));
        }

        return Answer.Now;
    }

    public static Answer ListNext(ReplyWriter reply)
    {
        reply.Write((byte)'l');
        return Answer.Now;
    }

    public Answer Describe(in ThreadExtraInfo packet, ReplyWriter reply)
    {
        if (!Threads.TryCpu(packet.Thread, CpuCount, out int cpu))
        {
            return Tell(false, reply);
        }

        reply.WriteHex(context.Names.Utf8Of(cpu));
        return Answer.Now;
    }

    /// <summary>CPUs neither come nor go: there is nothing to report, which is what was asked for.</summary>
    public static Answer ReportEvents(ReplyWriter reply)
    {
        reply.WriteOk();
        return Answer.Now;
    }

    private static Answer Tell(bool known, ReplyWriter reply)
    {
        if (known)
        {
            reply.WriteOk();
        }
        else
        {
            reply.WriteError(ErrorNumber.NotFound, "no such thread"u8);
        }

        return Answer.Now;
    }
}
