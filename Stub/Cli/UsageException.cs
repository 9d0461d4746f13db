namespace KgdbSim.Cli;

/// <summary>The user asked for something that cannot be; the message says what and why, in one line.</summary>
internal sealed class UsageException : Exception
{
    /// <summary>Says what and why.</summary>
    public UsageException(string message) : base(message)
    {
    }
}
