using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// The debug registers as the guest code of a CPU has them. Under a modelled kernel the processor's own are that kernel's: what the
/// guest writes it reads again, whoever uses the processor's meanwhile.
/// </summary>
/// <remarks>
/// A register that the guest has armed is one more user of the processor's four. It has a slot in the accounting and a register, the
/// one of the same number if that is free, under the name guest.drN; it comes back with the others when the CPU leaves kgdb, and
/// what finds no room beside it is refused with its name. A guest can't be refused anything: what it arms when all four are in use
/// waits, and is armed when one becomes free; what has got another register than its own comes home at the next stop. Its hits are
/// the guest's, in DR6 by the guest's own numbers; what is the kernel's as well the kernel has first. While a virtual machine has the
/// CPU, they are off like all of the host's.
/// </remarks>
internal sealed class GuestRegisters(KgdbHost host, HostedCpu cpu) : IGuestDebugRegisters
{
    private const int Nowhere = PerfBreakpoint.Nowhere;

    private readonly ulong[] _addresses = new ulong[Dr7Encoding.RegisterCount];
    private readonly PerfBreakpoint?[] _events = new PerfBreakpoint?[Dr7Encoding.RegisterCount];
    private readonly int[] _places = [Nowhere, Nowhere, Nowhere, Nowhere];
    private ulong _dr6 = DebugRegisterFile.Dr6Idle;
    private ulong _dr7 = DebugRegisterFile.Dr7Reset;

    /// <summary>The processor's registers that are the guest's, bit n for register n.</summary>
    public ulong Mask { get; private set; }

    /// <summary>Some register of the guest's is in one of another number, so that DR6 says something else to the guest.</summary>
    public bool IsDisplaced { get; private set; }

    /// <summary>The guest's registers that it has armed and that have no register of the processor's, bit n for DRn.</summary>
    public uint Waiting
    {
        get
        {
            uint waiting = Dr7Encoding.Armed(_dr7);
            for (int n = 0; n < _places.Length; n++)
            {
                waiting &= _places[n] == Nowhere ? uint.MaxValue : ~(1u << n);
            }

            return waiting;
        }
    }

    private CpuBreakpoints Registers => host.Perf.Cpu(cpu.Cpu.Number);

    /// <summary>The CPU doesn't run modelled code that has turned its breakpoints off, and will write them itself.</summary>
    private bool IsOnProcessor => host.Kgdb.Core.Cpus[cpu.Cpu.Number].EnterCount.Value == 0 && !cpu.Vm.IsRunning;

    /// <inheritdoc/>
    public ulong Read(int number) => number switch
    {
        < Dr7Encoding.RegisterCount => _addresses[number],
        6 => _dr6,
        _ => _dr7,
    };

    /// <inheritdoc/>
    public void Write(int number, ulong value)
    {
        switch (number)
        {
            case < Dr7Encoding.RegisterCount:
                _addresses[number] = value;
                break;
            case 6:
                _dr6 = (value & Dr6Bits.Writable) | Dr6Bits.Fixed;
                cpu.Cpu.DebugRegisters.Set(6, _dr6);
                return;
            default:
                _dr7 = (value & Dr7Bits.Writable) | Dr7Bits.Fixed;
                break;
        }

        Settle();
    }

    /// <inheritdoc/>
    public void Delivered()
    {
        _dr6 = cpu.Registers.Dr6;
        _dr7 &= ~Dr7Bits.Gd;
    }

    /// <summary>The processor has been reset, its registers with it.</summary>
    public void Reset()
    {
        Array.Clear(_addresses);
        _dr6 = DebugRegisterFile.Dr6Idle;
        _dr7 = DebugRegisterFile.Dr7Reset;
        Settle();
    }

    /// <summary>The kernel has dealt with a trap: its causes don't concern the guest.</summary>
    public void RestoreDr6()
    {
        if (cpu.Registers.Dr6 != _dr6)
        {
            cpu.Cpu.DebugRegisters.Set(6, _dr6);
        }
    }

    /// <summary>Hits in the processor's registers as hits in the guest's; those of others are left out.</summary>
    /// <param name="hits">Bits 0 to 3 of DR6.</param>
    public ulong HitsOf(ulong hits)
    {
        ulong mine = 0;
        for (int n = 0; n < _places.Length; n++)
        {
            mine |= _places[n] != Nowhere && (hits >> _places[n] & 1) != 0 ? 1UL << n : 0;
        }

        return mine;
    }

