using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>Modelled kernel code and guest code on the same simulated processors.</summary>
public sealed class KernelHostTests
{
    [Fact]
    public void An_int3_of_the_guest_is_taken_on_the_fast_path()
    {
        GuestProgram guest = CountingInt3(1000);
        using Simulation simulation = Boot(guest, 1);
        int taken = 0;
        KernelHost host = new(simulation.Machine, new KernelOptions { HasIpis = false }, _ => new NoTraps(), (_, trap) =>
        {
            taken += trap.Vector == Vector.Breakpoint ? 1 : 0;
            return true;
        });
        simulation.Runner.Kernel = host;

        SimulationStop stop = simulation.Run();

        Assert.Equal((SimulationStopReason.Exited, 1000), (stop.Reason, taken));
    }

    [Fact]
    public void A_trap_that_takes_modelled_code_resumes_the_guest_after_it()
    {
        GuestProgram guest = CountingInt3(100);
        using Simulation simulation = Boot(guest, 1);
        CountingTraps traps = new();
        simulation.Runner.Kernel = new KernelHost(
            simulation.Machine, new KernelOptions { HasIpis = false }, _ => traps, (_, _) => false);

        SimulationStop stop = simulation.Run();

        Assert.Equal((SimulationStopReason.Exited, 100), (stop.Reason, traps.Count));
    }

    [Fact]
    public void A_watch_in_the_debug_registers_reports_every_store()
    {
        GuestProgram guest = new();
        ulong counter = guest.Variable("counter", sizeof(ulong));
        Label loop = guest.Function("_start");
        guest.Code.inc(__qword_ptr[(long)counter]);
        guest.Code.cmp(__qword_ptr[(long)counter], 50);
        guest.Code.jne(loop);
        Exit(guest);
        using Simulation simulation = Boot(guest, 1);
        CountingTraps traps = new();
        KernelHost host = new(simulation.Machine, new KernelOptions { HasIpis = false }, _ => traps, (_, _) => false);
        simulation.Runner.Kernel = host;
        DebugRegisterFile registers = host.Cpus[0].Cpu.DebugRegisters;
        registers.Set(0, counter);
        registers.Set(7, 0x90602);

        SimulationStop stop = simulation.Run();

        Assert.Equal((SimulationStopReason.Exited, 50), (stop.Reason, traps.Count));
        Assert.Equal(0xFFFF0FF1UL, traps.LastDr6);
    }

    [Fact]
    public void A_processor_stops_the_others_by_NMI_and_lets_them_go_again()
    {
        // CPU 0 traps once; the others count until a word tells them to end.
        GuestProgram guest = new();
        ulong end = guest.Variable("end", sizeof(ulong));
        Label others = guest.Code.CreateLabel();
        guest.Function("_start");
        guest.Code.test(rdi, rdi);
        guest.Code.jne(others);
        guest.Code.int3();
        guest.Code.mov(__qword_ptr[(long)end], 1);
        Exit(guest);
        guest.Code.Label(ref others);
        guest.Code.inc(rbx);
        guest.Code.jmp(others);
        using Simulation simulation = Boot(guest, 4);
        RoundupTraps traps = new();
        KernelHost host = new(simulation.Machine, new KernelOptions(), traps.Build, (_, _) => false);
        traps.Host = host;
        simulation.Runner.Kernel = host;

        SimulationStop stop = simulation.Run();

        Assert.Equal(SimulationStopReason.Exited, stop.Reason);
        Assert.Equal(3, traps.Gathered);
    }

    private static Simulation Boot(GuestProgram guest, int cpus)
    {
        Simulation simulation = new(new SimulationOptions { CpuCount = cpus, StartAll = true });
        simulation.Load(guest.ToElf("_start"));
        return simulation;
    }

    private static GuestProgram CountingInt3(int count)
    {
        GuestProgram guest = new();
        guest.Function("_start");
        guest.Code.mov(ecx, count);
        Label loop = guest.Code.CreateLabel();
        guest.Code.Label(ref loop);
        guest.Code.int3();
        guest.Code.dec(ecx);
        guest.Code.jne(loop);
        Exit(guest);
        return guest;
    }

    private static void Exit(GuestProgram guest)
    {
        guest.Code.mov(eax, 0);
        guest.Code.mov(dx, 0xF4);
        guest.Code.@out(dx, al);
    }

    private sealed class NoTraps : IHostedTraps
    {
        public ValueTask Handle(KernelContext c, HostedCpu cpu, PendingEvent trap) => throw new InvalidOperationException("the fast path took none");

        public ValueTask HandleNmi(KernelContext c, HostedCpu cpu) => default;
    }

    private sealed class CountingTraps : IHostedTraps
    {
        public int Count { get; private set; }

        public ulong LastDr6 { get; private set; }

        public async ValueTask Handle(KernelContext c, HostedCpu cpu, PendingEvent trap)
        {
            await cpu.Cpu.EnterTrap(c, trap.Vector == Vector.Debug ? ContextKind.Debug : ContextKind.Breakpoint);
            Count++;
            LastDr6 = await cpu.Cpu.DebugRegisters.Read(c, 6);
            await cpu.Cpu.DebugRegisters.Write(c, 6, DebugRegisterFile.Dr6Idle);
            await cpu.Cpu.Leave(c);
        }

        public ValueTask HandleNmi(KernelContext c, HostedCpu cpu) => default;
    }

    /// <summary>A master that calls the slaves, waits for them, and lets them go.</summary>
    private sealed class RoundupTraps : IHostedTraps
    {
        private Target.Scheduling.Steps.SharedCell<int> _arrived = null!;
        private Target.Scheduling.Steps.SharedCell<bool> _release = null!;

        public KernelHost Host { get; set; } = null!;

        public int Gathered { get; private set; }

        public RoundupTraps Build(KernelModel kernel)
        {
            _arrived = kernel.World.Cell("arrived", 0);
            _release = kernel.World.Cell("release", false);
            return this;
        }

        public async ValueTask Handle(KernelContext c, HostedCpu cpu, PendingEvent trap)
        {
            foreach (HostedCpu other in Host.Cpus)
            {
                if (other != cpu)
                {
                    await other.Nmi.Raise(c);
                }
            }

            await _arrived.WaitUntil(c, static arrived => arrived == 3);
            Gathered = _arrived.Value;
            await _release.Write(c, true);
        }

        public async ValueTask HandleNmi(KernelContext c, HostedCpu cpu)
        {
            await _arrived.Write(c, await _arrived.Read(c) + 1);
            await _release.WaitUntil(c, static released => released);
        }
    }
}
