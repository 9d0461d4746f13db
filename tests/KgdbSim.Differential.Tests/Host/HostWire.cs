using System.Runtime.InteropServices;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Host;

/// <summary><c>struct request</c> of Harness/wire.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostRequest
{
    public const int CodeMax = 128;

    public MachineState State;
    public ulong CodeAddress;
    public ulong WindowAddress;
    public uint WindowLength;
    public uint CodeLength;
    public fixed byte Code[CodeMax];
    public fixed byte Window[Layout.WindowMax];
}

/// <summary><c>struct response</c> of Harness/wire.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HostResponse
{
    public MachineState State;
    public ulong Cr2;
    public uint Error;
    public ushort Trap;
    public Ending How;
    public byte Signal;

    /// <summary>So many <see cref="HostLine"/>s follow.</summary>
    public uint LineCount;
    public uint Reserved;
}

/// <summary><c>struct line</c> of Harness/wire.h: 16 bytes of data memory that are not as they were.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostLine
{
    public const int Length = 16;

    public uint Offset;
    public uint Reserved;
    public fixed byte Bytes[Length];
}
