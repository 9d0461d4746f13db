namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>The guest's program, from which gdb reads symbols. It is the only file that the stub shows to a debugger.</summary>
internal interface IGuestImage
{
    /// <summary>An absolute path, by which the debugger knows it.</summary>
    string Path { get; }

    /// <summary>The ELF file, byte for byte.</summary>
    ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>How far it was moved from its link address, in bytes; 0 for ET_EXEC.</summary>
    ulong LoadBias { get; }
}
