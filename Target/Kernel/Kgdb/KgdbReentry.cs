using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>The guard against exceptions of the debugger itself (kgdb_reenter_check@6.1).</summary>
internal sealed class KgdbReentry(KgdbCore core)
{
    /// <returns>Whether the exception has been dealt with; if not, the debugger is entered.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> Check(KernelContext c, KgdbState state)
    {
        c.Line("if (atomic_read(&kgdb_active) != raw_smp_processor_id()) return 0;");
        if (await core.Active.Read(c) != c.Home.Number)
        {
            return false;
        }

        int level = await core.ExceptionLevel.FetchAdd(c, 1) + 1;
        ulong pc = state.Vector == 3 ? state.Registers.Ip - 1 : state.Registers.Ip;
        await core.Software.Deactivate(c);
        c.Line("if (dbg_remove_sw_break(addr) == 0)");
        if (await core.Software.Remove(c, pc) == Errno.None)
        {
            await core.ExceptionLevel.Write(c, 0);
            await core.SkipException(c, state);
            await core.Software.Activate(c);
            core.Console.Add($"KGDB: re-enter error: breakpoint removed {pc:x}");
            return true;
        }

        c.Line("dbg_remove_all_break();");
        await core.RemoveAllBreakpoints(c);
        await core.SkipException(c, state);
        if (level > 1)
        {
            core.Session = null;
            c.Oops("panic", "Recursive entry to debugger");
        }

        core.Console.Add("KGDB: re-enter exception: ALL breakpoints killed");
        if (!core.Options.HasKdb)
        {
            c.Oops("panic", "Recursive entry to debugger");
        }

        return false;
    }
}
