using KgdbSim.Target.Scheduling;

namespace KgdbSim.Target.Exploration;

/// <summary>A token cannot be replayed.</summary>
public sealed class ReplayException : Exception
{
    /// <summary>A token that cannot be read.</summary>
    public ReplayException(TokenError error, string message) : base(message) => Error = error;

    /// <summary>Says why.</summary>
    public ReplayException(string message) : base(message)
    {
    }

    /// <summary>Says why, and what revealed it.</summary>
    public ReplayException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>For serializers only.</summary>
    public ReplayException()
    {
    }

    /// <summary>What is wrong with the token; <see cref="TokenError.None"/> if it is fine but another program's.</summary>
    public TokenError Error { get; }
}
