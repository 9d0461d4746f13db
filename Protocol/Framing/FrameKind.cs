namespace KgdbSim.Protocol.Framing;

/// <summary>What <see cref="PacketFramer"/> found next on the wire.</summary>
public enum FrameKind
{
    /// <summary>Nothing: more bytes are needed.</summary>
    None,

    /// <summary><c>+</c>: the last packet we sent arrived intact.</summary>
    Ack,

    /// <summary><c>-</c>: the last packet we sent must be sent again.</summary>
    Nak,

    /// <summary>0x03 outside a packet: the debugger's Ctrl-C (GDB manual, "Interrupts").</summary>
    Interrupt,

    /// <summary><c>$payload#xx</c> with a right checksum.</summary>
    Packet,

    /// <summary>
    /// <c>%payload#xx</c> with a right checksum; never acknowledged (GDB manual, "Notification Packets").
    /// </summary>
    Notification,

    /// <summary>Bytes that are none of the above; <see cref="Frame.Error"/> says why.</summary>
    Error,
}
