namespace KgdbSim.Target.Exploration;

/// <summary>A checkpoint cannot be gone on from.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Says why.</summary>
    public CheckpointException(string message) : base(message)
    {
    }

    /// <summary>Says why, and what revealed it.</summary>
    public CheckpointException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>For serializers only.</summary>
    public CheckpointException()
    {
    }
}
