using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu;

/// <summary>
/// One logical processor without its surroundings: state, translation, decoded code and debug registers. What drives it
/// (<see cref="Interpreter"/>), what delivers its traps and what schedules it are above it.
/// </summary>
internal sealed unsafe class CpuCore : ICodeObserver, IDisposable
{
    private const int TlbOffset = 4096;
    private const int JumpCacheOffset = TlbOffset + Tlb.Bytes;
    private const int NativeSize = JumpCacheOffset + JumpCache.Bytes;

    private readonly byte* _native;

    /// <param name="id">Number of the processor in its machine, from 0; also its initial APIC ID.</param>
    public CpuCore(int id, PhysicalMemory memory, IPortBus ports, IDeviceMemory devices, CpuModel model, InstructionTable instructions)
    {
        Id = id;
        Memory = memory;
        Ports = ports;
        Devices = devices;
        Model = model;
        _native = (byte*)NativeMemory.AlignedAlloc(NativeSize, 4096);
        new Span<byte>(_native, NativeSize).Clear();
        State = (CpuState*)_native;
        Translations = new TranslationSets(TlbOf(State));
        Jumps = new JumpSets(State);
        Debug = new DebugUnit(this);
        Mmu = new Mmu(this);
        Blocks = new BlockCache(this, instructions);
        memory.Attach(this);
        CpuReset.PowerOn(this);
    }

    public int Id { get; }

    public PhysicalMemory Memory { get; }

    public IPortBus Ports { get; }

    public IDeviceMemory Devices { get; }

    public CpuModel Model { get; }

    public Mmu Mmu { get; }

    /// <summary>What fills and empties the software TLB.</summary>
    public TranslationSets Translations { get; }

    /// <summary>What fills and empties the jump cache.</summary>
    public JumpSets Jumps { get; }

    public DebugUnit Debug { get; }

    /// <summary>What guest code has in place of the processor's debug registers; null: the processor's.</summary>
    public IGuestDebugRegisters? GuestDebugRegisters { get; set; }

    public BlockCache Blocks { get; }

    /// <summary>The architectural state; the pointer is valid as long as this object.</summary>
    public CpuState* State { get; }

    /// <summary>The local APIC as the instructions reach it; null where there is none.</summary>
    public IInterruptController? InterruptController { get; set; }

    /// <summary>
    /// The instruction under way has itself decided whether a single-step trap follows it (SYSCALL and SYSRET go by the
    /// TF that they leave, not by the one they found).
    /// </summary>
    public bool TraceDecided;

    /// <summary>The exception or software interrupt that the last instruction ended with.</summary>
    public PendingEvent Pending;

    /// <summary>Where threaded handlers go when their case is special.</summary>
    public readonly ThreadedHandler SpecialHandler = &Threaded.ThreadedCode.General;

    /// <summary>Where branches go whose target must be looked up: through pointers, for fewer calls mean fewer stack frames.</summary>
    public readonly ThreadedHandler MissHandler = &Threaded.ThreadedCode.Miss;

    /// <inheritdoc cref="MissHandler"/>
    public readonly ThreadedHandler MissDirectHandler = &Threaded.ThreadedCode.MissDirect;

    /// <summary>Where a direct CALL goes when the TLB turns it away: its twin for watched pages.</summary>
    public readonly ThreadedHandler WatchedCallHandler = &Threaded.ThreadedBranch.Call<Threaded.WatchedStack>;

    /// <summary>
    /// Something wants to be looked at before the next instruction: a debug trap, a shadow's end, changed code, a
    /// changed mode, a possible interrupt. Handlers leave their chain when it is set.
    /// </summary>
    public bool Attention;

    /// <summary>Steps that were iterations of a string instruction not finished: they count as steps, not as retired.</summary>
    public ulong Unfinished;

    /// <summary>String instructions must stop after one iteration: TF is set or the debugger steps.</summary>
    public bool SingleIteration;

