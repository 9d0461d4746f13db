using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>Where a payload went.</summary>
public enum DispatchOutcome
{
    /// <summary>Its handler was called.</summary>
    Handled,

    /// <summary>No such packet: the reply is empty.</summary>
    Unknown,

    /// <summary>A known packet that does not parse: the reply is an error.</summary>
    Malformed,
}

/// <summary>What <see cref="PacketCatalog.Dispatch"/> did. In every case the reply holds what is to be sent.</summary>
/// <param name="Outcome">Where the payload went.</param>
/// <param name="Answer">When the reply is due.</param>
/// <param name="Error">What is wrong with it, if <see cref="DispatchOutcome.Malformed"/>.</param>
/// <param name="Packet">The packet's description, unless <see cref="DispatchOutcome.Unknown"/>.</param>
public readonly record struct DispatchResult(
    DispatchOutcome Outcome, Answer Answer, PacketError Error = PacketError.None, PacketInfo? Packet = null);
