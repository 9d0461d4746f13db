using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>NMI: exc_nmi@6.1 with its software latch; do_nmi before.</summary>
internal sealed class NmiPath
{
    private const int NotRunning = 0;
    private const int Executing = 1;
    private const int Latched = 2;

    private readonly TrapPath _path;
    private readonly KernelModel _kernel;
    private readonly SharedCell<int>[] _state;
    private readonly InterruptSource[] _lines;

    public NmiPath(TrapPath path, KernelModel kernel)
    {
        _path = path;
        _kernel = kernel;
        _state = new SharedCell<int>[kernel.Cpus.Count];
        _lines = new InterruptSource[path.Options.HasNmiLines ? kernel.Cpus.Count : 0];
        for (int cpu = 0; cpu < _state.Length; cpu++)
        {
            _state[cpu] = kernel.World.Cell($"C{cpu}.nmi_state", NotRunning);
        }

        Func<KernelCpu, KernelRegisters>? registersOf = path.Options.RegistersOf;
        for (int cpu = 0; cpu < _lines.Length; cpu++)
        {
            KernelRegisters own = new();
            _lines[cpu] = kernel.AddInterrupt($"C{cpu}.nmi", cpu, ContextKind.Nmi, 0,
                async c => await Handle(c, registersOf?.Invoke(c.Home) ?? own));
        }
    }

    public NmiHandlers Local { get; } = new();

    public NmiHandlers Unknown { get; } = new();

    public InterruptSource? Line(int cpu) => cpu < _lines.Length ? _lines[cpu] : null;

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Send(KernelContext c, ulong mask)
    {
        ulong targets = mask & await _kernel.Online.Read(c);
        for (; targets != 0; targets &= targets - 1)
        {
            await _lines[BitOperations.TrailingZeroCount(targets)].Raise(c);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<TrapVerdict> Handle(KernelContext c, KernelRegisters registers)
    {
        KernelCpu cpu = c.Home;
        if (((_kernel.Online.Value >> cpu.Number) & 1) == 0)
        {
            return TrapVerdict.Ignored;
        }

        if (!_path.Options.Version.HasEntryCode)
        {
            OpenTrap old = _path.Open(cpu, TrapKind.Nmi, registers);
            return _path.Close(cpu, old, await AskChain(c, old));
        }

        SharedCell<int> state = _state[cpu.Number];
        c.Line("if (this_cpu_read(nmi_state) != NMI_NOT_RUNNING)");
        if (await state.Read(c) != NotRunning && _path.Options.HasNmiLatch)
        {
            c.Line("this_cpu_write(nmi_state, NMI_LATCHED); return;");
            await state.Write(c, Latched);
            _path.End(_path.Begin(TrapKind.Nmi, cpu, registers), TrapVerdict.Latched);
            return TrapVerdict.Latched;
        }

        c.Line("this_cpu_write(nmi_state, NMI_EXECUTING);");
        await state.Write(c, Executing);
        TrapVerdict verdict;
        do
        {
            OpenTrap trap = _path.Open(cpu, TrapKind.Nmi, registers);
            ulong dr7 = await _path.LocalDebug.Save(c);
            verdict = await AskLists(c, trap, registers);
            await _path.LocalDebug.Restore(c, dr7);
            _path.Close(cpu, trap, verdict);
            c.Line("if (this_cpu_dec_return(nmi_state)) goto nmi_restart;");
        }
        while (await state.FetchAdd(c, -1) > Executing);
        return verdict;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<TrapVerdict> AskLists(KernelContext c, OpenTrap trap, KernelRegisters registers)
    {
        c.Line("nmi_handle(NMI_LOCAL, regs)");
        if (await Local.Ask(c, trap, registers) != 0)
        {
            return TrapVerdict.Consumed;
        }

        c.Line("unknown_nmi_error: nmi_handle(NMI_UNKNOWN, regs)");
        return await Unknown.Ask(c, trap, registers) != 0 ? TrapVerdict.Consumed : TrapVerdict.Ignored;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<TrapVerdict> AskChain(KernelContext c, OpenTrap trap)
    {
        c.Line("notify_die(DIE_NMI, \"nmi\", regs, reason, 2, SIGINT)");
        if (await _path.Notify(c, trap, DieCode.Nmi, 2, 2) == NotifyResult.Stop)
        {
            return TrapVerdict.Consumed;
        }

        c.Line("notify_die(DIE_NMIUNKNOWN, \"nmi\", regs, reason, 2, 0)");
        return await _path.Notify(c, trap, DieCode.NmiUnknown, 2, 0) == NotifyResult.Stop ? TrapVerdict.Consumed : TrapVerdict.Ignored;
    }
}
