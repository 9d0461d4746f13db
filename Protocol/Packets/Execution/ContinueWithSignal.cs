using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>C sig[;addr]</c>: continues the thread selected by <c>Hc</c> with a signal, at <c>addr</c> if given.
/// </summary>
/// <remarks>
/// Example: <c>C05</c>. A bare machine has no signals; what delivering one means is the target's affair.
/// </remarks>
public readonly ref struct ContinueWithSignal : IPacket<ContinueWithSignal>
{
    private ContinueWithSignal(GdbSignal signal, ulong? address)
    {
        Signal = signal;
        Address = address;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "C"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("C sig[;addr]", "continue with a signal");

    /// <summary>The signal to deliver.</summary>
    public GdbSignal Signal { get; }

    /// <summary>Where to go on, or <c>null</c>: where it stands.</summary>
    public ulong? Address { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ContinueWithSignal packet)
    {
        ulong address = 0;
        bool valid = reader.TrySignal(out GdbSignal signal);
        bool given = valid && reader.SkipIf((byte)';');
        valid = valid && (!given || reader.TryNumber(out address)) && reader.TryEnd();
        packet = new ContinueWithSignal(signal, given ? address : null);
        return valid;
    }
}
