using Iced.Intel;
using KgdbSim.Target.Embedding;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Machine;

/// <summary>Once warm, running allocates nothing: per instruction, per turn, per trap, per stop.</summary>
public sealed class AllocationTests
{
    private const ulong Base = 0x10_0000;
    private const ulong Data = 0x20_0000;

    [Fact]
    public void Four_processors_in_turns_allocate_nothing()
    {
        using Simulation simulation = Build(4, a =>
        {
            Label top = a.CreateLabel();
            a.mov(ebx, (uint)Data);
            a.Label(ref top);
            a.@lock.inc(__qword_ptr[rbx]);
            a.mov(ecx, 100);
            a.lea(rsi, __[rbx + 64]);
            a.lea(rdi, __[rbx + 512]);
            a.rep.movsb();
            a.imul(rax, rcx, 77);
            a.pause();
            a.jmp(top);
        });
        simulation.Run(2_000_000);
        Assert.Equal(0, Measure(() => simulation.Run(1_000_000)));
    }

    [Fact]
    public void Stops_at_breakpoints_and_watchpoints_and_steps_allocate_nothing()
    {
        ulong inLoop = 0;
        using Simulation simulation = Build(1, a =>
        {
            Label top = a.CreateLabel();
            a.mov(ebx, (uint)Data);
            a.Label(ref top);
            a.inc(rax);
            a.mov(__qword_ptr[rbx], rax);
            a.jmp(top);
        });
        inLoop = Base + 5;
        simulation.AddWatchpoint(Data, 8);
        for (int i = 0; i < 100; i++)
        {
            simulation.Run();
        }

        Assert.Equal(0, Measure(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                simulation.Run();
            }
        }));
        simulation.RemoveWatchpoint(Data, 8);
        simulation.AddBreakpoint(inLoop);
        Action cycles = () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                simulation.Run();
                simulation.Step(0);
                simulation.Step(0);
            }
        };
        cycles();
        Assert.Equal(SimulationStopReason.Breakpoint, simulation.Run().Reason);
        Assert.Equal(0, Measure(cycles));
    }

    // The least of several: a collection that another test brings about retires part of this thread's allocation context,
    // which counts as allocated.
    private static long Measure(Action action)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static Simulation Build(int cpus, Action<Assembler> code)
    {
        var assembler = new Assembler(64);
        code(assembler);
        var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), Base);
        var simulation = new Simulation(new SimulationOptions { CpuCount = cpus, StartAll = true });
        simulation.Load(TestElf.Of(Base, stream.ToArray()));
        return simulation;
    }
}
