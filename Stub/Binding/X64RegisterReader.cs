using System.Buffers.Binary;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Stub.Binding;

/// <summary>Reads registers of a simulated CPU in the form that gdb wants them.</summary>
internal static unsafe class X64RegisterReader
{
    private const int VectorWords = 4;

    /// <summary>The same of a processor whose guest code may have debug registers of its own.</summary>
    public static int Read(CpuCore cpu, X64Register register, Span<byte> destination) =>
        register.Kind == X64RegisterKind.Debug && cpu.GuestDebugRegisters is { } own
            ? Write64(own.Read(register.Index), destination) : Read(cpu.State, register, destination);

    /// <summary>Copies the register and returns its size in bytes; 0 if the CPU has none such.</summary>
    public static int Read(CpuState* s, X64Register register, Span<byte> destination)
    {
        int i = register.Index;
        switch (register.Kind)
        {
            case X64RegisterKind.General:
                return Write64(s->Gpr[i], destination);
            case X64RegisterKind.InstructionPointer:
                return Write64(s->Rip, destination);
            case X64RegisterKind.Flags:
                return Write32((uint)s->Rflags, destination);
            case X64RegisterKind.Selector:
                return Write32(CpuState.Segment(s, (SegmentIndex)i)->Selector, destination);
            case X64RegisterKind.SegmentBase:
                return Write64(CpuState.Segment(s, (SegmentIndex)i)->Base, destination);
            case X64RegisterKind.Stack:
                return X87Access.ReadStack(s, i, destination);
            case X64RegisterKind.Float:
                return Write32(X87Access.ReadControl(s, i), destination);
            case X64RegisterKind.Xmm:
                Write64(s->Vector[VectorWords * i], destination);
                return 8 + Write64(s->Vector[(VectorWords * i) + 1], destination[8..]);
            case X64RegisterKind.YmmHigh:
                Write64(s->Vector[(VectorWords * i) + 2], destination);
                return 8 + Write64(s->Vector[(VectorWords * i) + 3], destination[8..]);
            case X64RegisterKind.Mxcsr:
                return Write32(s->Mxcsr, destination);
            case X64RegisterKind.Efer:
                return Write64(s->Efer, destination);
            case X64RegisterKind.Debug:
                return Write64(Debug(s, i), destination);
            case X64RegisterKind.Control:
                return Write64(Control(s, i), destination);
            default:
                return 0;
        }
    }

    private static ulong Control(CpuState* s, int number) => number switch
    {
        0 => s->Cr0,
        2 => s->Cr2,
        3 => s->Cr3,
        4 => s->Cr4,
        _ => s->Cr8,
    };

    private static ulong Debug(CpuState* s, int number) => number switch
    {
        6 => s->Dr6,
        7 => s->Dr7,
        _ => s->Dr[number & 3],
    };

    private static int Write64(ulong value, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, value);
        return sizeof(ulong);
    }

    private static int Write32(uint value, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, value);
        return sizeof(uint);
    }
}
