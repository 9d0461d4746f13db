using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>ENTER, PUSHA, POPA (SDM vol. 2).</summary>
internal static unsafe class StackFrame
{
    private const int LevelMask = 31;

    public static void Register(InstructionTable table)
    {
        table.Add(Code.Enterw_imm16_imm8, &Enter<ushort>);
        table.Add(Code.Enterd_imm16_imm8, &Enter<uint>);
        table.Add(Code.Enterq_imm16_imm8, &Enter<ulong>);
        table.Add(Code.Pushaw, &PushAll<ushort>);
        table.Add(Code.Pushad, &PushAll<uint>);
        table.Add(Code.Popaw, &PopAll<ushort>);
        table.Add(Code.Popad, &PopAll<uint>);
    }

    /// <summary>
    /// Pushes rBP, copies the frame pointers of the enclosing levels, makes room. The final stack pointer must be
    /// writable although nothing is written there. What was pushed before a fault stays in memory, below the unmoved
    /// stack pointer, where nobody owns it: so processors do, and so the instruction can be begun again.
    /// </summary>
    private static StepStatus Enter<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        bool mode64 = Operands.Is64(op);
        int level = (int)(op->Imm >> 32) & LevelMask;
        ulong frame = s->Gpr[Gpr.Rsp] - (ulong)sizeof(T);
        if (!StackAccess.Store(cpu, mode64, frame, Gpr.Read<T>(s, Gpr.Rbp)))
        {
            return StepStatus.Fault;
        }

        for (int i = 1; i <= level; i++)
        {
            T pointer = T.CreateTruncating(frame);
            ulong below = (ulong)(i * sizeof(T));
            if ((i < level && !StackAccess.Load(cpu, mode64, s->Gpr[Gpr.Rbp] - below, out pointer))
                || !StackAccess.Store(cpu, mode64, frame - below, pointer))
            {
                return StepStatus.Fault;
            }
        }

        ulong final = frame - (ulong)(level * sizeof(T)) - (ushort)op->Imm;
        if (!StackAccess.PrepareStore(cpu, mode64, final, sizeof(T)))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(s, Gpr.Rbp, T.CreateTruncating(frame));
        StackAccess.SetPointer(s, mode64, final);
        return StepStatus.Next;
    }

    private static StepStatus PushAll<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        ulong pointer = s->Gpr[Gpr.Rsp];
        for (int i = 1; i <= 8; i++)
        {
            if (!StackAccess.PrepareStore(cpu, false, pointer - (ulong)(i * sizeof(T)), sizeof(T)))
            {
                return StepStatus.Fault;
            }
        }

        for (int i = 0; i < 8; i++)
        {
            StackAccess.Store(cpu, false, pointer - (ulong)((i + 1) * sizeof(T)), Gpr.Read<T>(s, i));
        }

        StackAccess.SetPointer(s, false, pointer - (ulong)(8 * sizeof(T)));
        return StepStatus.Next;
    }

    private static StepStatus PopAll<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        ulong pointer = s->Gpr[Gpr.Rsp];
        T* values = stackalloc T[8];
        for (int i = 0; i < 8; i++)
        {
            if (!StackAccess.Load(cpu, false, pointer + (ulong)(i * sizeof(T)), out values[7 - i]))
            {
                return StepStatus.Fault;
            }
        }

        for (int i = 0; i < 8; i++)
        {
            // The stack pointer's slot is skipped.
            if (i != Gpr.Rsp)
            {
                Gpr.Write(s, i, values[i]);
            }
        }

        StackAccess.SetPointer(s, false, pointer + (ulong)(8 * sizeof(T)));
        return StepStatus.Next;
    }
}
