using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Whose a trap of guest code is: the modelled kernel's, since somebody in it has asked for it, the guest's own, or both, one after
/// the other.
/// </summary>
internal sealed class TrapRouting
{
    private readonly KgdbHost _host;
    private readonly Record[] _records;

    public TrapRouting(KgdbHost host, int cpuCount)
    {
        _host = host;
        _records = [.. Enumerable.Range(0, cpuCount).Select(cpu => new Record(new TrappedHits(host, cpu)))];
    }

    /// <summary>Others in the kernel than its debugger and perf want to see each trap.</summary>
    private bool HasHooks => _host.Traps.Kprobes is not null || _host.Traps.TextPoke is not null;

    /// <summary>What the last slow #DB of a CPU was for.</summary>
    public TrappedHits Hits(int cpu) => _records[cpu].Hits;

    /// <summary>
    /// kgdb as it was takes whatever comes in kernel mode. Else a trap that nobody in the kernel has asked for is the guest's, at the
    /// cost that it has without a modelled kernel.
    /// </summary>
    public bool Wants(HostedCpu cpu, byte vector) => _host.Defects.HasFlag(KgdbDefects.AnyDebugException) || vector switch
    {
        Vector.Debug => HasHooks || IsStepped(cpu) || cpu.Guest is { IsDisplaced: true } || IsKernels(cpu),
        Vector.Breakpoint => HasHooks || IsStepped(cpu) || StopReason.IsKnown(_host, cpu.Registers.Ip - 1),

        // The NMIs of a roundup do not come through a local APIC.
        _ => false,
    };

    /// <summary>Deals with a trap on the spot; false: its handler has to run, and <see cref="PassOn"/> when it has.</summary>
    public bool TakeFast(HostedCpu cpu, PendingEvent trap)
    {
        if (trap.Vector == Vector.Breakpoint && _host.Traps.TryFastInt3(cpu.Cpu, cpu.Registers))
        {
            return true;
        }

        Record record = _records[cpu.Cpu.Number];
        ulong dr6 = cpu.Registers.Dr6;
        if (trap.Vector == Vector.Breakpoint)
        {
            record.IsKernels = StopReason.IsKnown(_host, cpu.Registers.Ip - 1);
            record.GuestDr6 = dr6;
            return TryPassOn(cpu, trap, IsStepped(cpu));
        }

        if (_host.Traps.TryFastDebug(cpu.Cpu, cpu.Registers, dr6))
        {
            cpu.Guest?.RestoreDr6();
            return true;
        }

        // By the time the kernel has dealt with it, registers may have changed hands.
        record.IsKernels = IsKernels(cpu);
        record.GuestDr6 = AsGuestsSee(cpu, dr6, record.IsKernels);
        record.Hits.Record();
        return TryPassOn(cpu, trap, cpu.Guest is { IsDisplaced: true } || IsStepped(cpu));
    }

    /// <summary>
    /// What nobody in the kernel has to do with goes to the guest at once, if it would be otherwise there than without a kernel: its hits
    /// have other numbers, or the debugger's step ends at its handler's first instruction.
    /// </summary>
    private bool TryPassOn(HostedCpu cpu, PendingEvent trap, bool isChanged)
    {
        if (!isChanged || _records[cpu.Cpu.Number].IsKernels || HasHooks || _host.Defects.HasFlag(KgdbDefects.AnyDebugException))
        {
            return false;
        }

        GiveToGuest(cpu, trap, _records[cpu.Cpu.Number].GuestDr6);
        if (IsStepped(cpu))
        {
            _host.EndStepInHandler(cpu);
        }

        return true;
    }

    /// <summary>The guest's own interrupt table has the trap, with the flags that it would have had without the debugger's step.</summary>
    private void GiveToGuest(HostedCpu cpu, in PendingEvent trap, ulong dr6)
    {
        if (IsStepped(cpu))
        {
            _host.Step.TakeFlagAway();
        }

        cpu.PassOn(trap, dr6);
    }

    /// <summary>DR6 for the handler, which looks up breakpoints by register.</summary>
    public ulong PresentDr6(HostedCpu cpu) => _host.Defects.HasFlag(KgdbDefects.HitsByRegister)
        ? cpu.TrapDr6 : _records[cpu.Cpu.Number].Hits.Retarget(cpu.TrapDr6);

    /// <summary>
    /// The kernel has done what it does about a trap. The guest gets now what is its own: hits of its own registers, its own single step,
    /// or all of it if nobody in the kernel has had to do with it.
    /// </summary>
    /// <param name="cpu">Where.</param>
    /// <param name="trap">What came.</param>
    /// <param name="flags">RFLAGS then.</param>
    /// <param name="isTaken">Somebody in the kernel has taken it.</param>
    /// <param name="wasShown">The debugger was told of it.</param>
    /// <returns>Whether the guest's handler has been entered.</returns>
    public bool PassOn(HostedCpu cpu, in PendingEvent trap, ulong flags, bool isTaken, bool wasShown)
    {
        if (trap.Vector == Vector.Breakpoint)
        {
            return !isTaken && PassOnInt3(cpu, trap);
        }

        if (!wasShown)
        {
            ForgetVoidHit(cpu, flags);
        }

        return PassOnDebug(cpu, trap, flags, isTaken);
    }

