using System.Buffers.Binary;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Stub.Binding;

/// <summary>
/// The x87 registers as gdb has them: a stack of 80-bit values, a tag word of two bits each, and the rest in 32 bits
/// (gdb's <c>features/i386/64bit-core.xml</c>; SDM vol. 1, chapter 8).
/// </summary>
internal static unsafe class X87Access
{
    /// <summary>The size of a stack register in bytes.</summary>
    public const int StackSize = 10;

    private const int TopShift = 11;
    private const int RegisterCount = 8;
    private const ushort ExponentMask = 0x7fff;

    // The order of gdb's registers after the stack.
    private const int ControlWord = 0;
    private const int StatusWord = 1;
    private const int TagWord = 2;
    private const int InstructionSegment = 3;
    private const int InstructionOffset = 4;
    private const int OperandSegment = 5;
    private const int OperandOffset = 6;

    /// <summary>Copies ST(i).</summary>
    public static int ReadStack(CpuState* s, int i, Span<byte> destination)
    {
        int physical = Physical(s, i);
        BinaryPrimitives.WriteUInt64LittleEndian(destination, s->X87[2 * physical]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], (ushort)s->X87[(2 * physical) + 1]);
        return StackSize;
    }

    /// <summary>Sets ST(i), whose tag does not change: it says whether the program has put something there.</summary>
    public static void WriteStack(CpuState* s, int i, ReadOnlySpan<byte> value)
    {
        int physical = Physical(s, i);
        s->X87[2 * physical] = BinaryPrimitives.ReadUInt64LittleEndian(value);
        s->X87[(2 * physical) + 1] = BinaryPrimitives.ReadUInt16LittleEndian(value[8..]);
    }

    /// <summary>Reads a control register by its place in gdb's order.</summary>
    public static uint ReadControl(CpuState* s, int i) => i switch
    {
        ControlWord => s->Fcw,
        StatusWord => s->Fsw,
        TagWord => FullTags(s),
        InstructionSegment => s->Fcs,
        InstructionOffset => (uint)s->Fip,
        OperandSegment => s->Fds,
        OperandOffset => (uint)s->Fdp,
        _ => s->Fop,
    };

    /// <summary>Sets a control register by its place in gdb's order; false if the value does not fit it.</summary>
    public static bool TryWriteControl(CpuState* s, int i, uint value)
    {
        bool wide = i is InstructionOffset or OperandOffset;
        if (!wide && value > ushort.MaxValue)
        {
            return false;
        }

        switch (i)
        {
            case ControlWord:
                s->Fcw = (ushort)value;
                break;
            case StatusWord:
                s->Fsw = (ushort)value;
                break;
            case TagWord:
                s->Ftw = Abridge(value);
                break;
            case InstructionSegment:
                s->Fcs = (ushort)value;
                break;
            case InstructionOffset:
                s->Fip = value;
                break;
            case OperandSegment:
                s->Fds = (ushort)value;
                break;
            case OperandOffset:
                s->Fdp = value;
                break;
            default:
                s->Fop = (ushort)(value & 0x7ff);
                break;
        }

        return true;
    }

    private static int Physical(CpuState* s, int i) => ((s->Fsw >> TopShift) + i) & (RegisterCount - 1);

    /// <summary>SDM vol. 1, 8.1.7: 0 valid, 1 zero, 2 special, 3 empty.</summary>
    private static uint FullTags(CpuState* s)
    {
        uint tags = 0;
        for (int physical = 0; physical < RegisterCount; physical++)
        {
            bool empty = (s->Ftw & (1 << physical)) == 0;
            uint tag = empty ? 3 : Classify(s->X87[2 * physical], (ushort)s->X87[(2 * physical) + 1]);
            tags |= tag << (2 * physical);
        }

        return tags;
    }

    private static uint Classify(ulong significand, ushort signAndExponent)
    {
        int exponent = signAndExponent & ExponentMask;
        if (exponent == 0 && significand == 0)
        {
            return 1;
        }

        bool normal = exponent is not (0 or ExponentMask) && significand >> 63 != 0;
        return normal ? 0u : 2u;
    }

    private static byte Abridge(uint tags)
    {
        int used = 0;
        for (int physical = 0; physical < RegisterCount; physical++)
        {
            used |= ((tags >> (2 * physical)) & 3) == 3 ? 0 : 1 << physical;
        }

        return (byte)used;
    }
}
