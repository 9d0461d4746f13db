using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// FNSTENV FLDENV FNSAVE FRSTOR: the environment in its four layouts (SDM vol. 1, figures 8-9 to 8-12), with the
/// registers behind it for the latter two.
/// </summary>
internal static unsafe class X87Environment
{
    private const int RegisterBytes = 10;

    public static void Register(InstructionTable table)
    {
        table.Add(Code.Fnstenv_m14byte, &Store<ushort>);
        table.Add(Code.Fnstenv_m28byte, &Store<uint>);
        table.Add(Code.Fldenv_m14byte, &Load<ushort>);
        table.Add(Code.Fldenv_m28byte, &Load<uint>);
        table.Add(Code.Fnsave_m94byte, &Save<ushort>);
        table.Add(Code.Fnsave_m108byte, &Save<uint>);
        table.Add(Code.Frstor_m94byte, &Restore<ushort>);
        table.Add(Code.Frstor_m108byte, &Restore<uint>);
    }

    /// <summary>
    /// The tag word with two bits a register, from the abridged tags and the contents (SDM vol. 1, 8.1.7).
    /// </summary>
    public static ushort FullTags(CpuState* s)
    {
        int tags = 0;
        for (int physical = 0; physical < 8; physical++)
        {
            int tag = 3;
            if (((s->Ftw >> physical) & 1) != 0)
            {
                Float80 value = new(s->X87[2 * physical], (ushort)s->X87[(2 * physical) + 1]);
                Unpacked unpacked = value.Unpack();
                bool valid = unpacked.Class == FloatClass.Finite && !unpacked.IsDenormal;
                tag = unpacked.Class == FloatClass.Zero ? 1 : valid ? 0 : 2;
            }

            tags |= tag << (2 * physical);
        }

        return (ushort)tags;
    }

    /// <summary>Abridged tags: a bit is set for every register that is not 11 in the full tag word.</summary>
    public static byte AbridgedTags(ushort full)
    {
        int tags = 0;
        for (int physical = 0; physical < 8; physical++)
        {
            tags |= ((full >> (2 * physical)) & 3) != 3 ? 1 << physical : 0;
        }

        return (byte)tags;
    }

    private static StepStatus Store<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (!X87Access.Available(cpu) || !Prepare(cpu, op, 7 * sizeof(T), sizeof(T), out ulong linear))
        {
            return StepStatus.Fault;
        }

