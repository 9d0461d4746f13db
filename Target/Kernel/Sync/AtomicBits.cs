using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>Bit operations on cells, LOCKed and not (arch/x86/include/asm/bitops.h). Those that test yield the bit as it was.</summary>
internal static class AtomicBits
{
    extension<T>(SharedCell<T> cell) where T : IBinaryInteger<T>
    {
        /// <summary>set_bit().</summary>
        public Step<CellUpdate<T, Or<T>>, T> SetBit(StepContext context, int bit) => cell.FetchOr(context, T.One << bit);

        /// <summary>clear_bit().</summary>
        public Step<CellUpdate<T, And<T>>, T> ClearBit(StepContext context, int bit) => cell.FetchAnd(context, ~(T.One << bit));
    }

    /// <summary>test_bit().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<bool> TestBit(this SharedCell<ulong> cell, StepContext context, int bit) =>
        (await cell.Read(context) >> bit & 1) != 0;

    /// <summary>test_and_set_bit().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<bool> TestAndSetBit(this SharedCell<ulong> cell, StepContext context, int bit) =>
        (await cell.SetBit(context, bit) >> bit & 1) != 0;

    /// <summary>test_and_clear_bit().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<bool> TestAndClearBit(this SharedCell<ulong> cell, StepContext context, int bit) =>
        (await cell.ClearBit(context, bit) >> bit & 1) != 0;

    /// <summary>__set_bit(): a load and a store, between which others may store.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask SetBitPlainly(this SharedCell<ulong> cell, StepContext context, int bit) =>
        await cell.Write(context, await cell.Read(context) | (1UL << bit));

    /// <summary>__clear_bit().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public static async ValueTask ClearBitPlainly(this SharedCell<ulong> cell, StepContext context, int bit) =>
        await cell.Write(context, await cell.Read(context) & ~(1UL << bit));
}
