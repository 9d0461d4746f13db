namespace KgdbSim.Protocol.Framing;

/// <summary>
/// One thing found on the wire. <see cref="Payload"/> is valid until the framer's next call or the input buffer's
/// release.
/// </summary>
public readonly ref struct Frame
{
    private Frame(FrameKind kind, FrameError error, ReadOnlySpan<byte> payload)
    {
        Kind = kind;
        Error = error;
        Payload = payload;
    }

    /// <summary>What it is.</summary>
    public FrameKind Kind { get; }

    /// <summary>
    /// The reason, when <see cref="Kind"/> is <see cref="FrameKind.Error"/>; else <see cref="FrameError.None"/>.
    /// </summary>
    public FrameError Error { get; }

    /// <summary>
    /// The bytes between <c>$</c> (or <c>%</c>) and <c>#</c> as they were sent: binary escapes are still in place,
    /// because only the packets that carry binary data have them, and requests are never run-length encoded.
    /// </summary>
    public ReadOnlySpan<byte> Payload { get; }

    internal static Frame Of(FrameKind kind) => new(kind, FrameError.None, default);

    internal static Frame Of(FrameKind kind, ReadOnlySpan<byte> payload) => new(kind, FrameError.None, payload);

    internal static Frame Of(FrameError error) => new(FrameKind.Error, error, default);
}
