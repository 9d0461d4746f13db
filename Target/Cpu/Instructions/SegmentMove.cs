using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>MOV, PUSH and POP of segment registers (SDM vol. 2).</summary>
internal static unsafe class SegmentMove
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Mov_rm16_Sreg, &Store<ushort>);
        table.Add(Code.Mov_r32m16_Sreg, &Store<uint>);
        table.Add(Code.Mov_r64m16_Sreg, &Store<ulong>);
        table.Add(Code.Mov_Sreg_rm16, &Load);
        table.Add(Code.Mov_Sreg_r32m16, &Load);
        table.Add(Code.Mov_Sreg_r64m16, &Load);
        Push(table);
        Pop(table);
    }

    private static void Push(InstructionTable table)
    {
        foreach (Code code in (ReadOnlySpan<Code>)
            [Code.Pushw_ES, Code.Pushw_CS, Code.Pushw_SS, Code.Pushw_DS, Code.Pushw_FS, Code.Pushw_GS])
        {
            table.Add(code, &Push<ushort>);
        }

        foreach (Code code in (ReadOnlySpan<Code>)
            [Code.Pushd_ES, Code.Pushd_CS, Code.Pushd_SS, Code.Pushd_DS, Code.Pushd_FS, Code.Pushd_GS])
        {
            table.Add(code, &Push<uint>);
        }

        table.Add(Code.Pushq_FS, &Push<ulong>);
        table.Add(Code.Pushq_GS, &Push<ulong>);
    }

    private static void Pop(InstructionTable table)
    {
        foreach (Code code in (ReadOnlySpan<Code>)
            [Code.Popw_ES, Code.Popw_SS, Code.Popw_DS, Code.Popw_FS, Code.Popw_GS])
        {
            table.Add(code, &Pop<ushort>);
        }

        foreach (Code code in (ReadOnlySpan<Code>)
            [Code.Popd_ES, Code.Popd_SS, Code.Popd_DS, Code.Popd_FS, Code.Popd_GS])
        {
            table.Add(code, &Pop<uint>);
        }

        table.Add(Code.Popq_FS, &Pop<ulong>);
        table.Add(Code.Popq_GS, &Pop<ulong>);
    }

    // To memory always 16 bits; a wide register is cleared above them.
    private static StepStatus Store<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        ushort selector = CpuState.Segment(cpu.State, (SegmentIndex)op->R1)->Selector;
        if (op->K0 == OperandKind.Memory)
        {
            return Operands.StoreMemory(cpu, op, selector) ? StepStatus.Next : StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(selector));
        return StepStatus.Next;
    }

    private static StepStatus Load(CpuCore cpu, DecodedOp* op)
    {
        var index = (SegmentIndex)op->R0;
        if (index == SegmentIndex.Cs)
        {
            return cpu.InvalidOpcode();
        }

        ushort selector;
        if (op->K1 != OperandKind.Memory)
        {
            selector = Gpr.Read<ushort>(cpu.State, op->R1);
        }
        else if (!Operands.LoadMemory(cpu, op, out selector))
        {
            return StepStatus.Fault;
        }

        return DescriptorLoad.Segment(cpu, index, selector) ? Loaded(cpu, index) : StepStatus.Fault;
    }

    /// <summary>
    /// 64 bits are pushed and popped whole. Of 32 bits only 16 are accessed, the pointer moves by 4 (SDM vol. 2, "PUSH"); but
    /// AMD's processors access all 32 (APM vol. 3, "PUSH").
    /// </summary>
    private static bool IsWhole<T>(CpuCore cpu)
        where T : unmanaged => sizeof(T) == 8 || cpu.Model.Vendor == CpuVendor.Amd;

    private static StepStatus Push<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        bool mode64 = Operands.Is64(op);
        ushort selector = CpuState.Segment(s, (SegmentIndex)op->R0)->Selector;
        ulong pointer = s->Gpr[Gpr.Rsp] - (ulong)sizeof(T);

        bool stored = IsWhole<T>(cpu)
            ? StackAccess.Store(cpu, mode64, pointer, T.CreateTruncating(selector))
            : StackAccess.Store(cpu, mode64, pointer, selector);
        if (!stored)
        {
            return StepStatus.Fault;
        }

        StackAccess.SetPointer(s, mode64, pointer);
        return StepStatus.Next;
    }

    private static StepStatus Pop<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        bool mode64 = Operands.Is64(op);
        var index = (SegmentIndex)op->R0;
        ushort selector;
        if (IsWhole<T>(cpu))
        {
            if (!StackAccess.Top(cpu, mode64, out T wide))
            {
                return StepStatus.Fault;
            }

            selector = ushort.CreateTruncating(wide);
        }
        else if (!StackAccess.Top(cpu, mode64, out selector))
        {
            return StepStatus.Fault;
        }

        if (!DescriptorLoad.Check(cpu, index, selector, out SegmentLoad loaded))
        {
            return StepStatus.Fault;
        }

        // The stack pointer moves in the width of the stack that was popped from, before SS changes.
        StackAccess.Release(cpu.State, mode64, sizeof(T));
        DescriptorLoad.Commit(cpu, index, loaded);
        return Loaded(cpu, index);
    }

    /// <summary>
    /// MOV SS and POP SS hold off interrupts and debug traps until after the next instruction (SDM vol. 3, 6.8.3).
    /// </summary>
    public static StepStatus Loaded(CpuCore cpu, SegmentIndex index)
    {
        if (index == SegmentIndex.Ss)
        {
            cpu.State->MovSsShadow = 1;
            cpu.Attention = true;
        }

        return StepStatus.Next;
    }
}
