using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.TextPatching;

/// <summary>The code under test of the scenarios of 2019: one static call site, and text_poke_bp() on it.</summary>
internal static class PatchedCall
{
    /// <summary>Number of the new version.</summary>
    public const int New = 1;

    private static readonly byte[] OldBytes = [0xE8, 0x11, 0x11, 0x00, 0x00];
    private static readonly byte[] NewBytes = [0xE8, 0x22, 0x22, 0x22, 0x00];

    /// <summary>The site; a CPU that prefetches has its first byte, or the whole instruction.</summary>
    public static TextSite Add(KernelText text)
    {
        TextSite site = text.AddSite("site", 0xFFFF_FFFF_8100_0000, OldBytes, NewBytes);
        site.Splits = [1, site.Length];
        return site;
    }

    /// <summary>text_poke_bp(): int3, everyone serialises, the tail, everyone serialises, the first byte.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask Poke(KernelContext c, TextSite site, CpumaskSync sync)
    {
        c.Line("text_poke(addr, &int3, 1);");
        await site.WriteInt3(c);
        await sync.Sync(c);
        c.Line("text_poke(addr + 1, new + 1, 4);");
        await site.WriteTail(c, New);
        await sync.Sync(c);
        c.Line("text_poke(addr, new, 1);");
        await site.WriteFirst(c, New);
        await sync.Sync(c);
    }
}
