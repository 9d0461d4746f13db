namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Who else uses the hosted kernel's debug registers, and the CPUs' coming and going.</summary>
internal sealed class KernelUsers
{
    public KernelUsers(KgdbHost host)
    {
        StandingKernel standing = new(host);
        Perf = new PerfUsers(host, standing);
        Tasks = new TaskList(host);
        Tracers = new Tracers(host, standing, Tasks);
        Machines = new VirtualMachines(host, standing);
        Hotplug = new Hotplug(host, standing);
    }

    public PerfUsers Perf { get; }

    public Tracers Tracers { get; }

    public TaskList Tasks { get; }

    public VirtualMachines Machines { get; }

    public Hotplug Hotplug { get; }
}