    /// <summary>
    /// Registers or slots may have become free: what waits is armed, what is in a register of another number comes home.
    /// </summary>
    public void SettleIfNeeded()
    {
        if (IsDisplaced || Waiting != 0)
        {
            Settle();
        }
    }

    /// <summary>What the guest has armed is in registers, as far as there is room, and nothing else of it.</summary>
    public void Settle()
    {
        for (int n = 0; n < _places.Length; n++)
        {
            if (_places[n] != Nowhere && !Dr7Encoding.Decode(_dr7, n).IsEnabled)
            {
                Remove(n);
            }
        }

        for (int n = 0; n < _places.Length; n++)
        {
            Dr7Slot slot = Dr7Encoding.Decode(_dr7, n);
            if (slot.IsEnabled)
            {
                Place(n, new ArchBreakpoint(_addresses[n], slot.LengthCode, slot.TypeCode));
            }
        }

        Mask = 0;
        IsDisplaced = false;
        for (int n = 0; n < _places.Length; n++)
        {
            Mask |= _places[n] == Nowhere ? 0 : 1UL << _places[n];
            IsDisplaced |= _places[n] != Nowhere && _places[n] != n;
        }
    }

    private void Place(int n, ArchBreakpoint wanted)
    {
        PerfBreakpoint bp = _events[n] ??= new PerfBreakpoint(host.Host.Kernel, $"guest.dr{n}.C{cpu.Cpu.Number}", default, cpu.Cpu.Number, null)
        {
            // The hit is passed on to the guest when the kernel has done its part; until then nobody need do anything.
            OverflowHandler = static (_, _, _) => default,
        };
        CpuBreakpoints registers = Registers;
        if (_places[n] != Nowhere)
        {
            bool staysAway = _places[n] != n && registers.Slots[n].Value is not null;
            if (bp.Arch.Value == wanted && (_places[n] == n || staysAway))
            {
                return;
            }

            Remove(n);
        }

        BreakpointType type = wanted.TypeCode switch
        {
            ArchBreakpoint.Execute => BreakpointType.Execute,
            ArchBreakpoint.Write => BreakpointType.Write,

            // Ports, too, which perf has no name for.
            _ => BreakpointType.ReadWrite,
        };
        bp.Attributes.Cell.Commit(new BreakpointAttributes(wanted.Address, (ulong)wanted.Length, type) { IsPinned = true });
        bp.Arch.Cell.Commit(wanted);
        int place = registers.Slots[n].Value is null ? n : Array.FindIndex(registers.Slots, static slot => slot.Value is null);
        if (place < 0 || !host.Perf.Slots.TryReserveAtOnce(bp))
        {
            return;
        }

        _places[n] = place;
        registers.Slots[place].Commit(bp);
        registers.Addresses[place].Commit(wanted.Address);
        registers.Dr7.Commit(registers.Dr7.Value | Dr7Encoding.Encode(place, wanted.LengthCode, wanted.TypeCode));
        bp.OnCpu.Cell.Commit(cpu.Cpu.Number);
        bp.State.Cell.Commit(PerfEventState.Active);
        if (IsOnProcessor)
        {
            cpu.Cpu.DebugRegisters.Set(place, wanted.Address);
            cpu.Cpu.DebugRegisters.Set(7, registers.Dr7.Value);
        }
    }

    private void Remove(int n)
    {
        PerfBreakpoint bp = _events[n]!;
        CpuBreakpoints registers = Registers;
        ArchBreakpoint old = bp.Arch.Value;
        registers.Slots[_places[n]].Commit(null);
        registers.Dr7.Commit(registers.Dr7.Value & ~Dr7Encoding.Field(_places[n], old.LengthCode, old.TypeCode));
        bp.OnCpu.Cell.Commit(Nowhere);
        bp.State.Cell.Commit(PerfEventState.Off);
        host.Perf.Slots.ReleaseAtOnce(bp);
        _places[n] = Nowhere;
        if (IsOnProcessor)
        {
            cpu.Cpu.DebugRegisters.Set(7, registers.Dr7.Value);
        }
    }
}
