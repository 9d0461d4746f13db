using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Kernel work done while the machine stands, as if the CPU's task had done it just before the CPU came to stand: in the task's
/// context, interrupts on, no other CPU taking part. Registers of a CPU that is in the debugger stay disarmed; it writes them
/// itself when it leaves.
/// </summary>
internal sealed class StandingKernel(KgdbHost host)
{
    /// <summary>Does it.</summary>
    /// <param name="number">On which CPU.</param>
    /// <param name="work">What; it must not have to wait for anybody.</param>
    /// <exception cref="InvalidOperationException">It waits: a defect of the simulator.</exception>
    public Errno Run(int number, Func<KernelContext, ValueTask<Errno>> work)
    {
        HostedCpu cpu = host.Host.Cpus[number];
        KernelContext c = cpu.Task.Context;
        SharedCell<CpuControl> control = cpu.Cpu.ControlCell;
        CpuControl before = control.Value;
        if (!cpu.IsBusy)
        {
            cpu.DebugRegisters.Fetch();
        }

        control.Commit(CpuControl.Idle.WithOwner(cpu.Task.Number).WithCurrent(cpu.Task.Number));
        cpu.Vm.Interrupt(c);
        ValueTask<Errno> result = work(c);
        if (!result.IsCompleted)
        {
            throw new InvalidOperationException($"{c.Name} has to wait while the machine stands.");
        }

        if (host.Kgdb.Core.Cpus[number].EnterCount.Value != 0)
        {
            cpu.Cpu.DebugRegisters.Set(7, DebugRegisterFile.Dr7Reset);
        }

        control.Commit(before);
        cpu.Guest?.SettleIfNeeded();
        host.Host.IsActive = true;
        return result.Result;
    }
}
