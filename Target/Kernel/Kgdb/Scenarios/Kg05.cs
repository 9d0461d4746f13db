using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-05: is hw_breakpoint_restore() right on a CPU whose registers are a virtual machine's?</summary>
internal sealed class Kg05 : KgdbScenario
{
    private const ulong GuestAddress = 0x40_0000;
    private const ulong GuestDr7 = 0x1;

    public override string Id => "KG-05";

    public override string Subject =>
        "a CPU is rounded up while KVM has its debug registers: restore writes the host's values over the guest's";

    public override string Cure =>
        "cpu_debugreg is maintained at install (as in the code), and the guest's values are read before NMIs come";

    public override string Participants => "1 CPU: task (KVM); NMI";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        new("bad-stale", true, "as the reviewer feared: the array is only valid after KVM has saved into it"),
        new("bad-guest", true, "the NMI comes between the exit and KVM's read of DR0-3: KVM takes the host's values for the guest's"),
        new("fixed-host", false, "the array is maintained at install: the host's registers are right after every order of events"),
        new("fixed-guest", false, "KVM owns the guest's values by intercepting, so nothing is read back"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(1, KgdbDefects.None));
        CpuBreakpoints host = stage.Perf!.Cpu(0);
        PerfBreakpoint watch = new(stage.Kernel, "perf", new BreakpointAttributes(Watched, 1, BreakpointType.Write), 0, null);
        GuestDebugRegisters guest = new(stage.Perf) { Dr7 = GuestDr7, UsesRegisters = variant.Name is "bad-guest" or "fixed-host" };
        guest.SetAddress(0, GuestAddress);
        bool isStale = variant.Name == "bad-stale";
        stage.Kernel.Spawn("kvm", 0, async c =>
        {
            await stage.Perf.RegisterCpu(c, watch);
            if (isStale)
            {
                await host.Addresses[0].Write(c, 0);
            }

            bool irqs = await c.LocalIrqSave();
            await guest.Enter(c);
            c.Line("VMLAUNCH ... VM exit");
            await c.Home.DebugRegisters.Write(c, 7, 0);
            await guest.Exit(c);
            await c.LocalIrqRestore(irqs);
        });

        // A debugger's session begun on another CPU: this one comes in and leaves.
        stage.Kernel.AddInterrupt("C0.roundup", 0, ContextKind.Nmi, 1, async c =>
        {
            await stage.Hardware.DisableHere(c);
            await stage.Hardware.CorrectHere(c);
        });
        world.AtEnd("the host's registers are the host's", () => stage.Kernel.Cpus[0].DebugRegisters.Value(0) == Watched);
        if (variant.Name != "fixed-host")
        {
            world.AtEnd("the guest's registers are the guest's", () => guest.Address(0) == GuestAddress);
        }
    }
}
