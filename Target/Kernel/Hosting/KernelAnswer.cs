using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>How a request ended. After an error everything is as it was before.</summary>
/// <param name="Error"><see cref="Errno.None"/>: done.</param>
/// <param name="Reason">What was wrong, for people; empty if nothing was.</param>
internal readonly record struct KernelAnswer(Errno Error, string Reason)
{
    public static KernelAnswer Done { get; } = new(Errno.None, "");
}
