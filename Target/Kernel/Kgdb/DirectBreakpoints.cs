using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Direct;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// The debugger's hardware breakpoints in kernels where nobody hands out debug registers: entry n of the table is register n, and each
/// CPU writes what is enabled into DR0-3 and DR7 on its way out (arch/x86/kernel/kgdb.c as merged in 2.6.26: breakinfo[4],
/// kgdb_correct_hw_break, kgdb_disable_hw_debug).
/// </summary>
/// <remarks>
/// Known: entry and register are the same number; Z asks nobody; at a resume DR6 is cleared and, after a hit of an execution breakpoint, RF
/// set. Inferences: that the patches for 2.6.14 and 2.6.21 did as the merged code; that it clears DR6 when the hit is seen rather than at
/// the resume, which nobody can tell as all CPUs stand; and <see cref="Take"/>, since that code didn't ask whose a hit was.
/// </remarks>
internal sealed class DirectBreakpoints(KernelModel kernel, ThreadDebugRegisters threads, BreakpointParser parser, KgdbOptions options)
    : BreakInfo(kernel, options), IHitSource
{
    private KgdbCore _core = null!;

    public override IHitSource Hits => this;

    public override void Attach(KgdbCore core, KgdbNotifier notifier, TrapPath traps) => _core = core;

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask DisableHere(KernelContext c)
    {
        c.Line("kgdb_disable_hw_debug: set_debugreg(0UL, 7);");
        await c.Home.DebugRegisters.Write(c, 7, 0);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask CorrectHere(KernelContext c)
    {
        ulong dr7 = 0;
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = await Cell(i).Read(c);
            (ulong address, ulong field) = entry.IsEnabled
                ? (entry.Arch.Address, Dr7Encoding.Field(i, entry.Arch.LengthCode, entry.Arch.TypeCode))
                : await OfTask(c, i);
            dr7 |= field;
            if (field != 0)
            {
                c.Line("set_debugreg(breakinfo[breakno].addr, breakno);");
                await threads.Written.Write(c, i, address);
            }
        }

        c.Line("set_debugreg(dr7, 7);");
        await threads.Written.Arm(c, dr7);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask RemoveAll(KernelContext c)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            c.Line("memset(&breakinfo[i], 0, sizeof(struct hw_breakpoint));");
            await Cell(i).Write(c, default);
        }
    }

    public override ValueTask StartCpu(KernelContext c) => CorrectHere(c);

    /// <summary>
    /// Whose a hit was: the debugger's if an entry is enabled for that register and the register has its address; the traced task's if that
    /// wants the register; else it is left over from a breakpoint that has been removed since. do_debug() would turn off all of DR7 for that,
    /// and for an exception whose cause is void.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<uint?> Take(KernelContext c, DieArgs args)
    {
        uint hits = 0;
        ulong leftovers = 0;
        ulong dr7OfTask = await c.Home.CurrentDebug.VirtualDr7.Read(c);
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            ulong bit = 1UL << i;
            if ((args.Dr6 & bit) == 0)
            {
                continue;
            }

            BreakEntry entry = await Cell(i).Read(c);
            bool isMine = entry.IsEnabled && await c.Home.DebugRegisters.Read(c, i) == entry.Arch.Address;
            hits |= isMine ? 1u << i : 0;
            leftovers |= !isMine && !Dr7Encoding.Decode(dr7OfTask, i).IsEnabled ? bit : 0;
            if (isMine && entry.Arch.TypeCode == ArchBreakpoint.Execute)
            {
                c.Line("linux_regs->flags |= X86_EFLAGS_RF;");
                args.Registers.Flags |= KernelRegisters.ResumeFlag;
            }
        }

        if (Options.Has(KgdbDefects.AnyDebugException))
        {
            return hits;
        }

        bool isStep = (args.Dr6 & Dr6Bits.SingleStep) != 0 && await _core.SteppingCpu.Read(c) == c.Home.Number;
        if (hits != 0 || leftovers != 0 || isStep)
        {
            c.Line("set_debugreg(0UL, 6);");
            await c.Home.DebugRegisters.Write(c, 6, DebugRegisterFile.Dr6Idle);
            await Disarm(c, leftovers);
        }

        args.Dr6 &= ~(hits | leftovers);
        return hits == 0 && args.Dr6 == 0 ? null : hits;
    }

    protected override ValueTask<Errno> Reserve(KernelContext c, int i) => ValueTask.FromResult(Errno.None);

    protected override ValueTask<Errno> Release(KernelContext c, int i) => ValueTask.FromResult(Errno.None);

    /// <summary>There is nobody to ask; what perf refuses later the processor can't do either.</summary>
    protected override Errno Judge(ulong address, int length, KgdbBreakpointType type) =>
        parser.Parse(BreakTranslation.Attributes(address, length, type), true, out _);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Disarm(KernelContext c, ulong registers)
    {
        ulong old = await c.Home.DebugRegisters.Read(c, 7);
        ulong dr7 = old;
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            dr7 &= (registers >> n & 1) != 0 ? ~MaskOf(n) : ulong.MaxValue;
        }

        if (dr7 != old)
        {
            await threads.Written.Arm(c, dr7);
        }
    }

    /// <summary>A register of the task that goes on here, which the debugger has no use for.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<(ulong Address, ulong Field)> OfTask(KernelContext c, int n)
    {
        if (Options.Has(KgdbDefects.ForgetsTracers) || c.Current is not { } task)
        {
            return default;
        }

        ulong dr7 = await task.Debug.VirtualDr7.Read(c);
        return Dr7Encoding.Decode(dr7, n).IsEnabled ? (await threads.Addresses(task)[n].Read(c), dr7 & MaskOf(n)) : default;
    }

    /// <summary>The bits of DR7 that are about register <paramref name="n"/>.</summary>
    private static ulong MaskOf(int n) => (0xFUL << (16 + (4 * n))) | 3UL << (2 * n);
}