    /// <summary>The debugger steps this processor: see <see cref="SingleIteration"/>.</summary>
    public bool StepRequested;

    /// <summary>Instructions left of the present turn; valid whenever no threaded handler runs.</summary>
    public long Left;

    /// <summary>Steps of the whole machine at the start of the present turn: with <see cref="Left"/> it makes the time-stamp counter.</summary>
    public ulong TurnStartStep;

    /// <summary>Instructions that the present turn was given.</summary>
    public long TurnLength;

    /// <summary>The machine's step count as this processor sees it in the middle of a turn.</summary>
    public ulong Now => TurnStartStep + (ulong)(TurnLength - Left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TlbEntry* TlbOf(CpuState* s) => (TlbEntry*)((byte*)s + TlbOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JumpEntry* JumpsOf(CpuState* s) => (JumpEntry*)((byte*)s + JumpCacheOffset);

    /// <summary>Records an exception without an error code.</summary>
    public StepStatus Fault(byte vector)
    {
        Pending = new PendingEvent { Source = EventSource.Exception, Vector = vector };
        return StepStatus.Fault;
    }

    /// <summary>Records an exception with an error code.</summary>
    public StepStatus Fault(byte vector, uint errorCode)
    {
        Pending = new PendingEvent
        {
            Source = EventSource.Exception, Vector = vector, HasErrorCode = true, ErrorCode = errorCode,
        };
        return StepStatus.Fault;
    }

    /// <summary>#GP(0), the commonest of them.</summary>
    public StepStatus GeneralProtection() => Fault(Vector.GeneralProtection, 0);

    /// <summary>#UD.</summary>
    public StepStatus InvalidOpcode() => Fault(Vector.InvalidOpcode);

    /// <summary>
    /// Sets RFLAGS bits outside the status flags and does what a change of TF, IF, AC or RF entails. Bits 1, 3, 5, 15
    /// and those above 21 are put right by themselves.
    /// </summary>
    public void SetSystemFlags(ulong flags)
    {
        ulong before = State->SystemFlags;
        ulong now = (flags & (Flags.Writable & ~Flags.Status)) | Flags.Reserved1;
        State->SystemFlags = now;
        ulong changed = before ^ now;
        if ((changed & (Flags.Tf | Flags.If | Flags.Rf)) != 0)
        {
            Attention = true;
        }

        if ((changed & Flags.Ac) != 0)
        {
            PrivilegeChanged();
        }
    }

    /// <summary>Sets all of RFLAGS.</summary>
    public void SetRflags(ulong flags)
    {
        (State->FlagResult, State->FlagAux) = LazyFlags.FromStatus(flags);
        SetSystemFlags(flags);
    }

    /// <summary>
    /// To be called when CR0, CR3, CR4, EFER or CS's width or base changed: every cached translation and every cached
    /// jump is forgotten. Decoded blocks stay; they are found by their physical page.
    /// </summary>
    public void TranslationChanged()
    {
        Mmu.ModeChanged();
        Translations.Flush(Mmu.SetNumber);
        Jumps.Flush(State->Cpl == 3);
        Attention = true;
    }

    /// <summary>
    /// To be called when nothing but CPL or RFLAGS.AC changed: translations and jumps cached for the privilege that there
    /// was are set aside until it comes back.
    /// </summary>
    public void PrivilegeChanged()
    {
        Mmu.PrivilegeChanged();
        Translations.Switch(Mmu.SetNumber);
        Jumps.Switch(State->Cpl == 3);
        Attention = true;
    }

    void ICodeObserver.FrameHoldsCode(ulong frame) => Translations.FlushWrites();

    void ICodeObserver.CodeModified(ulong frame)
    {
        if (Blocks.InvalidateFrame(frame))
        {
            Attention = true;
        }
    }

    void ICodeObserver.PagesMoved() => Translations.Flush();

    public void Dispose()
    {
        Blocks.Dispose();
        Jumps.Dispose();
        Translations.Dispose();
        NativeMemory.AlignedFree(_native);
    }
}
