using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>Tells the debugger how a run ended, and what it cannot have while one goes on.</summary>
internal static class RunReporter
{
    /// <summary>Sends the stop reply if the slice ended the run.</summary>
    /// <returns>Whether it did.</returns>
    public static bool TryReport(SessionContext context, RunResult result)
    {
        MachineControl control = context.Control;
        switch (result.End)
        {
            case RunEnd.Stopped when control.Ledger.TryTake(control.Plan, out StopEvent stop)
                || control.Ledger.TryTakeOldest(out stop):
                context.Focus(stop.Cpu);
                StopReporter.Write(context.Link.Reply, context, stop);
                break;
            case RunEnd.Exited:
                WriteExit(context);
                break;
            default:
                return false;
        }

        context.Link.Send();
        return true;
    }

    /// <summary>Writes the guest's exit code as the reply. From now on there is no process.</summary>
    public static void WriteExit(SessionContext context)
    {
        context.HasProcess = false;
        context.Control.MarkExitSeen();
        StopReply.Exited(context.Link.Reply, (byte)context.Control.ExitCode, DebugThread.Process);
    }

    /// <summary>Answers a packet that came while the machine runs, which in all-stop mode none may.</summary>
    public static void RefusePacket(SessionContext context)
    {
        context.Link.Reply.WriteError(ErrorNumber.Busy, "the machine is running"u8);
        context.Link.Send();
    }
}
