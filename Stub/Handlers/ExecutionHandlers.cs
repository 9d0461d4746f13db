using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>Letting the machine go: <c>? vCont vCont? c C s S bc bs QPassSignals</c>.</summary>
internal sealed class ExecutionHandlers(SessionContext context)
{
    private readonly ResumeOrder _order = new(context.Threads, context.Control.Plan);
    private StopEvent? _lastStop;

    /// <summary>Why it stands: a stop that nobody was told of, or the one told last, or simply that it does.</summary>
    public Answer Why(ReplyWriter reply)
    {
        MachineControl control = context.Control;
        if (!context.HasProcess)
        {
            RunReporter.WriteExit(context);
            return Answer.Now;
        }

        if (control.Ledger.TryTakeOldest(out StopEvent stop))
        {
            _lastStop = stop;
            context.Focus(stop.Cpu);
        }

        StopReporter.Write(reply, context, _lastStop ?? new StopEvent(control.FocusCpu, StopKind.StepDone, 0));
        return Answer.Now;
    }

    /// <summary>Actions of <c>vCont</c>; gdb uses it only if <c>c C s S</c> are all there.</summary>
    public static Answer ListActions(ReplyWriter reply)
    {
        reply.Write("vCont;c;C;s;S;t;r"u8);
        return Answer.Now;
    }

    /// <summary>Each thread does what the leftmost action that matches it says; one that none matches stays.</summary>
    public Answer Resume(in VCont packet, ReplyWriter reply) =>
        _order.TryTake(packet, out DebugThread absent) ? Go(reply) : RefuseAbsent(absent, reply);

    public Answer Continue(ulong? address, ReplyWriter reply) => ResumeOldStyle(ResumeAction.Continue, address, reply);

    public Answer Step(ulong? address, ReplyWriter reply) => ResumeOldStyle(ResumeAction.Step, address, reply);

    /// <summary>
    /// Signals go to programs under an operating system. A bare machine has none: none stops here and none is passed.
    /// </summary>
    public static Answer PassSignals(ReplyWriter reply)
    {
        reply.WriteOk();
        return Answer.Now;
    }

    /// <summary>
    /// <c>c</c> and <c>s</c>: a thread chosen by <c>Hc</c> goes alone; else the current one does what is asked and all
    /// others continue, as in gdbserver.
    /// </summary>
    private Answer ResumeOldStyle(ResumeAction action, ulong? address, ReplyWriter reply)
    {
        ResumePlan plan = context.Control.Plan;
        bool alone = context.Threads.TryFind(context.Selection.Execution, out DebugThread thread);
        thread = alone ? thread : context.Selection.General;
        bool isPlain = !alone && action.Kind == ResumeKind.Continue && address is null;
        if (!thread.IsOnCpu && !isPlain)
        {
            return RefuseAbsent(thread, reply);
        }

        if (address is { } target && !InstructionPointer.TrySet(context.Target, thread.Cpu, target))
        {
            reply.WriteError(ErrorNumber.BadAddress, "not an address to continue at"u8);
            return Answer.Now;
        }

        plan.SetAll(alone ? ResumeAction.Stay : ResumeAction.Continue);
        if (thread.IsOnCpu)
        {
            plan[thread.Cpu] = action;
        }

        return Go(reply);
    }

    private Answer Go(ReplyWriter reply)
    {
        MachineControl control = context.Control;
        if (control.Plan.FirstResumed < 0)
        {
            WriteNobodyRuns(reply);
            return Answer.Now;
        }

        // Something that happened together with the stop reported last: it is told now, and nothing runs.
        control.Ledger.DropStale(control.Plan);
        if (control.Ledger.TryTake(control.Plan, out StopEvent stop))
        {
            context.Focus(stop.Cpu);
            StopReporter.Write(reply, context, stop);
            return Answer.Now;
        }

        control.Resume();
        return Answer.Later;
    }

    /// <summary>
    /// Nothing is resumed: whoever waits for this thread would wait for ever. As if interrupted at once, it stands where it was, and the
    /// user reads why. After an error gdb would try again and again, and after a stop without a signal LLDB.
    /// </summary>
    private Answer RefuseAbsent(DebugThread thread, ReplyWriter reply)
    {
        string name = Encoding.UTF8.GetString(context.Threads.NameOf(thread));
        ConsoleOutput.Write(reply, Encoding.UTF8.GetBytes($"{name} is on no CPU: it cannot be resumed by itself\n"));
        context.Link.Send();
        context.Selection.Focus(thread, context.Control.FocusCpu);
        StopReply.Stopped(reply, GdbSignal.Interrupt).Thread(thread.Id);
        return Answer.Now;
    }

    private void WriteNobodyRuns(ReplyWriter reply)
    {
        if ((context.Offered & GdbFeatures.NoResumed) != 0)
        {
            StopReply.NoneResumed(reply);
        }
        else
        {
            reply.WriteError(ErrorNumber.NotFound, "no thread that exists is resumed by this"u8);
        }
    }
}