        StoreEnvironment<T>(cpu, op, linear);
        cpu.State->Fcw |= X87Bits.Masks;
        X87Access.Summarise(cpu.State);
        return StepStatus.Next;
    }

    private static StepStatus Save<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        int size = (7 * sizeof(T)) + (8 * RegisterBytes);
        if (!X87Access.Available(cpu) || !Prepare(cpu, op, size, sizeof(T), out ulong linear))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        StoreEnvironment<T>(cpu, op, linear);
        ulong address = linear + (ulong)(7 * sizeof(T));
        for (int i = 0; i < 8; i++, address += RegisterBytes)
        {
            Float80 value = X87Stack.Read(s, i);
            StorePieces(cpu, op, address, value);
        }

        X87Control.Reset(s);
        return StepStatus.Next;
    }

    private static StepStatus Load<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        T* words = stackalloc T[7];
        if (!X87Access.BeginWaiting(cpu) || !LoadEnvironment(cpu, op, 7 * sizeof(T), words, out _))
        {
            return StepStatus.Fault;
        }

        SetEnvironment(cpu, words);
        return StepStatus.Next;
    }

    private static StepStatus Restore<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        T* words = stackalloc T[7];
        ushort* parts = stackalloc ushort[8 * RegisterBytes / sizeof(ushort)];
        int size = (7 * sizeof(T)) + (8 * RegisterBytes);
        if (!X87Access.BeginWaiting(cpu) || !LoadEnvironment(cpu, op, size, words, out ulong linear))
        {
            return StepStatus.Fault;
        }

        ulong address = linear + (ulong)(7 * sizeof(T));
        for (int i = 0; i < 8 * RegisterBytes / sizeof(ushort); i++, address += sizeof(ushort))
        {
            if (!cpu.Mmu.Load(address, Operands.Stack(op), out parts[i]))
            {
                return StepStatus.Fault;
            }
        }

        SetEnvironment(cpu, words);
        byte tags = cpu.State->Ftw;
        for (int i = 0; i < 8; i++)
        {
            ushort* part = parts + (i * RegisterBytes / sizeof(ushort));
            X87Stack.Write(cpu.State, i, new Float80(*(ulong*)part, part[4]));
        }

        cpu.State->Ftw = tags;
        return StepStatus.Next;
    }

    /// <summary>Finds every fault that storing <paramref name="size"/> bytes could have.</summary>
    private static bool Prepare(CpuCore cpu, DecodedOp* op, int size, int unit, out ulong linear)
    {
        if (!Operands.Address(cpu, op, size, write: true, out linear))
        {
            return false;
        }

        bool stack = Operands.Stack(op);
        int done = 0;
        while (done < size)
        {
            int piece = Math.Min(unit, size - done);
            if (!cpu.Mmu.PrepareStore(linear + (ulong)done, piece, stack))
            {
                return false;
            }

            done += piece;
        }

        return true;
    }

    private static void StorePieces(CpuCore cpu, DecodedOp* op, ulong address, Float80 value)
    {
        // Two bytes at a time: an area that is aligned for its environment need not be for eight.
        bool stack = Operands.Stack(op);
        for (int part = 0; part < 4; part++)
        {
            cpu.Mmu.Store(address + (ulong)(2 * part), stack, (ushort)(value.Significand >> (16 * part)));
        }

        cpu.Mmu.Store(address + 8, stack, value.SignExponent);
    }

    private static void StoreEnvironment<T>(CpuCore cpu, DecodedOp* op, ulong linear)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        uint* words = stackalloc uint[7];
        words[0] = s->Fcw;
        words[1] = s->Fsw;
        words[2] = FullTags(s);
        if (s->ProtectedMode)
        {
            words[3] = (uint)s->Fip;
            words[4] = s->Fcs;
            words[5] = (uint)s->Fdp;
            words[6] = s->Fds;
            words[4] |= sizeof(T) == 4 ? (uint)s->Fop << 16 : 0;
        }
        else
        {
            // Real mode: linear addresses, their upper part above bit 12 of the word behind.
            uint code = ((uint)s->Fcs << 4) + (uint)s->Fip;
            uint data = ((uint)s->Fds << 4) + (uint)s->Fdp;
            words[3] = (ushort)code;
            words[4] = ((code >> 16) << 12) | s->Fop;
            words[5] = (ushort)data;
            words[6] = (data >> 16) << 12;
        }

        for (int i = 0; i < 7; i++)
        {
            // The reserved upper halves are stored as ones (SDM vol. 1, figure 8-9).
            bool halfReserved = sizeof(T) == 4 && (i < 3 || (s->ProtectedMode ? i == 6 : i is 3 or 5));
            uint word = halfReserved ? words[i] | 0xFFFF0000 : words[i];
            cpu.Mmu.Store(linear + (ulong)(i * sizeof(T)), Operands.Stack(op), T.CreateTruncating(word));
        }
    }

    private static bool LoadEnvironment<T>(CpuCore cpu, DecodedOp* op, int size, T* words, out ulong linear)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (!Operands.Address(cpu, op, size, write: false, out linear))
        {
            return false;
        }

        for (int i = 0; i < 7; i++)
        {
            if (!cpu.Mmu.Load(linear + (ulong)(i * sizeof(T)), Operands.Stack(op), out words[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static void SetEnvironment<T>(CpuCore cpu, T* words)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        s->Fsw = ushort.CreateTruncating(words[1]);
        s->Ftw = AbridgedTags(ushort.CreateTruncating(words[2]));
        uint fourth = uint.CreateTruncating(words[4]);
        uint sixth = uint.CreateTruncating(words[6]);
        s->Fip = uint.CreateTruncating(words[3]);
        s->Fdp = uint.CreateTruncating(words[5]);
        if (s->ProtectedMode)
        {
            s->Fcs = (ushort)fourth;
            s->Fds = (ushort)sixth;
            s->Fop = sizeof(T) == 4 ? (ushort)((fourth >> 16) & 0x7FF) : (ushort)0;
        }
        else
        {
            s->Fip = (ushort)s->Fip | ((fourth >> 12) << 16);
            s->Fdp = (ushort)s->Fdp | ((sixth >> 12) << 16);
            s->Fop = (ushort)(fourth & 0x7FF);
            s->Fcs = 0;
            s->Fds = 0;
        }

        X87Control.SetControl(s, ushort.CreateTruncating(words[0]));
    }
}
