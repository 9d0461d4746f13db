using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>A defect that a hosted kernel can be given, by the id of the scenario or of the difference that shows it.</summary>
/// <param name="Id">"HB-07", "KG-01", "KD-06".</param>
/// <param name="Oldest">The first kernel it can be switched on in.</param>
/// <param name="Newest">The last one.</param>
/// <param name="Enable">The form with it.</param>
internal sealed record NamedDefect(string Id, KernelVersion Oldest, KernelVersion Newest, Func<HostedForm, HostedForm> Enable)
{
    public bool IsIn(KernelVersion version) => version >= Oldest && version <= Newest;
}
