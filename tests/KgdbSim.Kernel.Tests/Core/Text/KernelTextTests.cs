using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core.Text;

/// <summary>
/// What a CPU may execute while another patches the instruction: SDM vol. 3, 9.1.3, and the int3 exception to it that the
/// kernel relies on (arch/x86/kernel/alternative.c: text_poke_bp_batch).
/// </summary>
public sealed class KernelTextTests
{
    private const int Old = 0;
    private const int New = 1;
    private static readonly byte[] OldBytes = [0xE8, 1, 1];
    private static readonly byte[] NewBytes = [0xE9, 2, 2];

    [Fact]
    public void Without_prefetch_a_CPU_executes_what_memory_holds()
    {
        ExplorationReport report = Patch(prefetch: false, async (c, site) =>
        {
            await site.WriteFirst(c, New);
        }, [0xE8, 1, 1], [0xE9, 1, 1]);

        Assert.Equal(["ran=0", "ran=1"], report.OutcomeSet);
    }

    [Fact]
    public void Memory_that_holds_neither_version_is_a_torn_instruction() => Small.Violates("torn instruction",
        Patch(prefetch: false, async (c, site) =>
        {
            await site.WriteTail(c, New);
            await site.WriteFirst(c, New);
        }));

    [Fact]
    public void A_prefetched_first_part_and_a_patched_rest_tear_even_if_the_bytes_are_a_version() =>
        Small.Violates("torn instruction",
            Patch(prefetch: true, async (c, site) => await site.Write(c, 1, 1), [0xB0, 0], [0xB0, 1]));

    [Fact]
    public void An_immediate_changed_at_once_without_prefetch_is_old_or_new() => Small.Holds(
        Patch(prefetch: false, async (c, site) => await site.Write(c, 1, 1), [0xB0, 0], [0xB0, 1]));

    /// <summary>TP-17: the tail right after the int3.</summary>
    [Fact]
    public void Without_a_sync_between_int3_and_tail_it_tears() => Small.Violates("torn instruction",
        Patch(prefetch: true, async (c, site) =>
        {
            await site.WriteInt3(c);
            await site.WriteTail(c, New);
            await Sync(c);
            await site.WriteFirst(c, New);
        }));

    /// <summary>TP-17's companion: the hardware vendors' statement that the second sync isn't needed.</summary>
    [Fact]
    public void The_sync_between_tail_and_first_byte_is_not_needed()
    {
        ExplorationReport report = Patch(prefetch: true, async (c, site) =>
        {
            await site.WriteInt3(c);
            await Sync(c);
            await site.WriteTail(c, New);
            await site.WriteFirst(c, New);
        });

        Small.Holds(report);
        Assert.Equal(["ran=-1", "ran=0", "ran=1"], report.OutcomeSet);
    }

    [Fact]
    public void A_CPU_keeps_old_bytes_until_it_serialises()
    {
        ExplorationReport Run(bool serialises) => Small.Explore(Small.Bare(1) with { HasPrefetch = true }, kernel =>
        {
            SharedCell<int> ran = kernel.World.Cell("ran", -2);
            KernelText text = new(kernel);
            TextSite site = text.AddSite("site", 0x1000, [0xB0, 0], [0xB0, 1]);
            site.Splits = [site.Length];
            kernel.Spawn("task", 0, async c =>
            {
                await site.Prefetch(c);
                await site.Write(c, 1, 1);
                if (serialises)
                {
                    await c.SyncCore();
                }

                await ran.Write(c, await site.Fetch(c));
            });
            kernel.World.Outcome(o => o.Add("ran", ran.Value));
        });

        Assert.Equal(["ran=0", "ran=1"], Run(serialises: false).OutcomeSet);
        Assert.Equal(["ran=1"], Run(serialises: true).OutcomeSet);
    }

    [Fact]
    public void The_IRET_of_an_interrupt_serialises()
    {
        ExplorationReport report = Small.Explore(Small.Bare(1) with { HasPrefetch = true }, kernel =>
        {
            SharedCell<int> ran = kernel.World.Cell("ran", -2);
            SharedCell<bool> interrupted = kernel.World.Cell("interrupted", false);
            KernelText text = new(kernel);
            TextSite site = text.AddSite("site", 0x1000, [0xB0, 0], [0xB0, 1]);
            site.Splits = [site.Length];
            kernel.Spawn("task", 0, async c =>
            {
                await site.Prefetch(c);
                await interrupted.WaitUntil(c, static value => value);
                await ran.Write(c, await site.Fetch(c));
            });
            kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c =>
            {
                await site.Write(c, 1, 1);
                await interrupted.Write(c, true);
            });
            kernel.World.Outcome(o => o.Add("ran", ran.Value));
        });

        // Stale only if the interrupt came before the prefetch; then it isn't stale at all.
        Assert.Equal(["ran=1"], report.OutcomeSet);
    }

    [Fact]
    public void An_int3_that_nobody_handles_is_an_oops() => Small.Violates("int3 nobody handles", Small.Explore(1, kernel =>
    {
        KernelText text = new(kernel);
        TextSite site = text.AddSite("site", 0x1000, OldBytes);
        kernel.Spawn("task", 0, async c =>
        {
            await site.WriteInt3(c);
            await text.Execute(c, site);
        });
    }));

    [Fact]
    public void A_handler_may_send_the_CPU_back_to_the_instruction()
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            SharedCell<int> ran = kernel.World.Cell("ran", -2);
            KernelText text = new(kernel);
            TextSite site = text.AddSite("site", 0x1000, OldBytes);
            text.Int3Handler = async (c, registers) =>
            {
                Assert.Equal(0x1001ul, registers.Ip);
                Assert.Equal(ContextKind.Breakpoint, c.Home.Kind);
                await site.WriteFirst(c, Old);
                registers.Ip = site.Address;
                return true;
            };
            kernel.Spawn("task", 0, async c =>
            {
                await site.WriteInt3(c);
                ExecutedInstruction executed = await text.Execute(c, site);
                Assert.Equal(0x1003ul, executed.Ip);
                await ran.Write(c, executed.Version);
            });
            kernel.World.Outcome(o => o.Add("ran", ran.Value));
        });

        Assert.Equal(["ran=0"], report.OutcomeSet);
    }

    private static Func<KernelContext, ValueTask> SyncOne { get; } = static async c => await c.SyncCore();

    private static async ValueTask Sync(KernelContext c) => await CrossCall.OnEachCpu(c, SyncOne, true);

    private static ExplorationReport Patch(bool prefetch, Func<KernelContext, TextSite, ValueTask> patch) =>
        Patch(prefetch, patch, OldBytes, NewBytes);

    /// <summary>CPU 0 patches while CPU 1 executes; its int3 is emulated as the new version.</summary>
    private static ExplorationReport Patch(bool prefetch, Func<KernelContext, TextSite, ValueTask> patch, byte[] before, byte[] after) =>
        Small.Explore(Small.Kernel(2) with { HasPrefetch = prefetch }, kernel =>
        {
            SharedCell<int> ran = kernel.World.Cell("ran", -2);
            KernelText text = new(kernel);
            TextSite site = text.AddSite("site", 0x1000, before, after);
            text.Int3Handler = (_, registers) =>
            {
                registers.Ip = site.Address + (ulong)site.Length;
                return ValueTask.FromResult(true);
            };
            kernel.Spawn("patcher", 0, c => patch(c, site));
            kernel.Spawn("executor", 1, async c => await ran.Write(c, (await text.Execute(c, site)).Version));
            kernel.World.Outcome(o => o.Add("ran", ran.Value));
        });
}
