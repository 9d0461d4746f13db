using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// Tells the operands and results that the host's own arithmetic may serve: no denormals and, as results, nothing that
/// raised OE, UE, ZE or IE. The vector forms ask it of every lane.
/// </summary>
internal static class SseFloatOrdinary
{
    private const uint Magnitude32 = int.MaxValue;
    private const uint LeastNormal32 = 1u << 23;
    private const uint Infinity32 = 0xFFu << 23;
    private const ulong Magnitude64 = long.MaxValue;
    private const ulong LeastNormal64 = 1ul << 52;
    private const ulong Infinity64 = 0x7FFul << 52;

    /// <summary>Not a denormal. (Zero less one wraps to the largest number.)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOperand(float x) =>
        (BitConverter.SingleToUInt32Bits(x) & Magnitude32) - 1 >= LeastNormal32 - 1;

    /// <inheritdoc cref="IsOperand(float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOperand(double x) =>
        (BitConverter.DoubleToUInt64Bits(x) & Magnitude64) - 1 >= LeastNormal64 - 1;

    /// <inheritdoc cref="IsOperand(float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOperand(Vector128<float> x) => Vector128.GreaterThanOrEqualAll(
        (x.AsUInt32() & Vector128.Create(Magnitude32)) - Vector128<uint>.One, Vector128.Create(LeastNormal32 - 1));

    /// <inheritdoc cref="IsOperand(float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOperand(Vector128<double> x) => Vector128.GreaterThanOrEqualAll(
        (x.AsUInt64() & Vector128.Create(Magnitude64)) - Vector128<ulong>.One, Vector128.Create(LeastNormal64 - 1));

    /// <summary>Neither is a denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOperands(float a, float b) => IsOperand(a) && IsOperand(b);

    /// <summary>Neither is a denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOperands(double a, double b) => IsOperand(a) && IsOperand(b);

    /// <summary>Neither is a denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOperands(Vector128<float> a, Vector128<float> b) => IsOperand(a) && IsOperand(b);

    /// <summary>Neither is a denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOperands(Vector128<double> a, Vector128<double> b) => IsOperand(a) && IsOperand(b);

    /// <summary>
    /// Normal and finite; with <paramref name="orZero"/> also a zero. The least normal number is left out: it may have
    /// been rounded up to and then raises UE.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsResult(float x, bool orZero)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x) & Magnitude32;
        return bits - (LeastNormal32 + 1) < Infinity32 - (LeastNormal32 + 1) || (orZero && bits == 0);
    }

    /// <inheritdoc cref="IsResult(float, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsResult(double x, bool orZero)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(x) & Magnitude64;
        return bits - (LeastNormal64 + 1) < Infinity64 - (LeastNormal64 + 1) || (orZero && bits == 0);
    }

    /// <inheritdoc cref="IsResult(float, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsResult(Vector128<float> x, bool orZero)
    {
        Vector128<uint> bits = x.AsUInt32() & Vector128.Create(Magnitude32);
        Vector128<uint> good = Vector128.LessThan(
            bits - Vector128.Create(LeastNormal32 + 1), Vector128.Create(Infinity32 - (LeastNormal32 + 1)));
        good |= orZero ? Vector128.Equals(bits, Vector128<uint>.Zero) : Vector128<uint>.Zero;
        return good == Vector128<uint>.AllBitsSet;
    }

    /// <inheritdoc cref="IsResult(float, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsResult(Vector128<double> x, bool orZero)
    {
        Vector128<ulong> bits = x.AsUInt64() & Vector128.Create(Magnitude64);
        Vector128<ulong> good = Vector128.LessThan(
            bits - Vector128.Create(LeastNormal64 + 1), Vector128.Create(Infinity64 - (LeastNormal64 + 1)));
        good |= orZero ? Vector128.Equals(bits, Vector128<ulong>.Zero) : Vector128<ulong>.Zero;
        return good == Vector128<ulong>.AllBitsSet;
    }

    /// <summary>Every lane is a number that compares without raising anything: neither NaN nor denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsComparable(Vector128<float> x) => IsOperand(x) && Vector128.EqualsAll(x, x);

    /// <inheritdoc cref="IsComparable(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsComparable(Vector128<double> x) => IsOperand(x) && Vector128.EqualsAll(x, x);

    /// <summary>A number that compares without raising anything: neither NaN nor denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsComparable(float x) => IsOperand(x) && !float.IsNaN(x);

    /// <inheritdoc cref="IsComparable(float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsComparable(double x) => IsOperand(x) && !double.IsNaN(x);
}
