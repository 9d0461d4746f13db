namespace KgdbSim.Target.Exploration;

/// <summary>An exploration found a violation; the message says how to repeat it.</summary>
public sealed class ExplorationFailedException : Exception
{
    /// <summary>The failure that <paramref name="report"/> describes.</summary>
    public ExplorationFailedException(ExplorationReport report) : base(report?.ToString()) => Report = report;

    /// <summary>A failure without a report.</summary>
    public ExplorationFailedException(string message) : base(message)
    {
    }

    /// <summary>A failure without a report, and what revealed it.</summary>
    public ExplorationFailedException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>For serializers only.</summary>
    public ExplorationFailedException()
    {
    }

    /// <summary>What was found.</summary>
    public ExplorationReport? Report { get; }
}
