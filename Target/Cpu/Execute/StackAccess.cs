using System.Numerics;
using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>Pushes and pops at the stack pointer's present width: 64 bits in 64-bit mode, else SS.B's (SDM vol. 1, 6.2.3).</summary>
internal static unsafe class StackAccess
{
    /// <summary>Bits of rSP that count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mask(CpuState* s, bool mode64) =>
        mode64 ? ulong.MaxValue : s->Ss.Big ? uint.MaxValue : ushort.MaxValue;

    /// <summary>Stores below the stack pointer and moves it; nothing has changed when it faults.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Push<T>(CpuCore cpu, bool mode64, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        ulong pointer = s->Gpr[Gpr.Rsp] - (ulong)sizeof(T);
        if (!Store(cpu, mode64, pointer, value))
        {
            return false;
        }

        SetPointer(s, mode64, pointer);
        return true;
    }

    /// <summary>Loads at the stack pointer, which the caller moves by <see cref="Release"/> once nothing can fault any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Top<T>(CpuCore cpu, bool mode64, out T value)
        where T : unmanaged, IBinaryInteger<T> => Load(cpu, mode64, cpu.State->Gpr[Gpr.Rsp], out value);

    /// <summary>Loads at a value of rSP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Load<T>(CpuCore cpu, bool mode64, ulong pointer, out T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (mode64)
        {
            return cpu.Mmu.Load(pointer, true, out value);
        }

        value = default;
        return Segmentation.Linear(
                cpu, SegmentIndex.Ss, pointer & Mask(cpu.State, false), sizeof(T), false, false, out ulong linear)
            && cpu.Mmu.Load(linear, true, out value);
    }

    /// <summary>Stores at a value of rSP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Store<T>(CpuCore cpu, bool mode64, ulong pointer, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (mode64)
        {
            return cpu.Mmu.Store(pointer, true, value);
        }

        return Segmentation.Linear(
                cpu, SegmentIndex.Ss, pointer & Mask(cpu.State, false), sizeof(T), true, false, out ulong linear)
            && cpu.Mmu.Store(linear, true, value);
    }

    /// <summary>Finds every fault that a store at a value of rSP could have; afterwards it cannot fail.</summary>
    public static bool PrepareStore(CpuCore cpu, bool mode64, ulong pointer, int size)
    {
        if (mode64)
        {
            return cpu.Mmu.PrepareStore(pointer, size, true);
        }

        return Segmentation.Linear(
                cpu, SegmentIndex.Ss, pointer & Mask(cpu.State, false), size, true, false, out ulong linear)
            && cpu.Mmu.PrepareStore(linear, size, true);
    }

    /// <summary>Moves the stack pointer up over what was popped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(CpuState* s, bool mode64, int bytes) => SetPointer(s, mode64, s->Gpr[Gpr.Rsp] + (ulong)bytes);

    /// <summary>Sets the part of rSP that counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetPointer(CpuState* s, bool mode64, ulong pointer)
    {
        ulong mask = Mask(s, mode64);
        s->Gpr[Gpr.Rsp] = (s->Gpr[Gpr.Rsp] & ~mask) | (pointer & mask);
    }
}
