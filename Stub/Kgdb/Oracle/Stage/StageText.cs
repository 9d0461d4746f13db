using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>The stage's memory as the debug core plants breakpoints in it: read-only text through another mapping only.</summary>
internal sealed class StageText(StageMachine machine, KernelSymbols symbols) : KernelMemory
{
    public override ValueTask<int> Read(KernelContext c, ulong address)
    {
        Span<byte> one = stackalloc byte[1];
        int error = machine.Read(address, one);
        return ValueTask.FromResult(error != 0 ? error : one[0]);
    }

    public override ValueTask<Errno> Write(KernelContext c, ulong address, byte value) =>
        ValueTask.FromResult((Errno)machine.Write(address, [value]));

    public override ValueTask<Errno> Poke(KernelContext c, ulong address, byte value)
    {
        machine.Poke(address, value);
        return ValueTask.FromResult(Errno.None);
    }

    public override bool IsBlocklisted(ulong address) => symbols.IsBlocked(address);
}
