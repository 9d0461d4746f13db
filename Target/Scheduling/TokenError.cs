namespace KgdbSim.Target.Scheduling;

/// <summary>What is wrong with a replay token.</summary>
public enum TokenError : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It doesn't begin like a token or lacks parts.</summary>
    NotAToken,

    /// <summary>It was made by a version this one cannot read.</summary>
    UnsupportedVersion,

    /// <summary>The program's name has a character it cannot have.</summary>
    BadProgramName,

    /// <summary>A character outside the alphabet.</summary>
    BadCharacter,

    /// <summary>The checksum doesn't match: a character was lost or changed.</summary>
    ChecksumMismatch,

    /// <summary>The checksum matches but the content makes no sense.</summary>
    Malformed,
}
