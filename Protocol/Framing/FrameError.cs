namespace KgdbSim.Protocol.Framing;

/// <summary>
/// Why bytes on the wire are not a frame. The bytes concerned are consumed; the stream goes on behind them.
/// </summary>
public enum FrameError
{
    /// <summary>No error.</summary>
    None,

    /// <summary>
    /// The two checksum digits are hexadecimal but not the sum of the payload. In ack mode the answer is <c>-</c>.
    /// </summary>
    BadChecksum,

    /// <summary>
    /// What follows <c>#</c> is not two hexadecimal digits; only the digits are consumed, so a frame behind them
    /// survives.
    /// </summary>
    BadChecksumDigits,

    /// <summary>
    /// More payload than the advertised PacketSize. The rest of the frame is swallowed without further report.
    /// </summary>
    Oversize,

    /// <summary>
    /// A run of bytes outside any frame that are neither acknowledgement, interrupt nor the start of a frame.
    /// </summary>
    StrayBytes,

    /// <summary>
    /// A frame ended without <c>#</c>: a new <c>$</c> began inside it (a sender must escape that byte), or the stream
    /// ended.
    /// </summary>
    Truncated,
}
