using System.Buffers.Binary;
using System.Globalization;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Stub.Tests.Accounting;

/// <summary>
/// A debugger that does at random what gdb can be made to do (breakpoints of both kinds and watchpoints, stepping one CPU or two with
/// the others held or running, ranges, interrupts, gdb's way of stepping over a breakpoint), and holds every stop against the guest's account.
/// </summary>
internal sealed class RandomDebugger
{
    private const int RipNumber = 16;
    private const int Patience = 40;
    private const ulong EnableBits = 0xff;

    /// <summary>G1 of DR7.</summary>
    private const ulong GuestsDr1 = 8;

    private readonly CountingGuest _guest;
    private readonly IDebugTarget _target;
    private readonly SessionDriver _driver;
    private readonly Account[] _accounts;
    private readonly string?[] _software = new string?[CountingGuest.PlaceCount];
    private readonly string?[] _hardware = new string?[CountingGuest.PlaceCount + CountingGuest.VariableCount];
    private readonly bool[] _isAtReported;
    private readonly ulong?[] _perfBase = new ulong?[CountingGuest.VariableCount];
    private readonly List<string> _log = [];
    private Prng _random;

    /// <param name="guest">What runs.</param>
    /// <param name="target">On what.</param>
    /// <param name="threads">What it sees as threads, of which CPU n's code is number n + 1; null: CPUs.</param>
    /// <param name="seed">What it does follows from this.</param>
    public RandomDebugger(CountingGuest guest, IDebugTarget target, IThreads? threads, ulong seed)
    {
        _guest = guest;
        _target = target;
        _driver = new SessionDriver(new MachineControl(target, threads)).Negotiated("swbreak+;hwbreak+");
        _accounts = [.. Enumerable.Range(0, _hardware.Length).Select(_ => new Account(target.CpuCount))];
        _isAtReported = new bool[target.CpuCount];
        _random = new Prng(seed);
    }

    /// <summary>How many hits have been reported and found right.</summary>
    public int HitCount { get; private set; }

    /// <summary>What was sent and received last, and the traps that the kernel has seen.</summary>
    public string Log => string.Join('\n', [.. _log.TakeLast(60), .. _target.Kernel?.Latest(12).Select(trap => trap.ToString()) ?? []]);

    /// <summary>Lets all CPUs get to work.</summary>
    public void WarmUp()
    {
        while (Passages().Contains(0UL))
        {
            Run("vCont;c");
        }
    }

    /// <summary>Does something, and sees that what it led to is right.</summary>
    public void Act()
    {
        switch (_random.NextBelow(12))
        {
            case 0 or 1:
                ToggleSoftware((int)_random.NextBelow(CountingGuest.PlaceCount));
                break;
            case 2 or 3:
                ToggleHardware((int)_random.NextBelow((ulong)_hardware.Length));
                break;
            case 4:
                StepOne(string.Create(CultureInfo.InvariantCulture, $"vCont;s:{RandomCpu() + 1:x}"));
                break;
            case 5:
                StepOne(string.Create(CultureInfo.InvariantCulture, $"vCont;s:{RandomCpu() + 1:x};c"));
                break;
            case 10 or 11:
                string others = _random.NextBelow(2) == 0 ? ";c" : "";
                StepOne(string.Create(CultureInfo.InvariantCulture, $"vCont;s:{RandomCpu() + 1:x};s:{RandomCpu() + 1:x}{others}"));
                break;
            case 6 when _random.NextBelow(8) == 0:
                AddPerfUser((int)_random.NextBelow(CountingGuest.VariableCount));
                break;
            case 6:
                ulong start = _guest.Places[0];
                StepOne(string.Create(CultureInfo.InvariantCulture, $"vCont;r{start:x},{start + 8:x}:{RandomCpu() + 1:x};c"));
                break;
            default:
                StepOne("vCont;c");
                break;
        }
    }

    /// <summary>Takes everything away, leaves, and sees that nothing stays behind.</summary>
    public void Leave(byte[] code)
    {
        Assert.Equal("OK", Ask("D"));
        ulong[] before = Passages();
        ResumePlan plan = new(_target.CpuCount);
        plan.SetAll(ResumeAction.Continue);
        List<StopEvent> stops = [];
        Assert.True(_target.Run(plan, 100_000, stops).End != RunEnd.Stopped, $"stopped after 'D': {string.Join(", ", stops)}");
        for (int i = 0; i < 100_000 && IsHandlingTraps(); i++)
        {
            _target.Run(plan, 1, stops);
        }

        ulong[] after = Passages();
        Assert.All(Enumerable.Range(0, before.Length), cpu => Assert.True(after[cpu] > before[cpu], $"CPU {cpu} doesn't run after 'D'"));
        CheckText(code);
        RemovePerfUsers();
        for (int cpu = 0; cpu < _target.CpuCount; cpu++)
        {
            ulong dr7 = _target.Kernel?.DebugRegisters(cpu).Hardware.Dr7 ?? 0;
            ulong expected = _guest.Arms && _target.Kernel is not null ? GuestsDr1 : 0;
            Assert.True((dr7 & EnableBits) == expected, $"CPU {cpu} is armed after 'D': DR7 {dr7:x}");
        }
    }

