using System.Buffers.Binary;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Stub.Binding;

/// <summary>
/// Sets registers of a simulated CPU. What a MOV could not load is refused, so that a debugger cannot bring the CPU into
/// a state that no CPU can be in.
/// </summary>
internal static unsafe class X64RegisterWriter
{
    private const int VectorWords = 4;

    /// <summary>MXCSR's reserved bits (SDM vol. 1, 10.2.3); FXRSTOR of any of them is #GP.</summary>
    private const uint MxcsrReserved = 0xffff_0000;

    private const ulong Cr0Known = 0xe005_003f;
    private const ulong EferKnown =
        ControlBits.EferSce | ControlBits.EferLme | ControlBits.EferLma | ControlBits.EferNxe;

    /// <summary>Sets the register from as many bytes as it has.</summary>
    public static RegisterWriteResult Write(CpuCore cpu, X64Register register, ReadOnlySpan<byte> value)
    {
        CpuState* s = cpu.State;
        int i = register.Index;
        switch (register.Kind)
        {
            case X64RegisterKind.General:
                s->Gpr[i] = Read64(value);
                return RegisterWriteResult.Done;
            case X64RegisterKind.InstructionPointer:
                return WriteInstructionPointer(cpu, Read64(value));
            case X64RegisterKind.Flags:
                cpu.SetRflags((s->Rflags & ~(ulong)uint.MaxValue) | Read32(value));
                return RegisterWriteResult.Done;
            case X64RegisterKind.Selector:
                return WriteSelector(s, (SegmentIndex)i, Read32(value));
            case X64RegisterKind.SegmentBase:
                return WriteBase(cpu, (SegmentIndex)i, Read64(value));
            case X64RegisterKind.Stack:
                X87Access.WriteStack(s, i, value);
                return RegisterWriteResult.Done;
            case X64RegisterKind.Float:
                return X87Access.TryWriteControl(s, i, Read32(value)) ? RegisterWriteResult.Done : RegisterWriteResult.Refused;
            case X64RegisterKind.Xmm:
                WriteVector(s, VectorWords * i, value);
                return RegisterWriteResult.Done;
            case X64RegisterKind.YmmHigh:
                WriteVector(s, (VectorWords * i) + 2, value);
                return RegisterWriteResult.Done;
            case X64RegisterKind.Mxcsr when (Read32(value) & MxcsrReserved) == 0:
                s->Mxcsr = Read32(value);
                return RegisterWriteResult.Done;
            case X64RegisterKind.Efer:
                return WriteMode(cpu, ref s->Efer, Read64(value), EferKnown, ControlBits.EferLme | ControlBits.EferLma);
            case X64RegisterKind.Control:
                return WriteControl(cpu, i, Read64(value));
            case X64RegisterKind.Debug:
                return WriteDebug(cpu, i, Read64(value));
            case X64RegisterKind.None:
                return RegisterWriteResult.NoSuchRegister;
            default:
                return RegisterWriteResult.Refused;
        }
    }

    private static RegisterWriteResult WriteInstructionPointer(CpuCore cpu, ulong value)
    {
        if (!cpu.Mmu.IsCanonical(value))
        {
            return RegisterWriteResult.Refused;
        }

        cpu.State->Rip = value;
        cpu.Attention = true;
        return RegisterWriteResult.Done;
    }

    /// <summary>
    /// In protected mode a selector comes with a descriptor, which the debugger has no means to give: it may only write
    /// what is there, as it does when it writes all registers back.
    /// </summary>
    private static RegisterWriteResult WriteSelector(CpuState* s, SegmentIndex index, uint value)
    {
        SegmentRegister* segment = CpuState.Segment(s, index);
        if (value == segment->Selector)
        {
            return RegisterWriteResult.Done;
        }

        bool realMode = (s->Cr0 & ControlBits.Cr0Pe) == 0;
        if (!realMode || value > ushort.MaxValue)
        {
            return RegisterWriteResult.Refused;
        }

        segment->Selector = (ushort)value;
        segment->Base = (ulong)value << 4;
        return RegisterWriteResult.Done;
    }

