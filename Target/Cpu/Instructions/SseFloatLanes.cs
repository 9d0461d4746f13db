using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>A lane's operation with exceptions, in both precisions.</summary>
internal interface IFloatLane
{
    /// <summary>Single precision.</summary>
    static abstract uint Exact(uint a, uint b, ref FloatStatus status);

    /// <summary>Double precision.</summary>
    static abstract ulong Exact(ulong a, ulong b, ref FloatStatus status);
}

/// <summary>Runs an operation over the lanes; the exceptions of all of them collect in the status.</summary>
internal static class SseFloatLanes
{
    /// <summary>Four singles.</summary>
    public static Vector128<byte> Singles<TLane>(Vector128<byte> a, Vector128<byte> b, ref FloatStatus status)
        where TLane : IFloatLane
    {
        Vector128<uint> x = a.AsUInt32(), y = b.AsUInt32();
        return Vector128.Create(
            TLane.Exact(x[0], y[0], ref status),
            TLane.Exact(x[1], y[1], ref status),
            TLane.Exact(x[2], y[2], ref status),
            TLane.Exact(x[3], y[3], ref status)).AsByte();
    }

    /// <summary>Two doubles.</summary>
    public static Vector128<byte> Doubles<TLane>(Vector128<byte> a, Vector128<byte> b, ref FloatStatus status)
        where TLane : IFloatLane
    {
        Vector128<ulong> x = a.AsUInt64(), y = b.AsUInt64();
        return Vector128.Create(
            TLane.Exact(x[0], y[0], ref status),
            TLane.Exact(x[1], y[1], ref status)).AsByte();
    }
}
