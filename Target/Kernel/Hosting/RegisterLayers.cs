using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Which kernels have which layer: the one place that says so.</summary>
internal static class RegisterLayers
{
    /// <summary>The layer of a kernel, with the debugger's part on it; to be made in set-up.</summary>
    public static IRegisterLayer Make(KernelModel kernel, HostedForm form, KgdbOptions options) => form.Version switch
    {
        >= KernelVersion.Linux2633 => new PerfLayer(kernel, form, options),
        KernelVersion.Linux2630 => new InterfaceLayer(kernel, form, options),
        _ => new DirectLayer(kernel, form, options),
    };

    /// <summary>The kernels that have perf's breakpoints, for people.</summary>
    public static string NamesWithPerf { get; } = string.Join(", ", KernelVersions.Names.Where(
        static name => KernelVersions.Find(name) >= KernelVersion.Linux2633));

    /// <summary>The one that has the interface of June 2009.</summary>
    public static KernelVersion WithInterface => KernelVersion.Linux2630;
}
