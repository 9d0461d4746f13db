using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Between;

/// <summary>XS-04: an int3 in an NMI in a debug exception; its IRET opens NMIs too early.</summary>
internal sealed class Xs04 : Scenario
{
    private const ulong Code = 0xFFFF_FFFF_8100_1000;
    private const ulong Site = 0xFFFF_FFFF_8100_2000;
    private const ulong Watched = 0xFFFF_8880_0000_2000;

    public override string Id => "XS-04";

    public override string Subject =>
        "an NMI handler runs into a site being patched; the int3's IRET opens NMIs, and the next one overwrites the first one's frame";

    public override string Cure => "the software latch: a nested NMI is remembered and handled after the first (nmi_state)";

    public override string Participants => "1 CPU: #DB; NMI; #BP; NMI";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStageOptions options = KgdbStageOptions.Of(1, KgdbDefects.None);
        KgdbStage stage = new(world, options with { Traps = options.Traps with { HasNmiLatch = variant.HasFix } });
        PerfBreakpoint perf = new(stage.Kernel, "perf", new BreakpointAttributes(Watched, 1, BreakpointType.Write), 0, null);
        SharedCell<int> depth = world.Cell("NMI handlers under way", 0);
        SharedCell<int> handled = world.Cell("NMIs handled", 0);
        stage.Traps.TextPoke = new PatchedSite(Site);
        stage.Traps.NmiLocal.Add("test", async (c, _) =>
        {
            if (await depth.FetchAdd(c, 1) != 0)
            {
                c.Fail("nested NMI", "a second NMI runs on the stack of the first and overwrites its frame");
            }

            KernelRegisters own = new() { Ip = Site + 1 };
            await stage.Traps.Int3(c, own);
            if (own.Ip != Site + 1)
            {
                c.Fail("registers", $"the patched site returns to {own.Ip:x}");
            }

            await depth.FetchAdd(c, -1);
            await handled.FetchAdd(c, 1);
            return true;
        });
        StageThread thread = stage.Thread(0, new StageInstruction(Code, Watched, 1));
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await stage.Perf!.RegisterCpu(c, perf);
            await thread.Run(c);
        });
        for (int i = 0; i < 2; i++)
        {
            stage.Kernel.AddInterrupt($"C0.nmi{i}", 0, ContextKind.Nmi, 1, async c => await stage.Traps.Nmi(c, stage.Registers(0)));
        }

        world.AtEnd("the watch has hit once, both NMIs were handled", () => perf.Count.Value == 1 && handled.Value == 2);
        world.AtEnd("DR7 and ip are intact", () =>
            (stage.Kernel.Cpus[0].DebugRegisters.Value(7) & ~DebugRegisterFile.Dr7Reset) == stage.Perf!.Cpu(0).Dr7.Value
            && stage.Registers(0).Ip == Code + 1);
    }

    /// <summary>A NOP that is being patched: the trap goes on after it.</summary>
    private sealed class PatchedSite(ulong site) : IInt3Hook
    {
        public string Name => "text_poke";

        public bool TryHandleInline(KernelCpu cpu, KernelRegisters registers) => registers.Ip - 1 == site;

        public async ValueTask<bool> Handle(KernelContext c, KernelRegisters registers)
        {
            c.Line("poke_int3_handler: int3_emulate_jmp(regs, 0)");
            await c.LocalStep();
            return registers.Ip - 1 == site;
        }
    }
}
