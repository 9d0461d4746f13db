using System.Numerics;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>XCHG.</summary>
public readonly struct Exchange<T>(T value) : ICellUpdate<T>
{
    /// <inheritdoc/>
    public T Apply(T old) => value;
}

/// <summary>LOCK XADD, wrapping.</summary>
public readonly struct Add<T>(T value) : ICellUpdate<T> where T : INumber<T>
{
    /// <inheritdoc/>
    public T Apply(T old) => unchecked(old + value);
}

/// <summary>LOCK OR.</summary>
public readonly struct Or<T>(T bits) : ICellUpdate<T> where T : IBitwiseOperators<T, T, T>
{
    /// <inheritdoc/>
    public T Apply(T old) => old | bits;
}

/// <summary>LOCK AND.</summary>
public readonly struct And<T>(T bits) : ICellUpdate<T> where T : IBitwiseOperators<T, T, T>
{
    /// <inheritdoc/>
    public T Apply(T old) => old & bits;
}
