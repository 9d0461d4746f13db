namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>The new value of a cell as a function of its old one; a struct, so that a read-modify-write allocates nothing.</summary>
public interface ICellUpdate<T>
{
    /// <summary>The new value.</summary>
    T Apply(T old);
}
