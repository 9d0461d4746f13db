using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Machine;

/// <summary>
/// Somebody who handles traps instead of the guest: a modelled kernel. What it owns never goes through the guest's interrupt
/// table, and nothing is pushed: the processor's state is the frame.
/// </summary>
internal interface ITrapOwner
{
    /// <summary>Whether an event of this processor is the owner's.</summary>
    bool Owns(Vcpu cpu, in PendingEvent trap);

    /// <summary>
    /// Takes the event; RIP and RFLAGS are what the processor would have pushed.
    /// </summary>
    /// <returns>True: it is dealt with, the processor goes on. False: the owner's code has to run first.</returns>
    bool Take(Vcpu cpu, in PendingEvent trap);

    /// <summary>A start-up message has made the processor run.</summary>
    void Started(Vcpu cpu);
}

/// <summary>A modelled kernel as the runner of a machine sees it: code of its own that runs on the machine's processors.</summary>
internal interface IKernelActivity
{
    /// <summary>
    /// False: no processor is in modelled code, and none could take a step of it; nothing else needs to be asked then. The kernel
    /// sets it, whoever finds that nothing is under way any more clears it.
    /// </summary>
    bool IsActive { get; set; }

    /// <summary>The processor is in modelled kernel code: its guest code stands.</summary>
    bool IsInKernel(int cpu);

    /// <summary>Modelled code of this processor could take a step now, be it to interrupt its guest code.</summary>
    bool CanRun(int cpu);

    /// <summary>Modelled code waits for the processor to let an NMI in, which its guest code keeps blocked.</summary>
    bool IsHeldOff(int cpu);

    /// <summary>Runs modelled code of the processor.</summary>
    /// <returns>The steps it took, at least 1.</returns>
    long Run(int cpu);

    /// <summary>The modelled kernel waits for somebody outside the machine: runs end until it is served.</summary>
    bool WaitsForOutside { get; }
}
