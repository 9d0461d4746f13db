using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>Which threads there are, and which is meant: <c>H T qC qfThreadInfo qsThreadInfo qThreadExtraInfo QThreadEvents</c>.</summary>
internal sealed class ThreadHandlers(SessionContext context)
{
    public Answer Select(in SetThread packet, ReplyWriter reply)
    {
        bool known = packet.ForExecution
            ? context.Selection.TrySelectExecution(packet.Thread)
            : context.Selection.TrySelectGeneral(packet.Thread);
        return Tell(known, reply);
    }

    public Answer IsAlive(in ThreadAlive packet, ReplyWriter reply) =>
        Tell(context.HasProcess && context.Threads.TryFind(packet.Thread, out _), reply);

    public Answer Current(ReplyWriter reply)
    {
        reply.Write("QC"u8);
        reply.WriteThread(context.Selection.General.Id);
        return Answer.Now;
    }

    /// <summary>All at once: a few hundred ids fit any packet.</summary>
    public Answer ListFirst(ReplyWriter reply)
    {
        if (!context.HasProcess)
        {
            return ListNext(reply);
        }

        for (int i = 0; i < context.Threads.Count; i++)
        {
            reply.Write(i == 0 ? (byte)'m' : (byte)',');
            reply.WriteThread(context.Threads[i].Id);
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
        if (!context.Threads.TryFind(packet.Thread, out DebugThread thread))
        {
            return Tell(false, reply);
        }

        reply.WriteHex(context.Threads.NameOf(thread));
        return Answer.Now;
    }

    /// <summary>Where threads neither come nor go there is nothing to report, which is what was asked for; else it is not offered.</summary>
    public Answer ReportEvents(ReplyWriter reply)
    {
        if (context.Threads.AreFixed)
        {
            reply.WriteOk();
        }

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
