using System.Numerics;
using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>General registers at their widths: 32-bit writes clear the upper half, narrower ones keep it (SDM vol. 1, 3.4.1.1).</summary>
internal static unsafe class Gpr
{
    public const int Rax = 0;
    public const int Rcx = 1;
    public const int Rdx = 2;
    public const int Rbx = 3;
    public const int Rsp = 4;
    public const int Rbp = 5;
    public const int Rsi = 6;
    public const int Rdi = 7;

    /// <summary>
    /// Where a register is. The registers are the state's first field: going by the state's own address spares the null
    /// check that the JIT makes of every access through a fixed buffer.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong* At(CpuState* s, int register) => (ulong*)s + register;

    /// <summary>The low part of a register; not for AH, CH, DH, BH.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(CpuState* s, int register)
        where T : unmanaged, IBinaryInteger<T> => *(T*)At(s, register);

    /// <inheritdoc cref="Read"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(CpuState* s, int register, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (sizeof(T) == 4)
        {
            *At(s, register) = Unsafe.BitCast<T, uint>(value);
        }
        else
        {
            *(T*)At(s, register) = value;
        }
    }

    /// <summary>AH, CH, DH or BH.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte ReadHigh(CpuState* s, int register) => ((byte*)At(s, register))[1];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteHigh(CpuState* s, int register, byte value) => ((byte*)At(s, register))[1] = value;
}
