namespace KgdbSim.Target.Exploration;

/// <summary>What is wrong with result files.</summary>
public enum ResultFileError : byte
{
    /// <summary>Nothing in particular.</summary>
    None,

    /// <summary>The checksum doesn't match, or the content makes no sense.</summary>
    Damaged,

    /// <summary>The file is something else.</summary>
    NotAResult,

    /// <summary>It was made by a version this one cannot read.</summary>
    UnsupportedVersion,

    /// <summary>No file was given.</summary>
    NothingToMerge,

    /// <summary>The files are of different programs.</summary>
    DifferentPrograms,

    /// <summary>The files were made with different options, or different divisions.</summary>
    DifferentOptions,

    /// <summary>A shard is there more than once.</summary>
    OverlappingShards,

    /// <summary>A shard is not there.</summary>
    MissingShards,
}

/// <summary>Result files cannot be read or merged.</summary>
public sealed class ResultFileException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public ResultFileException(ResultFileError error, string message) : base(message) => Error = error;

    /// <summary>Says what is wrong, in words only.</summary>
    public ResultFileException(string message) : base(message)
    {
    }

    /// <summary>Says what is wrong, and what revealed it.</summary>
    public ResultFileException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>For serializers only.</summary>
    public ResultFileException()
    {
    }

    /// <summary>What is wrong.</summary>
    public ResultFileError Error { get; }
}
