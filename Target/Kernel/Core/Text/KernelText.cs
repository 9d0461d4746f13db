using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// The instructions of the kernel that somebody patches while CPUs execute them. What a CPU executes need not be what memory
/// holds: it may have prefetched some of the bytes before they were written, and keeps them until it serialises
/// (SDM vol. 3, 9.1.3: cross-modifying code).
/// </summary>
internal sealed class KernelText(KernelModel kernel)
{
    private readonly List<TextSite> _sites = [];

    /// <summary>Every place that can be patched, in order of creation.</summary>
    public IReadOnlyList<TextSite> Sites => _sites;

    /// <summary>
    /// What the kernel does on #BP, told the registers with <see cref="KernelRegisters.Ip"/> one past the int3; yields whether
    /// it was for somebody. None: every int3 is an oops.
    /// </summary>
    public Func<KernelContext, KernelRegisters, ValueTask<bool>>? Int3Handler { get; set; }

    /// <summary>An instruction that can be patched.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="address">Of its first byte.</param>
    /// <param name="versions">Every complete form it may have, all equally long, 1 to 8 bytes; memory holds the first one.</param>
    public TextSite AddSite(string name, ulong address, params byte[][] versions)
    {
        TextSite site = new(kernel, name, address, versions);
        _sites.Add(site);
        return site;
    }

    /// <summary>The site whose first byte is at <paramref name="address"/>, or null.</summary>
    public TextSite? SiteAt(ulong address) => _sites.Find(site => site.Address == address);

    /// <summary>
    /// Executes the instruction at a site: fetches it, perhaps in two parts at two times, and takes the #BP if it is an int3,
    /// as often as its handler sends it back.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<ExecutedInstruction> Execute(KernelContext c, TextSite site)
    {
        while (true)
        {
            if (kernel.Options.HasPrefetch && !c.RunsInline)
            {
                await site.Prefetch(c);
            }

            int version = await site.Fetch(c);
            if (version != TextSite.Int3)
            {
                return new ExecutedInstruction(version, site.Address + (ulong)site.Length);
            }

            KernelRegisters registers = new() { Ip = site.Address + 1 };
            await c.Home.EnterTrap(c, ContextKind.Breakpoint);
            bool handled = Int3Handler is not null && await Int3Handler(c, registers);
            await c.Home.Leave(c);
            if (!handled)
            {
                c.Oops("int3 nobody handles", $"{c.Name} executes an int3 at {site.Name} that nobody handles");
            }

            if (registers.Ip != site.Address)
            {
                return new ExecutedInstruction(-1, registers.Ip);
            }
        }
    }
}
