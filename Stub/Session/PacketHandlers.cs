using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Handlers;

namespace KgdbSim.Stub.Session;

/// <summary>
/// Every packet and who answers it. A packet that is added to <see cref="IPacketHandlers"/> and not here does not compile.
/// </summary>
internal sealed class PacketHandlers(SessionContext context, Monitor.MonitorCommands monitor) : IPacketHandlers
{
    private readonly RegisterHandlers _registers = new(context);
    private readonly MemoryHandlers _memory = new(context);
    private readonly SearchHandlers _search = new(context);
    private readonly MemoryRegionHandlers _regions = new(context);
    private readonly BreakpointHandlers _breakpoints = new(context);
    private readonly ExecutionHandlers _execution = new(context);
    private readonly ThreadHandlers _threads = new(context);
    private readonly SessionHandlers _session = new(context);
    private readonly TransferHandlers _transfer = new(context);
    private readonly MonitorHandlers _monitor = new(context, monitor);
    private readonly FileHandlers _files = new(context);

    // Registers
    public Answer Handle(scoped in ReadRegisters packet, ReplyWriter reply) =>
        HasProcess(reply) ? _registers.ReadAll(reply) : Answer.Now;

    public Answer Handle(scoped in WriteRegisters packet, ReplyWriter reply) =>
        HasProcess(reply) ? _registers.WriteAll(packet, reply) : Answer.Now;

    public Answer Handle(scoped in ReadRegister packet, ReplyWriter reply) =>
        HasProcess(reply) ? _registers.Read(packet, reply) : Answer.Now;

    public Answer Handle(scoped in WriteRegister packet, ReplyWriter reply) =>
        HasProcess(reply) ? _registers.Write(packet, reply) : Answer.Now;

    // Memory
    public Answer Handle(scoped in ReadMemory packet, ReplyWriter reply) =>
        HasProcess(reply) ? _memory.Read(packet, reply) : Answer.Now;

    public Answer Handle(scoped in WriteMemory packet, ReplyWriter reply) =>
        HasProcess(reply) ? _memory.Write(packet, reply) : Answer.Now;

    public Answer Handle(scoped in ReadMemoryBinary packet, ReplyWriter reply) =>
        HasProcess(reply) ? _memory.ReadBinary(packet, reply) : Answer.Now;

    public Answer Handle(scoped in WriteMemoryBinary packet, ReplyWriter reply) =>
        HasProcess(reply) ? _memory.WriteBinary(packet, reply) : Answer.Now;

    public Answer Handle(scoped in SearchMemory packet, ReplyWriter reply) =>
        HasProcess(reply) ? _search.Search(packet, reply) : Answer.Now;

    public Answer Handle(scoped in MemoryCrc packet, ReplyWriter reply) =>
        HasProcess(reply) ? _search.Checksum(packet, reply) : Answer.Now;

    public Answer Handle(scoped in MemoryRegionInfo packet, ReplyWriter reply) =>
        HasProcess(reply) ? _regions.Find(packet, reply) : Answer.Now;

    // Breakpoints
    public Answer Handle(scoped in InsertBreakpoint packet, ReplyWriter reply) =>
        HasProcess(reply) ? _breakpoints.Insert(packet, reply) : Answer.Now;

    public Answer Handle(scoped in RemoveBreakpoint packet, ReplyWriter reply) =>
        HasProcess(reply) ? _breakpoints.Remove(packet, reply) : Answer.Now;

    // Execution
    public Answer Handle(scoped in HaltReason packet, ReplyWriter reply) => _execution.Why(reply);

    public Answer Handle(scoped in Continue packet, ReplyWriter reply) =>
        HasProcess(reply) ? _execution.Continue(packet.Address, reply) : Answer.Now;

    public Answer Handle(scoped in ContinueWithSignal packet, ReplyWriter reply) =>
        HasProcess(reply) ? _execution.Continue(packet.Address, reply) : Answer.Now;

    public Answer Handle(scoped in Step packet, ReplyWriter reply) =>
        HasProcess(reply) ? _execution.Step(packet.Address, reply) : Answer.Now;

    public Answer Handle(scoped in StepWithSignal packet, ReplyWriter reply) =>
        HasProcess(reply) ? _execution.Step(packet.Address, reply) : Answer.Now;

    public Answer Handle(scoped in VContQuery packet, ReplyWriter reply) => ExecutionHandlers.ListActions(reply);

    public Answer Handle(scoped in VCont packet, ReplyWriter reply) =>
        HasProcess(reply) ? _execution.Resume(packet, reply) : Answer.Now;

    // Not offered: the machine remembers no history. The empty reply says so.
    public Answer Handle(scoped in ReverseContinue packet, ReplyWriter reply) => Answer.Now;

