using System.Buffers.Binary;

namespace KgdbSim.Stub.Binding;

/// <summary>Reads and writes RIP, register 16 of gdb's x86-64 description.</summary>
internal static class InstructionPointer
{
    /// <summary>RIP's number, the same in every x86-64 target description (gdb's <c>features/i386/64bit-core.xml</c>).</summary>
    public const int Number = 16;

    /// <summary>Where the CPU stands.</summary>
    public static ulong Of(IDebugTarget target, int cpu)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        target.ReadRegister(cpu, Number, bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Moves the CPU elsewhere.</summary>
    public static bool TrySet(IDebugTarget target, int cpu, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
        return target.WriteRegister(cpu, Number, bytes) == RegisterWriteResult.Done;
    }
}
