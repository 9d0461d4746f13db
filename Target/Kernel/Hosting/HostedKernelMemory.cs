using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Guest memory as the debugger inside the kernel reaches it. The guest's text counts as kernel text wherever it is; write protection is
/// no obstacle, as it is none to text_poke.
/// </summary>
internal sealed class HostedKernelMemory(HostedMemory memory) : KernelMemory
{
    public override ValueTask<int> Read(KernelContext c, ulong address)
    {
        Span<byte> one = stackalloc byte[1];
        return ValueTask.FromResult(memory.TryRead(c.Home.Number, address, one) ? one[0] : (int)Errno.Fault);
    }

    public override ValueTask<Errno> Write(KernelContext c, ulong address, byte value) =>
        ValueTask.FromResult(memory.TryWrite(c.Home.Number, address, [value]) ? Errno.None : Errno.Fault);

    public override ValueTask<Errno> Poke(KernelContext c, ulong address, byte value) => Write(c, address, value);
}
