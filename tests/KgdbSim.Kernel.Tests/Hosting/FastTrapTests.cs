using Iced.Intel;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>Traps that the modelled kernel deals with on the spot: what they do, and that they allocate nothing.</summary>
public sealed class FastTrapTests
{
    private const int Count = 20_000;

    [Fact]
    public void An_int3_that_kprobes_takes_allocates_nothing()
    {
        using Simulation simulation = Boot(out _, static (code, _) => code.int3());
        Taker taker = new();
        simulation.Kernel!.Host.Traps.Kprobes = taker;
        Assert.Equal(0, Allocated(simulation));
        Assert.Equal(Count, taker.Count);
    }

    [Fact]
    public void A_breakpoint_that_only_counts_allocates_nothing_and_counts_all()
    {
        using Simulation simulation = Boot(out ulong variable, static (code, variable) => code.mov(__qword_ptr[(long)variable], rcx));
        KgdbHost host = simulation.Kernel!.Host;
        PerfBreakpoint[] watch = host.Perf.MakeWide("perf", new BreakpointAttributes(variable, 8, BreakpointType.Write));
        host.Enter(0);
        Assert.Equal(Errno.None, host.Do(c => host.Perf.RegisterCpu(c, watch[0])));
        host.Resume(-1);
        Assert.Equal(0, Allocated(simulation));
        Assert.Equal(Count, watch[0].Count.Value);
        Assert.Equal(DebugRegisterFile.Dr6Idle, host.Host.Cpus[0].Cpu.DebugRegisters.Value(6));
        Assert.Equal(("hw_breakpoint", TrapVerdict.Consumed), (host.Traps.Events.Latest(0).Consumer, host.Traps.Events.Latest(0).Verdict));
    }

    [Fact]
    public void A_breakpoint_that_samples_allocates_nothing_and_writes_all_down()
    {
        using Simulation simulation = Boot(out ulong variable, static (code, variable) => code.mov(__qword_ptr[(long)variable], rcx));
        SimulatedKernel kernel = simulation.Kernel!;
        Assert.True(kernel.AddPerfSampler("sampler", variable, 8, KernelBreakpointKind.Write).IsDone);
        simulation.Run(1);
        Assert.Equal(0, Allocated(simulation));
        Assert.Equal(Count, kernel.PerfBreakpoints[0].HitCount);
        IReadOnlyList<KernelSample> samples = kernel.PerfSamples("sampler");
        Assert.Equal(Enumerable.Range(Count - 255, 256).Select(static n => (long)n), samples.Select(static sample => sample.Number));
        Assert.Single(samples.Select(static sample => (sample.Cpu, sample.Rip)).Distinct());
        Assert.Equal("hw_breakpoint", kernel.Host.Traps.Events.Latest(0).Consumer);
    }

    /// <summary>Bytes allocated while the second half of the loop runs.</summary>
    private static long Allocated(Simulation simulation)
    {
        simulation.Run(Count * 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        simulation.Run(Count);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(SimulationStopReason.Exited, simulation.Run().Reason);
        return bytes;
    }

    /// <summary>One CPU that executes an instruction <see cref="Count"/> times and exits.</summary>
    private static Simulation Boot(out ulong variable, Action<Assembler, ulong> instruction)
    {
        GuestProgram guest = new();
        variable = guest.Variable("variable", sizeof(ulong));
        guest.Function("_start");
        guest.Code.mov(ecx, Count);
        Label loop = guest.Code.CreateLabel();
        guest.Code.Label(ref loop);
        instruction(guest.Code, variable);
        guest.Code.dec(ecx);
        guest.Code.jne(loop);
        guest.Code.mov(eax, 0);
        guest.Code.mov(dx, 0xF4);
        guest.Code.@out(dx, al);
        Simulation simulation = new(new SimulationOptions { CpuCount = 1, StartAll = true, Kernel = "6.1" });
        simulation.Load(guest.ToElf("_start"));
        return simulation;
    }

    private sealed class Taker : IInt3Hook
    {
        public int Count { get; private set; }

        public string Name => "kprobes";

        public bool TryHandleInline(KernelCpu cpu, KernelRegisters registers)
        {
            Count++;
            return true;
        }

        public ValueTask<bool> Handle(KernelContext c, KernelRegisters registers) => ValueTask.FromResult(false);
    }
}
