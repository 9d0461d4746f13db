using System.Buffers.Binary;
using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Monitor;

/// <summary>Reads a register by gdb's name for it.</summary>
internal static class NamedRegister
{
    /// <summary>Its value, zero-extended; 0 if the machine has no such register. For registers of up to 64 bits.</summary>
    public static ulong Read(IDebugTarget target, int cpu, string name)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        if (target.Registers.Find(name) is { } register)
        {
            target.ReadRegister(cpu, register.Number, bytes);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