    /// <summary>The guest's code as the debugger sees it, and as it is.</summary>
    public void CheckText(byte[] code)
    {
        byte[] now = new byte[code.Length];
        Assert.Equal(now.Length, _target.ReadMemory(0, _guest.Places[0], now));
        Assert.Equal(code, now);
    }

    /// <summary>A trap has happened that the kernel has not begun to deal with.</summary>
    private bool IsHandlingTraps() => _target.Kernel?.Host.Host.Cpus.Any(static cpu => cpu.IsInKernel) == true;

    /// <summary>Somebody else in the kernel counts the writes to a variable while the debugger does what it does.</summary>
    private void AddPerfUser(int variable)
    {
        if (_target.Kernel is { } kernel && _perfBase[variable] is null
            && (kernel.AddPerfBreakpoint($"user{variable}", _guest.Variables[variable], 8, KernelBreakpointKind.Write).IsDone
                || kernel.AddKernelBreakpoint($"user{variable}", _guest.Variables[variable], 8, KernelBreakpointKind.Write).IsDone))
        {
            _log.Add($"another user of variable {variable}");
            _perfBase[variable] = Writes(variable);
        }
    }

    private void RemovePerfUsers()
    {
        for (int variable = 0; variable < _perfBase.Length; variable++)
        {
            if (_perfBase[variable] is { } before)
            {
                string name = $"user{variable}";
                SimulatedKernel kernel = _target.Kernel!;
                KernelBreakpoint user = kernel.PerfBreakpoints.Concat(kernel.KernelBreakpoints).Single(other => other.Name == name);
                Assert.Equal(Writes(variable) - before, (ulong)user.HitCount);
                bool isRemoved = kernel.RemovePerfBreakpoint(name).IsDone || kernel.RemoveKernelBreakpoint(name).IsDone;
                Assert.True(isRemoved, $"{name} can't be removed");
            }
        }
    }

    /// <summary>How often all CPUs together have written a variable: what they have counted, but for those that are about to write.</summary>
    private ulong Writes(int variable)
    {
        ulong writes = 0;
        for (int cpu = 0; cpu < _target.CpuCount; cpu++)
        {
            bool isAtIt = Rip(cpu) == _guest.Writers[variable];
            writes += Word(cpu, _guest.CountOf(CountingGuest.PlaceCount + variable, cpu)) - (isAtIt ? 1UL : 0);
        }

        return writes;
    }

    private ulong[] Passages() => [.. Enumerable.Range(0, _target.CpuCount).Select(cpu => Word(cpu, _guest.CountOf(0, cpu)))];

    private int RandomCpu() => (int)_random.NextBelow((ulong)_target.CpuCount);

    private void ToggleSoftware(int place)
    {
        string point = string.Create(CultureInfo.InvariantCulture, $"0,{_guest.Places[place]:x},1");
        if (_software[place] is null)
        {
            Assert.Equal("OK", Ask("Z" + point));
            Open(place, _guest.Places[place], _hardware[place] is null);
            _software[place] = point;
        }
        else
        {
            Assert.Equal("OK", Ask("z" + point));
            _software[place] = null;
            Close(place);
        }
    }

    private void ToggleHardware(int number)
    {
        if (_hardware[number] is { } present)
        {
            Assert.Equal("OK", Ask("z" + present));
            _hardware[number] = null;
            Close(number);
            return;
        }

        int variable = number - CountingGuest.PlaceCount;
        string point = variable < 0
            ? string.Create(CultureInfo.InvariantCulture, $"1,{_guest.Places[number]:x},1")
            : string.Create(CultureInfo.InvariantCulture, $"{(_random.NextBelow(2) == 0 ? 2 : 4)},{_guest.Variables[variable]:x},8");
        string reply = Ask("Z" + point);
        bool isFull = _hardware.Count(other => other is not null) + _perfBase.Count(user => user is not null) + (_guest.Arms ? 1 : 0) == 4;
        Assert.True(reply == "OK" || (isFull && reply[0] == 'E'), $"{reply} to Z{point}");
        if (reply == "OK")
        {
            Open(number, variable < 0 ? _guest.Places[number] : _guest.Writers[variable], variable >= 0 || _software[number] is null);
            _hardware[number] = point;
        }
    }

    private void Open(int number, ulong address, bool isFirst)
    {
        for (int cpu = 0; isFirst && cpu < _target.CpuCount; cpu++)
        {
            // Whoever was reported there will be stepped over it.
            _accounts[number].Open(cpu, Word(cpu, _guest.CountOf(number, cpu)), Rip(cpu) == address && !_isAtReported[cpu]);
        }
    }

