using System.Buffers.Binary;
using Iced.Intel;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Kernel;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Hosting;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Stub.Tests.Binding;

/// <summary>
/// A CPU whose guest code handles an NMI of its own lets no other in (SDM vol. 3, 6.7.1): kgdb's roundup waits for it, and goes on without
/// it in the end (kgdb_cpu_enter: "Timed out waiting for secondary CPUs.").
/// </summary>
public sealed class RoundupTests : IDisposable
{
    private const ulong Code = GuestProgram.DefaultCodeAddress;
    private const int GateSize = 16;
    private const int Slices = 40_000;

    private readonly KgdbTarget _target;
    private readonly SessionDriver _gdb;
    private readonly ulong _counter;
    private readonly ulong _release;

    public RoundupTests()
    {
        GuestProgram guest = new();
        ulong table = guest.Variable("idt", Table());
        ulong pointer = guest.Variable("pointer", Pointer(table));
        _release = guest.Variable("release", 8);
        _counter = guest.Variable("counter", 8);
        Label handler = guest.Function("nmi");
        guest.Code.cmp(__qword_ptr[(long)_release], 0);
        guest.Code.je(handler);
        guest.Code.iretq();
        guest.Function("_start");
        guest.Code.mov(ax, cs);
        guest.Code.mov(__word_ptr[(long)table + (2 * GateSize) + 2], ax);
        guest.Code.lidt(__[(long)pointer]);
        Label again = guest.Function("again");
        guest.Code.inc(rbx);
        guest.Code.test(ebx, 0xFFF);
        guest.Code.jne(again);
        guest.Code.test(rdi, rdi);
        guest.Code.jne(again);
        guest.Code.mov(__qword_ptr[(long)_counter], rbx);
        guest.Code.jmp(again);
        SimulationOptions options = new() { CpuCount = 3, StartAll = true, Kernel = "6.1" };
        _target = KgdbTarget.Create("/guest.elf", guest.ToElf("_start"), options);
        _gdb = new SessionDriver(new MachineControl(_target)).Negotiated();

        // All have loaded their interrupt tables.
        Assert.Empty(_gdb.AskAll("vCont;c", 200));
        Assert.StartsWith("T02", Interrupt());
    }

    [Fact]
    public void Whoever_stays_in_its_handler_is_left_out_and_named()
    {
        Watch(1);
        Assert.StartsWith($"T05watch:{_counter:x};", _gdb.Ask("vCont;c", Slices));
        Assert.True(_target.Host.Roundup.IsMissing(1), "CPU 1 is in its handler");
        string kgdb = Monitor("kgdb");
        Assert.Contains("CPU#1  outside", kgdb);
        Assert.Contains("console  Timed out waiting for secondary CPUs.", kgdb);
        Assert.Contains("[missed the roundup", Monitor("drs 1"));
        Assert.Contains("CPU#1  1 of 4  [missed the roundup", Monitor("slots"));
        Assert.Contains("[in kgdb]", Monitor("drs 0"));

        // It comes once its handler has returned.
        Assert.Equal("OK", _gdb.Ask($"M{_release:x},8:0100000000000000"));
        Assert.StartsWith($"T05watch:{_counter:x};", _gdb.Ask("vCont;c", Slices));
        while (_target.Host.Roundup.IsMissing(1))
        {
            Assert.StartsWith($"T05watch:{_counter:x};", _gdb.Ask("vCont;c", Slices));
        }

        Assert.Contains("CPU#1  slave", Monitor("kgdb"));
    }

    [Fact]
    public void Whoever_comes_back_in_time_is_waited_for()
    {
        Watch(2);
        Assert.Empty(_gdb.AskAll("vCont;c", 1_000));
        Assert.True(_target.Host.Kgdb.Core.IsRoundingUp, "the master waits for CPU 2");
        ulong before = _target.Facts.StepCountOf(2);
        _gdb.RunSlices(100);
        Assert.True(_target.Facts.StepCountOf(2) > before, "which runs");
        Assert.True(_target.WriteMemory(0, _release, [1]));
        Assert.StartsWith("T05watch:", SessionDriver.Payloads(_gdb.RunSlices(Slices))[0]);
        Assert.False(_target.Host.Roundup.IsMissing(2));
        Assert.DoesNotContain("Timed out", Monitor("kgdb"));
    }

