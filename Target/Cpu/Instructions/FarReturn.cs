using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Far RET, to the same and to an outer privilege level (SDM vol. 2, "RET").</summary>
internal static unsafe class FarReturn
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Retfw, &Return<ushort>);
        table.Add(Code.Retfd, &Return<uint>);
        table.Add(Code.Retfq, &Return<ulong>);
        table.Add(Code.Retfw_imm16, &Return<ushort>);
        table.Add(Code.Retfd_imm16, &Return<uint>);
        table.Add(Code.Retfq_imm16, &Return<ulong>);
    }

    private static StepStatus Return<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        bool mode64 = Operands.Is64(op);
        ulong pointer = s->Gpr[Gpr.Rsp];
        if (!StackAccess.Load(cpu, mode64, pointer, out T low)
            || !StackAccess.Load(cpu, mode64, pointer + (ulong)sizeof(T), out T high))
        {
            return StepStatus.Fault;
        }

        ulong rip = ulong.CreateTruncating(low);
        ushort selector = ushort.CreateTruncating(high);
        ulong after = pointer + (ulong)(2 * sizeof(T)) + (ushort)op->Imm;
        if (!s->ProtectedMode)
        {
            StepStatus status = FarTransfer.RealMode(cpu, selector, rip);
            if (status == StepStatus.Branch)
            {
                StackAccess.SetPointer(s, false, after);
            }

            return status;
        }

        if (!CodeTarget.Return(cpu, selector, out SegmentLoad code))
        {
            return StepStatus.Fault;
        }

        int cpl = selector & 3;
        if (cpl != s->Cpl)
        {
            return Outward<T>(cpu, op, code, rip, after);
        }

        if (!CodeTarget.Offset(cpu, code, rip))
        {
            return StepStatus.Fault;
        }

        StackAccess.SetPointer(s, mode64, after);
        PrivilegeLevel.Enter(cpu, code, cpl);
        s->Rip = rip;
        return StepStatus.Branch;
    }

    private static StepStatus Outward<T>(CpuCore cpu, DecodedOp* op, SegmentLoad code, ulong rip, ulong pointer)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        bool mode64 = Operands.Is64(op);
        if (!StackAccess.Load(cpu, mode64, pointer, out T rsp)
            || !StackAccess.Load(cpu, mode64, pointer + (ulong)sizeof(T), out T ss))
        {
            return StepStatus.Fault;
        }

        int cpl = code.Register.Selector & 3;
        bool to64 = code.Register.Long && (s->Efer & ControlBits.EferLma) != 0;
        if (!DescriptorLoad.CheckStack(
                cpu, ushort.CreateTruncating(ss), cpl, Vector.GeneralProtection, 0, to64, out SegmentLoad stack)
            || !CodeTarget.Offset(cpu, code, rip))
        {
            return StepStatus.Fault;
        }

        PrivilegeLevel.Enter(cpu, code, cpl);
        DescriptorLoad.Commit(cpu, SegmentIndex.Ss, stack);
        StackAccess.SetPointer(s, to64, ulong.CreateTruncating(rsp) + (ushort)op->Imm);
        PrivilegeLevel.DropData(s);
        s->Rip = rip;
        return StepStatus.Branch;
    }
}
