using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PUSH and POP of everything but segment registers and flags, LEAVE (SDM vol. 2).</summary>
internal static unsafe class Stack
{
    public static void Register(InstructionTable table)
    {
        Push<ushort>(table, Code.Push_r16, Code.Push_rm16, Code.Push_imm16, Code.Pushw_imm8);
        Push<uint>(table, Code.Push_r32, Code.Push_rm32, Code.Pushd_imm32, Code.Pushd_imm8);
        Push<ulong>(table, Code.Push_r64, Code.Push_rm64, Code.Pushq_imm32, Code.Pushq_imm8);
        Pop<ushort>(table, Code.Pop_r16, Code.Pop_rm16);
        Pop<uint>(table, Code.Pop_r32, Code.Pop_rm32);
        Pop<ulong>(table, Code.Pop_r64, Code.Pop_rm64);
        table.Add(Code.Leavew, &Leave<ushort>);
        table.Add(Code.Leaved, &Leave<uint>);
        table.Add(Code.Leaveq, &Leave<ulong>);
    }

    private static void Push<T>(InstructionTable table, params ReadOnlySpan<Code> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (Code code in codes)
        {
            table.Add(code, &Push<T>);
        }
    }

    private static void Pop<T>(InstructionTable table, params ReadOnlySpan<Code> codes)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (Code code in codes)
        {
            table.Add(code, &Pop<T>);
        }
    }

    private static StepStatus Push<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> =>
        Operands.Read0(cpu, op, out T value) && StackAccess.Push(cpu, Operands.Is64(op), value)
            ? StepStatus.Next
            : StepStatus.Fault;

    /// <summary>The destination's address is computed with rSP already moved, and POP rSP takes the value popped.</summary>
    private static StepStatus Pop<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        bool mode64 = Operands.Is64(op);
        if (!StackAccess.Top(cpu, mode64, out T value))
        {
            return StepStatus.Fault;
        }

        ulong pointer = s->Gpr[Gpr.Rsp];
        StackAccess.Release(s, mode64, sizeof(T));
        if (Operands.Write0(cpu, op, value))
        {
            return StepStatus.Next;
        }

        s->Gpr[Gpr.Rsp] = pointer;
        return StepStatus.Fault;
    }

    private static StepStatus Leave<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        bool mode64 = Operands.Is64(op);
        ulong frame = s->Gpr[Gpr.Rbp];
        if (!StackAccess.Load(cpu, mode64, frame, out T caller))
        {
            return StepStatus.Fault;
        }

        StackAccess.SetPointer(s, mode64, frame + (ulong)sizeof(T));
        Gpr.Write(s, Gpr.Rbp, caller);
        return StepStatus.Next;
    }
}
