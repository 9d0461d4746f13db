namespace KgdbSim.Target.Scheduling;

/// <summary>
/// A program behaved differently under the same choices: it keeps state across runs, or depends on something that is no step
/// (a clock, hash order, another thread). Exploration means nothing then.
/// </summary>
public sealed class ProgramNotDeterministicException : Exception
{
    /// <summary>Says where the runs parted.</summary>
    public ProgramNotDeterministicException(string message) : base(message)
    {
    }

    /// <summary>Says where the runs parted, and what revealed it.</summary>
    public ProgramNotDeterministicException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>For serializers only.</summary>
    public ProgramNotDeterministicException()
    {
    }
}
