using System.Buffers.Binary;
using KgdbSim.Protocol.AgentExpressions;
using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>One CPU of a machine that stands, as an agent expression sees it.</summary>
internal readonly struct AgentView(IDebugTarget target, int cpu) : IAgentContext
{
    /// <summary>The widest register on the wire has 32 bytes; one of more than 8 is no value of an expression.</summary>
    private const int RegisterSizeMax = 64;

    /// <inheritdoc/>
    public bool TryReadRegister(int number, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[RegisterSizeMax];
        bytes.Clear();
        int size = target.ReadRegister(cpu, number, bytes);
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return size is > 0 and <= sizeof(ulong);
    }

    /// <inheritdoc/>
    public bool TryReadMemory(ulong address, scoped Span<byte> destination) =>
        target.ReadMemory(cpu, address, destination) == destination.Length;
}
