using System.Globalization;
using System.Text;
using Iced.Intel;
using KgdbSim.Stub.Binding.Kernel;
using KgdbSim.Stub.Session;
using KgdbSim.Target.Embedding;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Stub.Tests.Fakes;

/// <summary>A session with the kgdb of a modelled kernel: three CPUs that all increment the same counter for ever.</summary>
internal sealed class KernelSession : IDisposable
{
    private const int SlicesMax = 2_000;

    private static readonly GuestProgram Guest = Build();

    public KernelSession(string kernel = "6.1", bool lockdep = false, bool hasTasks = false, bool startsAll = true)
    {
        SimulationOptions options = new() { CpuCount = 3, StartAll = startsAll, Kernel = kernel, Lockdep = lockdep };
        Target = KgdbTarget.Create("/guest.elf", Guest.ToElf("_start"), options);
        Driver = new SessionDriver(new MachineControl(Target, hasTasks ? new TaskThreads(Target) : null)).Negotiated();
    }

    /// <summary>Eight bytes that every CPU writes to, all the time; the eight after them are never touched.</summary>
    public static ulong Counter { get; } = Guest.AddressOf("counter");

    /// <summary>The instruction after the one that writes.</summary>
    public static ulong Behind { get; } = Guest.AddressOf("behind");

    public KgdbTarget Target { get; }

    public SimulatedKernel Kernel => Target.Kernel;

    public SessionDriver Driver { get; }

    /// <summary>What gdb's monitor command prints.</summary>
    public string Monitor(string line)
    {
        string[] replies = Driver.AskAll("qRcmd," + Convert.ToHexString(Encoding.UTF8.GetBytes(line)));
        Assert.Equal("OK", replies[^1]);
        return Encoding.UTF8.GetString(Convert.FromHexString(string.Concat(replies[..^1].Select(reply => reply[1..]))));
    }

    /// <summary>A packet whose first part is a number: "Z2", then address and length.</summary>
    public string Point(string what, ulong address, int length) =>
        Driver.Ask(string.Create(CultureInfo.InvariantCulture, $"{what},{address:x},{length}"));

    /// <summary>Where a CPU's guest code stands.</summary>
    public ulong RipOf(int cpu) => Target.Host.Host.Cpus[cpu].Registers.Ip;

    /// <summary>Resumes all CPUs up to the next stop.</summary>
    public string Continue() => Driver.Ask("vCont;c", SlicesMax);

    /// <summary>Resumes all CPUs for so many slices of 100 steps, then interrupts them.</summary>
    public string RunFor(int slices)
    {
        Assert.Empty(Driver.AskAll("vCont;c", slices));
        return SessionDriver.Payloads(Driver.SendRaw("\x03") + Driver.RunSlices(SlicesMax))[0];
    }

    /// <summary>Everything about debug registers that can be seen.</summary>
    public string State() => Monitor("drs") + Monitor("slots") + Monitor("perf-bp") + Monitor("kgdb") + Monitor("events");

    public void Dispose() => Target.Dispose();

    private static GuestProgram Build()
    {
        GuestProgram guest = new();
        ulong counter = guest.Variable("counter", 16);
        Label again = guest.Function("_start");
        guest.Code.@lock.inc(__qword_ptr[(long)counter]);
        guest.Function("behind");
        guest.Code.nop();
        guest.Code.jmp(again);
        return guest;
    }
}