    /// <summary>
    /// Nobody was told of a hit, because its breakpoint went away first: then the handler's RF must not hide the instruction from one
    /// that the debugger inserts there before it is executed.
    /// </summary>
    private void ForgetVoidHit(HostedCpu cpu, ulong flags)
    {
        ulong hits = cpu.TrapDr6 & Dr6Bits.Breakpoints;
        if (hits != 0 && hits == Hits(cpu.Cpu.Number).OfDebugger(hits) && !_host.Defects.HasFlag(KgdbDefects.HitsByRegister))
        {
            cpu.Registers.Flags &= ~KernelRegisters.ResumeFlag | flags;
        }
    }

    private bool PassOnDebug(HostedCpu cpu, in PendingEvent trap, ulong flags, bool isTaken)
    {
        Record record = _records[cpu.Cpu.Number];
        if (!isTaken)
        {
            // The kernel takes the trap flag away then; a resume flag that it has set is to stay.
            cpu.Registers.Flags |= flags & KernelRegisters.TrapFlag;
        }

        bool isGuests = record.IsKernels ? (record.GuestDr6 & (Dr6Bits.Breakpoints | Dr6Bits.SingleStep)) != 0
            : !isTaken || (record.GuestDr6 & Dr6Bits.Breakpoints) != 0;
        if (!isGuests)
        {
            return false;
        }

        if (!record.IsKernels)
        {
            // RF, too, is the guest's to set.
            cpu.Registers.Flags = (cpu.Registers.Flags & ~KernelRegisters.ResumeFlag) | (flags & KernelRegisters.ResumeFlag);
            if (cpu.Guest is null)
            {
                // Nor is the DR7 that it has set itself the kernel's, which has written its own.
                cpu.Cpu.DebugRegisters.Set(7, cpu.TrapDr7);
            }
        }

        GiveToGuest(cpu, trap, record.GuestDr6);
        return true;
    }

    /// <summary>What was the kernel's when it happened has lost its cause meanwhile; anything else is the guest's own business.</summary>
    private bool PassOnInt3(HostedCpu cpu, in PendingEvent trap)
    {
        if (!_records[cpu.Cpu.Number].IsKernels)
        {
            GiveToGuest(cpu, trap, cpu.TrapDr6);
            return true;
        }

        if (cpu.Registers.Ip == cpu.TrapIp)
        {
            cpu.Registers.Ip--;
        }

        return false;
    }

    /// <summary>
    /// DR6 with the guest's own hits by the guest's own numbers, and without those of others. Where the guest has the processor's
    /// registers, all that isn't the kernel's is the guest's, but for a single step that some earlier exception has left in DR6.
    /// </summary>
    private ulong AsGuestsSee(HostedCpu cpu, ulong dr6, bool isKernels)
    {
        bool isStepOnly = _host.Step.EndsWith(cpu) && !_host.Step.IsGuestsToo;
        ulong others = Dr6Bits.Breakpoints | (isStepOnly ? Dr6Bits.SingleStep : 0);
        if (cpu.Guest is { } guest)
        {
            return (dr6 & ~others) | guest.HitsOf(dr6 & Dr6Bits.Breakpoints);
        }

        others |= (cpu.Registers.Flags & KernelRegisters.TrapFlag) == 0 ? Dr6Bits.SingleStep : 0;
        return isKernels ? dr6 & ~others : dr6;
    }

    private bool IsStepped(HostedCpu cpu) => _host.Step.Cpu == cpu.Cpu.Number;

    /// <summary>Whether a #DB is for a register that the kernel has given to somebody else than the guest, or for the debugger's step.</summary>
    private bool IsKernels(HostedCpu cpu)
    {
        ulong hits = cpu.Registers.Dr6 & ~(cpu.Guest?.Mask ?? 0);
        bool isKernels = _host.Step.EndsWith(cpu);
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            isKernels |= (hits >> n & 1) != 0 && _host.Layer.HasHolder(cpu, n);
        }

        return isKernels;
    }

    /// <summary>A CPU's last trap, as it came.</summary>
    private sealed class Record(TrappedHits hits)
    {
        public TrappedHits Hits => hits;

        /// <summary>Somebody in the kernel had asked for it, or for part of it.</summary>
        public bool IsKernels { get; set; }

        /// <summary>DR6 of the guest's part: its own hits by its own numbers.</summary>
        public ulong GuestDr6 { get; set; }
    }
}
