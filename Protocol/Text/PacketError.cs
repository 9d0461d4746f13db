namespace KgdbSim.Protocol.Text;

/// <summary>What is wrong with a packet whose name is known.</summary>
public enum PacketError
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A separator is missing, or something follows where the packet should end.</summary>
    Syntax,

    /// <summary>A hexadecimal number was expected.</summary>
    MissingNumber,

    /// <summary>A number does not fit its field.</summary>
    NumberTooLarge,

    /// <summary>A thread id was expected.</summary>
    BadThreadId,

    /// <summary>Data that should be pairs of hexadecimal digits is not.</summary>
    BadHex,

    /// <summary>Binary data ends in the middle of an escape.</summary>
    BadEscape,

    /// <summary>The data's length is not the one announced.</summary>
    LengthMismatch,

    /// <summary>A breakpoint's condition or command list is ill-formed.</summary>
    BadExpression,

    /// <summary>
    /// The packet is well known but asks for a variant that does not exist here, such as breakpoint type 9. The
    /// protocol's answer is the empty one, as for an unknown packet.
    /// </summary>
    Unsupported,
}
