using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Kernel.Tests.Traps;

/// <summary>Handlers that remember being asked.</summary>
internal static class Notifiers
{
    /// <summary>Adds one to the die chain that calls <paramref name="handler"/>.</summary>
    public static void Add(KgdbStage stage, string name, int priority, Func<DieCode, DieArgs, NotifyResult> handler) =>
        stage.Traps.DieChain.Add(new NotifierBlock<DieArgs>(stage.Kernel, name, priority,
            (_, code, args) => ValueTask.FromResult(handler(code, args))));

    /// <summary>Who looked at the latest trap, in order: "name:answer".</summary>
    public static string[] Lookers(KgdbStage stage)
    {
        TrapEvent latest = stage.Traps.Events.Latest(0);
        return [.. Enumerable.Range(0, latest.LookerCount).Select(i => $"{latest.Looker(i).Name}:{latest.Looker(i).Answer}")];
    }

    /// <summary>A hook that takes the int3 at one address.</summary>
    internal sealed class Hook(string name, ulong site) : IInt3Hook
    {
        public string Name => name;

        public bool TryHandleInline(KernelCpu cpu, KernelRegisters registers) => registers.Ip - 1 == site;

        public ValueTask<bool> Handle(KernelContext c, KernelRegisters registers) => ValueTask.FromResult(registers.Ip - 1 == site);
    }
}