    private void Close(int number)
    {
        for (int cpu = 0; cpu < _target.CpuCount; cpu++)
        {
            _accounts[number].Close(cpu, Word(cpu, _guest.CountOf(number, cpu)));
        }
    }

    /// <summary>Resumes, after stepping every CPU over the breakpoint that was reported for it, as gdb does.</summary>
    private void StepOne(string resume)
    {
        for (int cpu = 0; cpu < _isAtReported.Length; cpu++)
        {
            if (_isAtReported[cpu] && PlaceOf(Rip(cpu)) is { } place && !StepOver(cpu, place))
            {
                return;
            }

            _isAtReported[cpu] = false;
        }

        Told(Run(resume));
    }

    /// <returns>Whether nothing else came up.</returns>
    private bool StepOver(int cpu, int place)
    {
        Change('z', place);
        StopText stop = Run(string.Create(CultureInfo.InvariantCulture, $"vCont;s:{cpu + 1:x}"));
        bool isOver = stop.Cpu == cpu && Rip(cpu) != _guest.Places[place];
        _isAtReported[cpu] = !isOver;
        Change('Z', place);
        return Told(stop) && isOver;
    }

    private void Change(char how, int place)
    {
        foreach (string? point in (string?[])[_software[place], _hardware[place]])
        {
            if (point is not null)
            {
                Assert.Equal("OK", Ask(how + point));
            }
        }
    }

    /// <summary>The guest has had each of its own hits, in time and with its own number.</summary>
    private void CheckGuests()
    {
        for (int cpu = 0; cpu < _target.CpuCount && _guest.Arms; cpu++)
        {
            ulong writes = Word(cpu, _guest.CountOf(CountingGuest.PlaceCount + 1, cpu));
            ulong hits = Word(cpu, _guest.Hits + ((ulong)cpu * sizeof(ulong)));
            Assert.True(writes - hits <= 1, $"CPU {cpu}: the guest has had {hits} of its {writes} debug exceptions");
            Assert.Equal(0UL, Word(cpu, _guest.Wrong));
        }
    }

    private StopText Run(string resume)
    {
        _log.Add("-> " + resume);
        string[] replies = _driver.AskAll(resume, 1 + (int)_random.NextBelow(Patience));
        if (replies.Length == 0)
        {
            _log.Add("-> ^C");
            replies = SessionDriver.Payloads(_driver.SendRaw("\x03") + _driver.RunSlices(Patience));
        }

        Assert.True(replies.Length == 1, $"{replies.Length} replies to {resume}");
        _log.Add("<- " + replies[0] + " rips " + string.Join(' ', Enumerable.Range(0, _target.CpuCount).Select(c => $"{Rip(c):x}")));
        return StopText.Parse(replies[0]);
    }

    /// <summary>Holds a stop against the account.</summary>
    /// <returns>Whether it was neither breakpoint nor watchpoint.</returns>
    private bool Told(StopText stop)
    {
        for (int cpu = 0; cpu < _target.CpuCount; cpu++)
        {
            ulong dr7 = _target.Kernel?.DebugRegisters(cpu).Hardware.Dr7 ?? 0;
            Assert.True((dr7 & EnableBits) == 0, $"CPU {cpu} is armed in kgdb: DR7 {dr7:x}");
        }

        CheckGuests();
        int? point = stop.Watched is { } watched ? CountingGuest.PlaceCount + IndexOf(_guest.Variables, watched) : PlaceOf(Rip(stop.Cpu));
        if (point is not { } number)
        {
            Assert.False(stop.IsBreakpoint, $"a breakpoint is reported at {Rip(stop.Cpu):x}, where none is");
            return true;
        }

        Assert.True(_hardware[number] is not null || (number < _software.Length && _software[number] is not null),
            $"point {number} isn't inserted");
        _isAtReported[stop.Cpu] |= number < CountingGuest.PlaceCount;
        string? wrong = _accounts[number].Report(stop.Cpu, Word(stop.Cpu, _guest.CountOf(number, stop.Cpu)));
        Assert.True(wrong is null, $"point {number}, CPU {stop.Cpu}: {wrong}");
        HitCount++;
        return false;
    }

    /// <summary>Which place with a breakpoint an address is.</summary>
    private int? PlaceOf(ulong rip)
    {
        int place = IndexOf(_guest.Places, rip);
        return place >= 0 && (_software[place] is not null || _hardware[place] is not null) ? place : null;
    }

    private static int IndexOf(IReadOnlyList<ulong> list, ulong value)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] == value)
            {
                return i;
            }
        }

        return -1;
    }

    private string Ask(string packet)
    {
        string reply = _driver.Ask(packet);
        _log.Add($"-> {packet}  <- {reply}");
        return reply;
    }

    private ulong Rip(int cpu)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        Assert.Equal(value.Length, _target.ReadRegister(cpu, RipNumber, value));
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    private ulong Word(int cpu, ulong address)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        Assert.Equal(value.Length, _target.ReadMemory(cpu, address, value));
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }
}
