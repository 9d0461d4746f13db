namespace KgdbSim.Protocol.Packets;

/// <summary>
/// The list of all packets. Whoever implements it answers every one of them, or does not compile; dispatch,
/// <c>qSupported</c> and the README's table are derived from it.
/// </summary>
public interface IPacketHandlers :

    // Registers
    IHandle<ReadRegisters>,
    IHandle<WriteRegisters>,
    IHandle<ReadRegister>,
    IHandle<WriteRegister>,

    // Memory
    IHandle<ReadMemory>,
    IHandle<WriteMemory>,
    IHandle<ReadMemoryBinary>,
    IHandle<WriteMemoryBinary>,
    IHandle<SearchMemory>,
    IHandle<MemoryCrc>,
    IHandle<MemoryRegionInfo>,

    // Breakpoints
    IHandle<InsertBreakpoint>,
    IHandle<RemoveBreakpoint>,

    // Execution
    IHandle<HaltReason>,
    IHandle<Continue>,
    IHandle<ContinueWithSignal>,
    IHandle<Step>,
    IHandle<StepWithSignal>,
    IHandle<VContQuery>,
    IHandle<VCont>,
    IHandle<ReverseContinue>,
    IHandle<ReverseStep>,
    IHandle<PassSignals>,

    // Threads
    IHandle<SetThread>,
    IHandle<ThreadAlive>,
    IHandle<CurrentThread>,
    IHandle<FirstThreads>,
    IHandle<NextThreads>,
    IHandle<ThreadExtraInfo>,
    IHandle<ThreadEvents>,

    // Session
    IHandle<Supported>,
    IHandle<StartNoAck>,
    IHandle<MustReplyEmpty>,
    IHandle<ExtendedMode>,
    IHandle<Attached>,
    IHandle<Attach>,
    IHandle<Detach>,
    IHandle<Kill>,
    IHandle<KillProcess>,
    IHandle<Restart>,
    IHandle<Run>,
    IHandle<LookUpSymbol>,

    // Query
    IHandle<TransferRead>,
    IHandle<MonitorCommand>,
    IHandle<Offsets>,
    IHandle<TraceStatus>,

    // Files
    IHandle<FileSetFs>,
    IHandle<FileOpen>,
    IHandle<FileRead>,
    IHandle<FileWrite>,
    IHandle<FileClose>,
    IHandle<FileStatus>,
    IHandle<FilePathStatus>,
    IHandle<FileUnlink>,
    IHandle<FileReadLink>;