    [Fact]
    public void How_a_run_is_cut_does_not_matter_to_when_patience_ends()
    {
        Watch(1);
        Assert.StartsWith("T05watch:", _gdb.Ask("vCont;c", Slices));
        ulong first = _target.Facts.StepCountOf(0);
        Assert.InRange(_target.Facts.StepCount, RoundupClock.StepsMax, RoundupClock.StepsMax + 200_000);

        // The same in slices of all sorts.
        using RoundupTests other = new();
        Assert.Equal("OK", other._gdb.Ask($"Z2,{_counter:x},8"));
        other.Pend(1);
        ResumePlan plan = new(3);
        plan.SetAll(ResumeAction.Continue);
        List<StopEvent> stops = [];
        ulong slice = 1;
        while (other._target.Run(plan, (long)slice, stops).End != RunEnd.Stopped)
        {
            slice = (slice * 7 % 1009) + 1;
        }

        Assert.Equal((_target.Facts.StepCount, first), (other._target.Facts.StepCount, other._target.Facts.StepCountOf(0)));
    }

    [Fact]
    public void A_debugger_that_interrupts_does_not_wait()
    {
        Pend(1);
        Assert.Empty(_gdb.AskAll("vCont;c", 100));
        ulong before = _target.Facts.StepCountOf(1);
        string reply = Interrupt();
        Assert.StartsWith("T02thread:p1.1;", reply);
        Assert.True(_target.Host.Roundup.IsMissing(1), "CPU 1 is in its handler");
        Assert.Equal(before, _target.Facts.StepCountOf(1));
    }

    [Fact]
    public void The_only_cpu_comes_in_from_its_handler_when_it_is_asked_to()
    {
        for (int cpu = 0; cpu < 3; cpu++)
        {
            Pend(cpu);
        }

        Assert.Empty(_gdb.AskAll("vCont;c", 200));
        Assert.StartsWith("T02", Interrupt());
        Assert.StartsWith("T05thread:p1.2;", _gdb.Ask("vCont;s:p1.2", Slices));
    }

    public void Dispose() => _target.Dispose();

    /// <summary>What CPU 0 writes now and then is watched, and an NMI of the guest's comes to a CPU as soon as the machine is let go.</summary>
    private void Watch(int cpu)
    {
        Assert.Equal("OK", _gdb.Ask($"Z2,{_counter:x},8"));
        Pend(cpu);
    }

    private unsafe void Pend(int cpu) => _target.Host.Host.Cpus[cpu].Vcpu.Apic.State->NmiPending = true;

    private string Interrupt() => SessionDriver.Payloads(_gdb.SendRaw("\x03") + _gdb.RunSlices(10))[0];

    private string Monitor(string line)
    {
        string[] replies = _gdb.AskAll("qRcmd," + Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(line)));
        return System.Text.Encoding.ASCII.GetString(Convert.FromHexString(string.Concat(replies[..^1].Select(reply => reply[1..]))));
    }

    /// <summary>A gate of vector 2 but for the selector (SDM vol. 3, 6.14.1).</summary>
    private static byte[] Table()
    {
        byte[] table = new byte[4 * GateSize];
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(2 * GateSize), unchecked((ushort)Code));
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan((2 * GateSize) + 4), 0x8E00);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan((2 * GateSize) + 6), (ushort)(Code >> 16));
        return table;
    }

    private static byte[] Pointer(ulong table)
    {
        byte[] pointer = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(pointer, (4 * GateSize) - 1);
        BinaryPrimitives.WriteUInt64LittleEndian(pointer.AsSpan(2), table);
        return pointer;
    }
}
