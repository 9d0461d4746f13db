using System.Diagnostics;
using Iced.Intel;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Benchmarks;

/// <summary>
/// What traps cost that the modelled kernel takes, and what the debugger's hardware breakpoints cost on many CPUs. Processor time, the
/// best of several rounds; the int3 guest side by side with QEMU.
/// </summary>
internal static class TrapBenchmark
{
    private const int Traps = 2_000_000;
    private const int Scale = 10;
    private const int Int3PerScale = 100_000;

    public static int Run(string[] args)
    {
        int rounds = args is ["-n", string n] ? int.Parse(n) : 5;
        double plain = Best(rounds, () => Loop(Kind.Nop, out _));
        double int3 = Best(rounds, () => Loop(Kind.Int3, out _));
        Loop(Kind.Int3, out long int3Bytes);
        double store = Best(rounds, () => Loop(Kind.Store, out _));
        double watch = Best(rounds, () => Loop(Kind.Watch, out _));
        Loop(Kind.Watch, out long watchBytes);
        Console.WriteLine($"the loop around it                    {plain,9:f1} ns");
        Console.WriteLine($"int3 consumed on the fast path        {int3 - plain,9:f1} ns above it   {int3Bytes} bytes for {Traps} traps (at most 100 ns)");
        Console.WriteLine($"hardware breakpoint, a perf user's    {watch - store,9:f1} ns            {watchBytes} bytes for {Traps} traps (at most 250 ns)");
        double sampled = Best(rounds, () => Loop(Kind.Sample, out _));
        Loop(Kind.Sample, out long sampledBytes);
        Console.WriteLine($"... with an overflow handler          {sampled - store,9:f1} ns            {sampledBytes} bytes for {Traps} traps (at most 250 ns)");
        double theirs = Best(rounds, QemuInt3);
        Console.WriteLine($"int3 a second: modelled fast path {1e3 / int3,6:f2} M, QEMU TCG through the guest's IDT {1e3 / theirs,6:f2} M: "
            + $"{theirs / int3:f1} times (at least 3)");
        double one = Best(rounds, () => InsertRemove(1));
        double many = Best(rounds, () => InsertRemove(64));
        Console.WriteLine($"Z1 and z1: 1 CPU {one / 1e3,7:f2} us, 64 CPUs {many / 1e3,7:f2} us: {many / one:f1} times (at most 20)");
        return 0;
    }

    private enum Kind
    {
        Nop,
        Int3,
        Store,
        Watch,
        Sample,
    }

    /// <summary>Nanoseconds per turn of a loop with the instruction in it.</summary>
    private static double Loop(Kind kind, out long bytes)
    {
        GuestProgram guest = new();
        ulong variable = guest.Variable("variable", sizeof(ulong));
        guest.Function("_start");
        guest.Code.mov(ecx, Traps);
        Label loop = guest.Code.CreateLabel();
        guest.Code.Label(ref loop);
        switch (kind)
        {
            case Kind.Nop:
                guest.Code.nop();
                break;
            case Kind.Int3:
                guest.Code.int3();
                break;
            default:
                guest.Code.mov(__qword_ptr[(long)variable], rcx);
                break;
        }

        guest.Code.nop();
        guest.Code.dec(ecx);
        guest.Code.jne(loop);
        guest.Code.mov(eax, 0);
        guest.Code.mov(dx, 0xF4);
        guest.Code.@out(dx, al);
        using Simulation simulation = new(new SimulationOptions { CpuCount = 1, StartAll = true, Kernel = "6.1" });
        simulation.Load(guest.ToElf("_start"));
        KgdbHost host = simulation.Kernel!.Host;
        host.Traps.Kprobes = kind == Kind.Int3 ? new Taker() : null;
        if (kind is Kind.Watch or Kind.Sample)
        {
            Watch(simulation.Kernel, variable, kind == Kind.Sample);
        }

        simulation.Run(1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        double begin = Peer.ThreadCpuSeconds();
        SimulationStop stop = simulation.Run();
        double elapsed = (Peer.ThreadCpuSeconds() - begin) * 1e9;
        bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return stop.Reason == SimulationStopReason.Exited ? elapsed / Traps : throw new InvalidOperationException($"{kind}: {stop}");
    }

    private static void Watch(SimulatedKernel kernel, ulong variable, bool samples)
    {
        KernelResult result = samples
            ? kernel.AddPerfSampler("perf", variable, 8, KernelBreakpointKind.Write)
            : kernel.AddPerfBreakpoint("perf", variable, 8, KernelBreakpointKind.Write);
        if (!result.IsDone)
        {
            throw new InvalidOperationException($"{result}");
        }
    }

    private static double QemuInt3()
    {
        string elf = Path.Combine(Peer.GuestFolder(Scale), "int3.elf");
        using Process process = Peer.Qemu.Start(elf, 1, 0);
        double begin = 0;
        double end = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            begin = line.StartsWith('B') ? Peer.CpuSeconds(process) : begin;
            end = line.StartsWith('E') ? Peer.CpuSeconds(process) : end;
        }

        process.WaitForExit();
        return (end - begin) * 1e9 / (Int3PerScale * Scale);
    }

    /// <summary>Nanoseconds for one Z1 and its z1, and the machine let go after each.</summary>
    private static double InsertRemove(int cpus)
    {
        const int count = 300;
        GuestProgram guest = new();
        Label loop = guest.Function("_start");
        guest.Code.jmp(loop);
        using Simulation simulation = new(new SimulationOptions { CpuCount = cpus, StartAll = true, Kernel = "6.1" });
        simulation.Load(guest.ToElf("_start"));
        KgdbHost host = simulation.Kernel!.Host;
        host.Enter(0);
        double begin = Peer.ThreadCpuSeconds();
        for (int i = 0; i < count; i++)
        {
            bool done = host.InsertHardware(0x100000, 1, KgdbBreakpointType.Execute) == Errno.None
                && host.RemoveHardware(0x100000, 1, KgdbBreakpointType.Execute) == Errno.None;
            if (!done)
            {
                throw new InvalidOperationException("Z1 or z1 failed");
            }
        }

        return (Peer.ThreadCpuSeconds() - begin) * 1e9 / count;
    }

    private static double Best(int rounds, Func<double> measure)
    {
        double best = measure();
        for (int i = 1; i < rounds; i++)
        {
            best = Math.Min(best, measure());
        }

        return best;
    }

    /// <summary>Takes every int3, as a kprobe whose handler does nothing would.</summary>
    private sealed class Taker : IInt3Hook
    {
        public string Name => "kprobes";

        public bool TryHandleInline(KernelCpu cpu, KernelRegisters registers) => true;

        public ValueTask<bool> Handle(KernelContext c, KernelRegisters registers) => ValueTask.FromResult(true);
    }
}
