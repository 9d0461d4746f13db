namespace KgdbSim.Protocol.AgentExpressions;

/// <summary>The stopped thread as an expression sees it.</summary>
public interface IAgentContext
{
    /// <summary>Reads a register.</summary>
    /// <param name="number">Its number in the target description.</param>
    /// <param name="value">Its value, zero-extended.</param>
    /// <returns><c>false</c> if it does not exist, is not available, or has more than 64 bits.</returns>
    bool TryReadRegister(int number, out ulong value);

    /// <summary>Reads memory, all or nothing.</summary>
    /// <param name="address">The first byte's address.</param>
    /// <param name="destination">Where to put the bytes.</param>
    bool TryReadMemory(ulong address, scoped Span<byte> destination);
}
