using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>
/// Coming and going: <c>qSupported QStartNoAckMode ! qAttached vAttach D k vKill R vRun qSymbol</c>.
/// </summary>
internal sealed class SessionHandlers(SessionContext context)
{
    private bool _startedHere;

    public Answer Negotiate(in Supported packet, ReplyWriter reply)
    {
        reply.Offered = packet.Offered;
        FeatureList.Write(reply, PacketFramer.DefaultPayloadMax, new Negotiation(context).Offers);
        return Answer.Now;
    }

    public Answer StopAcknowledging(ReplyWriter reply)
    {
        context.Link.StopAcknowledging();
        return Ok(reply);
    }

    public Answer Extend(ReplyWriter reply)
    {
        context.IsExtended = true;
        return Ok(reply);
    }

    /// <summary>
    /// "Was it there before you?" decides what gdb does to it when it quits: the machine was there and goes on without
    /// it, unless this debugger started it anew.
    /// </summary>
    public Answer WasAttached(in Attached packet, ReplyWriter reply)
    {
        if (packet.Process is { } process && process != DebugThread.Process)
        {
            return NoSuchProcess(reply);
        }

        reply.Write(_startedHere ? (byte)'0' : (byte)'1');
        return Answer.Now;
    }

    public Answer Attach(in Attach packet, ReplyWriter reply)
    {
        if (packet.Process != DebugThread.Process)
        {
            return NoSuchProcess(reply);
        }

        MachineControl control = context.Control;
        if (control.Phase == MachinePhase.Exited)
        {
            reply.WriteError(ErrorNumber.NotFound, "the guest has exited; start it anew"u8);
            return Answer.Now;
        }

        _startedHere = false;
        context.HasProcess = true;
        if (control.Phase == MachinePhase.Running)
        {
            control.RequestHalt();
            return Answer.Later;
        }

        StopReporter.Write(reply, context, new StopEvent(control.FocusCpu, StopKind.StepDone, 0));
        return Answer.Now;
    }

    /// <summary>"Detach": the machine runs on as if there had never been a debugger.</summary>
    public Answer Detach(in Detach packet, ReplyWriter reply)
    {
        if (packet.Process is { } process && process != DebugThread.Process)
        {
            return NoSuchProcess(reply);
        }

        context.Control.Release();
        LoseProcess();
        return Ok(reply);
    }

    /// <summary>
    /// "For a bare-metal target, it may power cycle or reset the target system" (GDB manual, packet <c>k</c>): it is put
    /// to reset and held there.
    /// </summary>
    public Answer Kill()
    {
        context.Control.ForgetPoints();
        context.Control.TryRestart();
        LoseProcess();
        return Answer.Never;
    }

    public Answer KillProcess(in KillProcess packet, ReplyWriter reply)
    {
        if (packet.Process != DebugThread.Process)
        {
            return NoSuchProcess(reply);
        }

        // Answered, so that the debugger, not the stub, ends the connection.
        context.Control.ForgetPoints();
        context.Control.TryRestart();
        context.HasProcess = false;
        return Ok(reply);
    }

    public Answer Restart(ReplyWriter reply)
    {
        if (!context.IsExtended)
        {
            reply.WriteError(ErrorNumber.Invalid, "only in extended mode"u8);
            return Answer.Now;
        }

        return TryStart(reply) ? Answer.Never : Answer.Now;
    }

    public Answer Run(in Run packet, ReplyWriter reply)
    {
        if (!packet.Arguments.IsEmpty)
        {
            reply.WriteError(ErrorNumber.Invalid, "a guest takes no arguments"u8);
            return Answer.Now;
        }

        byte[] name = new byte[packet.File.Length];
        packet.File.CopyTo(name);
        if (name.Length > 0 && Encoding.UTF8.GetString(name) != context.Target.Image?.Path)
        {
            reply.WriteError(ErrorNumber.NotFound, "the machine has another image; use an empty name"u8);
            return Answer.Now;
        }

        if (TryStart(reply))
        {
            StopReporter.Write(reply, context, new StopEvent(0, StopKind.StepDone, 0));
        }

        return Answer.Now;
    }

    /// <summary>gdb offers to look symbols up; none are needed.</summary>
    public static Answer LookUpSymbol(ReplyWriter reply) => Ok(reply);

    private static Answer Ok(ReplyWriter reply)
    {
        reply.WriteOk();
        return Answer.Now;
    }

    private static Answer NoSuchProcess(ReplyWriter reply)
    {
        reply.WriteError(ErrorNumber.NotFound, "there is one process, and its number is 1"u8);
        return Answer.Now;
    }

    private bool TryStart(ReplyWriter reply)
    {
        if (!context.Control.TryRestart())
        {
            reply.WriteError(ErrorNumber.NotImplemented, "this machine cannot be restarted"u8);
            return false;
        }

        _startedHere = true;
        context.HasProcess = true;
        context.Focus(0);
        return true;
    }

    /// <summary>Without a process an extended debugger stays, to start or attach to it again; any other is done here.</summary>
    private void LoseProcess()
    {
        context.HasProcess = false;
        if (!context.IsExtended)
        {
            context.Leave = Leave.Closing;
        }
    }
}
