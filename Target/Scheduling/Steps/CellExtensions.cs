using System.Numerics;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>LOCKed arithmetic on cells of numbers.</summary>
public static class CellExtensions
{
    extension<T>(SharedCell<T> cell) where T : INumber<T>
    {
        /// <summary>LOCK XADD; yields the old value.</summary>
        public Step<CellUpdate<T, Add<T>>, T> FetchAdd(StepContext context, T value) =>
            cell.Update(context, new Add<T>(value));
    }

    extension<T>(SharedCell<T> cell) where T : IBitwiseOperators<T, T, T>
    {
        /// <summary>LOCK OR; yields the old value.</summary>
        public Step<CellUpdate<T, Or<T>>, T> FetchOr(StepContext context, T bits) => cell.Update(context, new Or<T>(bits));

        /// <summary>LOCK AND; yields the old value.</summary>
        public Step<CellUpdate<T, And<T>>, T> FetchAnd(StepContext context, T bits) => cell.Update(context, new And<T>(bits));
    }
}