    private static RegisterWriteResult WriteBase(CpuCore cpu, SegmentIndex index, ulong value)
    {
        if (!cpu.Mmu.IsCanonical(value))
        {
            return RegisterWriteResult.Refused;
        }

        CpuState.Segment(cpu.State, index)->Base = value;
        return RegisterWriteResult.Done;
    }

    private static RegisterWriteResult WriteControl(CpuCore cpu, int number, ulong value)
    {
        CpuState* s = cpu.State;
        switch (number)
        {
            case 0:
                return WriteMode(cpu, ref s->Cr0, value, Cr0Known, ControlBits.Cr0Pe | ControlBits.Cr0Pg);
            case 2:
                s->Cr2 = value;
                return RegisterWriteResult.Done;
            case 3 when value >> Target.Memory.PageWalker.PhysicalBits == 0:
                s->Cr3 = value;
                cpu.TranslationChanged();
                return RegisterWriteResult.Done;
            case 4:
                ulong known = s->Cr4 | ControlBits.Cr4Vme | ControlBits.Cr4Pvi | ControlBits.Cr4Tsd | ControlBits.Cr4De
                    | ControlBits.Cr4Pse | ControlBits.Cr4Mce | ControlBits.Cr4Pge | ControlBits.Cr4Pce
                    | ControlBits.Cr4OsFxsr | ControlBits.Cr4OsXmmExcpt;
                RegisterWriteResult result =
                    WriteMode(cpu, ref s->Cr4, value, known, ControlBits.Cr4Pae | ControlBits.Cr4La57);
                cpu.Debug.RegistersChanged();
                return result;
            case 8 when value == s->Cr8:
                return RegisterWriteResult.Done;
            default:
                return RegisterWriteResult.Refused;
        }
    }

    /// <summary>A register whose <paramref name="mode"/> bits decide how code is decoded: those stay as they are.</summary>
    private static RegisterWriteResult WriteMode(CpuCore cpu, ref ulong register, ulong value, ulong known, ulong mode)
    {
        if ((value & ~known) != 0 || ((value ^ register) & mode) != 0)
        {
            return RegisterWriteResult.Refused;
        }

        register = value;
        cpu.TranslationChanged();
        return RegisterWriteResult.Done;
    }

    /// <summary>As MOV DR: reserved bits read as they always do, and what cannot be set is refused (SDM vol. 3B, 18.2).</summary>
    private static RegisterWriteResult WriteDebug(CpuCore cpu, int number, ulong value)
    {
        const ulong Dr6Ones = 0xffff_0ff0;
        const ulong Dr6Writable = 0xe00f;
        const ulong Dr7Ones = 0x400;
        const ulong Dr7Writable = 0xffff_23ff;
        CpuState* s = cpu.State;
        if (number >= 6 && value > uint.MaxValue)
        {
            return RegisterWriteResult.Refused;
        }

        if (cpu.GuestDebugRegisters is { } own)
        {
            own.Write(number, value);
            return RegisterWriteResult.Done;
        }

        switch (number)
        {
            case 6:
                s->Dr6 = (value & Dr6Writable) | Dr6Ones;
                return RegisterWriteResult.Done;
            case 7:
                s->Dr7 = (value & Dr7Writable) | Dr7Ones;
                break;
            default:
                s->Dr[number & 3] = value;
                break;
        }

        cpu.Debug.RegistersChanged();
        return RegisterWriteResult.Done;
    }

    private static void WriteVector(CpuState* s, int word, ReadOnlySpan<byte> value)
    {
        s->Vector[word] = Read64(value);
        s->Vector[word + 1] = Read64(value[8..]);
    }

    private static ulong Read64(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt64LittleEndian(value);

    private static uint Read32(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt32LittleEndian(value);
}