    public Answer Handle(scoped in ReverseStep packet, ReplyWriter reply) => Answer.Now;

    public Answer Handle(scoped in PassSignals packet, ReplyWriter reply) => ExecutionHandlers.PassSignals(reply);

    // Threads
    public Answer Handle(scoped in SetThread packet, ReplyWriter reply) => _threads.Select(packet, reply);

    public Answer Handle(scoped in ThreadAlive packet, ReplyWriter reply) => _threads.IsAlive(packet, reply);

    public Answer Handle(scoped in CurrentThread packet, ReplyWriter reply) =>
        HasProcess(reply) ? _threads.Current(reply) : Answer.Now;

    public Answer Handle(scoped in FirstThreads packet, ReplyWriter reply) => _threads.ListFirst(reply);

    public Answer Handle(scoped in NextThreads packet, ReplyWriter reply) => ThreadHandlers.ListNext(reply);

    public Answer Handle(scoped in ThreadExtraInfo packet, ReplyWriter reply) =>
        HasProcess(reply) ? _threads.Describe(packet, reply) : Answer.Now;

    public Answer Handle(scoped in ThreadEvents packet, ReplyWriter reply) => _threads.ReportEvents(reply);

    // Session
    public Answer Handle(scoped in Supported packet, ReplyWriter reply) => _session.Negotiate(packet, reply);

    public Answer Handle(scoped in StartNoAck packet, ReplyWriter reply) => _session.StopAcknowledging(reply);

    public Answer Handle(scoped in MustReplyEmpty packet, ReplyWriter reply) => Answer.Now;

    public Answer Handle(scoped in ExtendedMode packet, ReplyWriter reply) => _session.Extend(reply);

    public Answer Handle(scoped in Attached packet, ReplyWriter reply) => _session.WasAttached(packet, reply);

    public Answer Handle(scoped in Attach packet, ReplyWriter reply) => _session.Attach(packet, reply);

    public Answer Handle(scoped in Detach packet, ReplyWriter reply) => _session.Detach(packet, reply);

    public Answer Handle(scoped in Kill packet, ReplyWriter reply) => _session.Kill();

    public Answer Handle(scoped in KillProcess packet, ReplyWriter reply) => _session.KillProcess(packet, reply);

    public Answer Handle(scoped in Restart packet, ReplyWriter reply) => _session.Restart(reply);

    public Answer Handle(scoped in Run packet, ReplyWriter reply) => _session.Run(packet, reply);

    public Answer Handle(scoped in LookUpSymbol packet, ReplyWriter reply) => SessionHandlers.LookUpSymbol(reply);

    // Query
    public Answer Handle(scoped in TransferRead packet, ReplyWriter reply) => _transfer.Read(packet, reply);

    public Answer Handle(scoped in MonitorCommand packet, ReplyWriter reply) => _monitor.Execute(packet, reply);

    public Answer Handle(scoped in Offsets packet, ReplyWriter reply) => _transfer.Offsets(reply);

    // Not offered: there are no tracepoints.
    public Answer Handle(scoped in TraceStatus packet, ReplyWriter reply) => Answer.Now;

    // Files
    public Answer Handle(scoped in FileSetFs packet, ReplyWriter reply) => FileHandlers.ChooseFileSystem(reply);

    public Answer Handle(scoped in FileOpen packet, ReplyWriter reply) => _files.Open(packet, reply);

    public Answer Handle(scoped in FileRead packet, ReplyWriter reply) => _files.Read(packet, reply);

    public Answer Handle(scoped in FileWrite packet, ReplyWriter reply) =>
        FileHandlers.Refuse(reply, ErrorNumber.ReadOnly);

    public Answer Handle(scoped in FileClose packet, ReplyWriter reply) => _files.Close(packet, reply);

    public Answer Handle(scoped in FileStatus packet, ReplyWriter reply) => _files.Status(packet, reply);

    public Answer Handle(scoped in FilePathStatus packet, ReplyWriter reply) => _files.Status(packet, reply);

    public Answer Handle(scoped in FileUnlink packet, ReplyWriter reply) =>
        FileHandlers.Refuse(reply, ErrorNumber.ReadOnly);

    public Answer Handle(scoped in FileReadLink packet, ReplyWriter reply) =>
        FileHandlers.Refuse(reply, ErrorNumber.Invalid);

    private bool HasProcess(ReplyWriter reply)
    {
        if (!context.HasProcess)
        {
            reply.WriteError(ErrorNumber.NotFound, "there is no process: it exited, was killed or detached from"u8);
        }

        return context.HasProcess;
    }
}
