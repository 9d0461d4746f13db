using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>Who knows which of the debugger's hardware breakpoints a debug exception was for.</summary>
internal interface IHitSource
{
    /// <summary>To be asked once for each debug exception that gets to the debugger's notifier.</summary>
    /// <param name="c">The #DB's context.</param>
    /// <param name="args">What notifiers are told; loses what is dealt with here.</param>
    /// <returns>What has hit, bit n for entry n of the table; null: nothing that the debugger, or anybody else, need look at.</returns>
    ValueTask<uint?> Take(KernelContext c, DieArgs args);
}
