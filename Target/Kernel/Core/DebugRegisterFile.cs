using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>DR0-DR3, DR6 and DR7 of one CPU; each access is a step of that CPU (SDM vol. 3, 18.2).</summary>
internal sealed class DebugRegisterFile
{
    /// <summary>DR6 with nothing to report.</summary>
    public const ulong Dr6Idle = Dr6Bits.Fixed;

    /// <summary>DR7 after reset: bit 10 reads as 1.</summary>
    public const ulong Dr7Reset = Dr7Bits.Fixed;

    private readonly SharedCell<ulong>[] _addresses = new SharedCell<ulong>[4];
    private readonly SharedCell<ulong> _dr6;
    private readonly SharedCell<ulong> _dr7;

    public DebugRegisterFile(World world, int cpu)
    {
        for (int i = 0; i < _addresses.Length; i++)
        {
            _addresses[i] = world.Cell(CpuNames.DebugRegister(cpu, i), 0UL);
        }

        _dr6 = world.Cell(CpuNames.DebugRegister(cpu, 6), Dr6Idle);
        _dr7 = world.Cell(CpuNames.DebugRegister(cpu, 7), Dr7Reset);
    }

    /// <summary>Who also wants the values: the registers of a simulated processor.</summary>
    public IDebugRegisterSink? Sink { get; set; }

    /// <summary>The cell of DRn; 4 and 5 are 6 and 7.</summary>
    public SharedCell<ulong> Cell(int number) => number switch
    {
        < 4 => _addresses[number],
        4 or 6 => _dr6,
        _ => _dr7,
    };

    /// <summary>What the hardware holds; looking takes no step.</summary>
    public ulong Value(int number) => Cell(number).Value;

    /// <summary>MOV from DRn.</summary>
    public Step<DebugRegisterRead, ulong> Read(KernelContext context, int number) => new(context, new DebugRegisterRead(this, number));

    /// <summary>MOV to DRn. Bit 10 of DR7 stays 1.</summary>
    public Step<DebugRegisterWrite, Nothing> Write(KernelContext context, int number, ulong value) =>
        new(context, new DebugRegisterWrite(this, number, value));

    /// <summary>Part of a step, or of set-up: DRn is <paramref name="value"/> now.</summary>
    public void Set(int number, ulong value)
    {
        ulong stored = number is 5 or 7 ? value | Dr7Reset : value;
        Cell(number).Commit(stored);
        Sink?.DebugRegisterWritten(number, stored);
    }

    /// <summary>The DR6 bits 0-3 that an access raises with the registers as they are.</summary>
    public ulong MatchData(ulong address, int length, bool isWrite)
    {
        ulong hits = 0;
        ulong dr7 = _dr7.Value;
        for (int n = 0; n < 4; n++)
        {
            int kind = Dr7Bits.Kind(dr7, n);
            if (!Dr7Bits.Enabled(dr7, n) || kind is not (Dr7Bits.Write or Dr7Bits.ReadWrite))
            {
                continue;
            }

            WatchKind wanted = kind == Dr7Bits.Write ? WatchKind.Write : WatchKind.Access;
            WatchRange range = WatchRange.FromDebugRegister(_addresses[n].Value, Dr7Bits.Length(dr7, n), wanted);
            hits |= range.Hit(address, length, isWrite ? WatchKind.Write : WatchKind.Read) ? 1UL << n : 0;
        }

        return hits;
    }

    /// <summary>The DR6 bits 0-3 that an instruction at <paramref name="address"/> raises before it is executed.</summary>
    public ulong MatchExecute(ulong address)
    {
        ulong hits = 0;
        ulong dr7 = _dr7.Value;
        for (int n = 0; n < 4; n++)
        {
            bool matches = Dr7Bits.Enabled(dr7, n) && Dr7Bits.Kind(dr7, n) == Dr7Bits.Execute && _addresses[n].Value == address;
            hits |= matches ? 1UL << n : 0;
        }

        return hits;
    }
}
