using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// A virtual machine that has a processor: while it runs, the host's breakpoints are off. Whatever makes the kernel run on the
/// processor ends the run first (a VM exit, SDM vol. 3, 28.1) and begins another afterwards.
/// </summary>
internal sealed class VirtualMachine(HostedCpu cpu)
{
    private GuestDebugRegisters? _registers;

    /// <summary>It runs whenever the kernel does not.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>It runs: the debug registers are its own.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>It is to run from when the kernel leaves the processor.</summary>
    public void Begin(PerfBreakpoints perf)
    {
        _registers = new GuestDebugRegisters(perf);
        IsWanted = true;
        Continue();
    }

    /// <summary>It is not to run any more.</summary>
    /// <param name="c">A context of the processor; the machine stands.</param>
    public void End(KernelContext c)
    {
        IsWanted = false;
        Interrupt(c);
    }

    /// <summary>The kernel comes: VM exit. Takes no true wait.</summary>
    public void Interrupt(KernelContext c)
    {
        if (!IsRunning)
        {
            return;
        }

        IsRunning = false;
        c.Line("vcpu_enter_guest: after the exit");
#pragma warning disable CA2012 // A hosted kernel's steps are complete at once.
        _registers!.Exit(c).GetAwaiter().GetResult();
#pragma warning restore CA2012
        Continue();
    }

    /// <summary>It goes on when the processor next takes an interrupt, which is when the kernel has left it.</summary>
    public void Continue()
    {
        if (IsWanted && !IsRunning && cpu.Cpu.Calls is { } calls)
        {
            calls.Add(new CrossCallRequest(Enter, false, cpu.Cpu.Kernel.World.Cell($"C{cpu.Cpu.Number}.kvm", false)));
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Enter(KernelContext c)
    {
        if (IsWanted && !IsRunning)
        {
            cpu.DebugRegisters.Fetch();
            await _registers!.Enter(c);
            IsRunning = true;
        }
    }
}
