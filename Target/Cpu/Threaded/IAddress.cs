using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

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
    public static unsafe ulong Of(CpuState* s, DecodedOp* op) => *Gpr.At(s, op->Base) + op->Disp;
}

/// <summary>Base, scaled index and displacement.</summary>
internal readonly struct BaseIndexDisplacement : IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ulong Of(CpuState* s, DecodedOp* op) =>
        *Gpr.At(s, op->Base) + (*Gpr.At(s, op->Index) << op->Scale) + op->Disp;
}
