namespace KgdbSim.Target.Embedding;

/// <summary>How a request to a <see cref="SimulatedKernel"/> ended. After an error everything is as it was before.</summary>
/// <param name="Error">The name of the kernel's error, such as "ENOSPC"; empty if it was done.</param>
/// <param name="Reason">What was wrong, in words; empty if it was done.</param>
public readonly record struct KernelResult(string Error, string Reason)
{
    /// <summary>It was done.</summary>
    public bool IsDone => Error.Length == 0;

    /// <summary>"ENOSPC: no free debug register..."; empty if it was done.</summary>
    public override string ToString() => IsDone ? "" : $"{Error}: {Reason}";
}
