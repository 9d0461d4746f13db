using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.TextPatching;

/// <summary>
/// The synchronisation discussed in January 2019: a mask of CPUs that still owe a serialising event, cleared by the IPI handler
/// and by the #BP handler of each, and a #BP handler that spins until the int3 is gone.
/// </summary>
internal sealed class CpumaskSync
{
    private readonly KernelModel _kernel;
    private readonly SharedCell<ulong> _mask;
    private readonly InterruptSource?[] _ipis;
    private readonly int _patcher;

    /// <param name="kernel">Whose CPUs.</param>
    /// <param name="patcher">The CPU that patches; it isn't asked.</param>
    public CpumaskSync(KernelModel kernel, int patcher)
    {
        _kernel = kernel;
        _patcher = patcher;
        _mask = kernel.World.Cell("text_poke_cpumask", 0UL);
        _ipis = new InterruptSource?[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _ipis.Length; cpu++)
        {
            _ipis[cpu] = cpu == patcher ? null : kernel.AddInterrupt($"C{cpu}.poke", cpu, ContextKind.Hardirq, 0, ClearOwn);
        }
    }

    /// <summary>Sets the bits of all others and sends them IPIs.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Request(KernelContext c)
    {
        c.Line("cpumask_copy(&text_poke_cpumask, cpu_online_mask); cpumask_clear_cpu(smp_processor_id(), ...);");
        await _mask.Exchange(c, ((1UL << _kernel.Cpus.Count) - 1) & ~(1UL << _patcher));
        foreach (InterruptSource? ipi in _ipis)
        {
            if (ipi is not null)
            {
                c.Line("smp_call_function_many(&text_poke_cpumask, text_poke_sync_handler, NULL, 0);");
                await ipi.Raise(c);
            }
        }
    }

    /// <summary>Spins until all have cleared their bits.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Await(KernelContext c)
    {
        c.Line("while (!cpumask_empty(&text_poke_cpumask)) cpu_relax();");
        await _mask.WaitUntil(c, static mask => mask == 0);
    }

    /// <summary>text_poke_sync(): all others have serialised when it returns.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Sync(KernelContext c)
    {
        await Request(c);
        await Await(c);
    }

    /// <summary>The own bit is cleared; the IRET that follows serialises.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask ClearOwn(KernelContext c)
    {
        c.Line("cpumask_clear_cpu(smp_processor_id(), &text_poke_cpumask);");
        await _mask.FetchAnd(c, ~(1UL << c.Home.Number));
    }

    /// <summary>
    /// poke_int3_handler() that waits for the patcher and then executes the instruction again. It must go on clearing its bit
    /// while it spins: its interrupts are off, and the patcher may set the bit after the trap has begun.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> SpinOnInt3(KernelContext c, KernelRegisters registers, TextSite site)
    {
        ulong own = 1UL << c.Home.Number;
        Func<bool> isGoneOrAsked = () => site.FirstByte.Value != TextSite.Int3Byte || (_mask.Value & own) != 0;
        do
        {
            c.Line("while (*(u8 *)addr == 0xcc) { cpumask_clear_cpu(smp_processor_id(), &text_poke_cpumask); cpu_relax(); }");
            await c.WaitUntil(isGoneOrAsked, site.FirstByte, _mask);
            await _mask.FetchAnd(c, ~own);
        }
        while (await site.FirstByte.Read(c) == TextSite.Int3Byte);

        registers.Ip = site.Address;
        return true;
    }

    /// <summary>poke_int3_handler() that emulates the new instruction.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> EmulateOnInt3(KernelContext c, KernelRegisters registers, TextSite site)
    {
        await ClearOwn(c);
        c.Line("int3_emulate_call(regs, new);");
        await c.LocalStep();
        registers.Ip = site.Address + (ulong)site.Length;
        return true;
    }
}
