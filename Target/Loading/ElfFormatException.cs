namespace KgdbSim.Target.Loading;

/// <summary>A file that can't be loaded: what is wrong, and where in it.</summary>
public sealed class ElfFormatException : Exception
{
    /// <summary>Names the error and the offending detail.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="detail">Which header, segment or address, for a person.</param>
    public ElfFormatException(ElfError error, string detail)
        : base($"{error}: {detail}") => Error = error;

    /// <summary>For serializers only.</summary>
    public ElfFormatException()
    {
    }

    /// <summary>For serializers only.</summary>
    public ElfFormatException(string message) : base(message)
    {
    }

    /// <summary>For serializers only.</summary>
    public ElfFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>What is wrong.</summary>
    public ElfError Error { get; }
}
