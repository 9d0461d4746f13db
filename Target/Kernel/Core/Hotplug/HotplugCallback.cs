namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// What a system does when a CPU comes or goes (CPU notifiers until 4.9, cpuhp states since). Each is told the CPU; none is called
/// if it is null.
/// </summary>
/// <param name="Name">What reports call it.</param>
internal sealed record HotplugCallback(string Name)
{
    /// <summary>Before it starts, on the CPU that plugs (CPU_UP_PREPARE).</summary>
    public Func<KernelContext, int, ValueTask>? Prepare { get; init; }

    /// <summary>On the starting CPU, interrupts off, not online yet (CPU_STARTING).</summary>
    public Func<KernelContext, int, ValueTask>? Starting { get; init; }

    /// <summary>It is online, on the CPU that plugs (CPU_ONLINE).</summary>
    public Func<KernelContext, int, ValueTask>? Online { get; init; }

    /// <summary>It will go, on the CPU that unplugs (CPU_DOWN_PREPARE).</summary>
    public Func<KernelContext, int, ValueTask>? DownPrepare { get; init; }

    /// <summary>On the dying CPU, everybody stopped, no longer online (CPU_DYING).</summary>
    public Func<KernelContext, int, ValueTask>? Dying { get; init; }

    /// <summary>It is gone, on the CPU that unplugged (CPU_DEAD).</summary>
    public Func<KernelContext, int, ValueTask>? Dead { get; init; }
}
