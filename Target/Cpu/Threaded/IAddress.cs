using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>A shape of effective address that threaded handlers are made for. Others run through the general form.</summary>
internal interface IAddress
{
    static abstract unsafe ulong Of(CpuState* s, DecodedOp* op);
}

/// <summary>Base and displacement (RIP-relative too: its displacement is the whole address).</summary>
internal readonly struct BaseDisplacement : IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ulong Of(CpuState* s, DecodedOp* op) => s->Gpr[op->Base] + op->Disp;
}

/// <summary>Base, scaled index and displacement.</summary>
internal readonly struct BaseIndexDisplacement : IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ulong Of(CpuState* s, DecodedOp* op) =>
        s->Gpr[op->Base] + (s->Gpr[op->Index] << op->Scale) + op->Disp;
}
