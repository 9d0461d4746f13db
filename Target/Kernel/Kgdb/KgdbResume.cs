using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>How a session's last command takes effect (kgdb_arch_handle_exception, gdb_cmd_detachkill@6.1).</summary>
internal sealed class KgdbResume(KgdbCore core)
{
    /// <returns>Whether it is a step.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> Apply(KernelContext c, KgdbState state, KgdbSessionResult result)
    {
        if (result.Action == KgdbAction.Left)
        {
            return await core.SteppingCpu.Read(c) != KgdbCore.Nobody;
        }

        bool isDetach = result.Action is KgdbAction.Detach or KgdbAction.PassAndDetach;
        state.PassException = result.Action is KgdbAction.Pass or KgdbAction.PassAndDetach;
        if (isDetach)
        {
            await core.RemoveAllBreakpoints(c);
        }

        bool isStep = result.Action == KgdbAction.Step;
        state.Registers.Ip = result.Address ?? state.Registers.Ip;
        await SetStep(c, state.Registers, isStep);
        if (core.Options.Form.CorrectsOnPacket && core.Hardware is not null)
        {
            c.Line("kgdb_correct_hw_break();");
            await core.Hardware.CorrectHere(c);
        }

        return isStep;
    }

    /// <summary>TF in the saved flags, and which CPU is being stepped.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask SetStep(KernelContext c, KernelRegisters registers, bool isStep)
    {
        c.Line(isStep ? "linux_regs->flags |= X86_EFLAGS_TF; atomic_set(&kgdb_cpu_doing_single_step, raw_smp_processor_id());"
            : "linux_regs->flags &= ~X86_EFLAGS_TF; atomic_set(&kgdb_cpu_doing_single_step, -1);");
        registers.Flags = isStep ? registers.Flags | KernelRegisters.TrapFlag : registers.Flags & ~KernelRegisters.TrapFlag;
        await core.SteppingCpu.Write(c, isStep ? c.Home.Number : KgdbCore.Nobody);
    }
}
