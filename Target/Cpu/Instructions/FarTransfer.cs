using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Far JMP and CALL (SDM vol. 2, "JMP", "CALL"); through call gates see <see cref="CallGate"/>.</summary>
internal static unsafe class FarTransfer
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Jmp_ptr1616, &Jump<ushort>);
        table.Add(Code.Jmp_ptr1632, &Jump<uint>);
        table.Add(Code.Jmp_m1616, &Jump<ushort>);
        table.Add(Code.Jmp_m1632, &Jump<uint>);
        table.Add(Code.Jmp_m1664, &Jump<ulong>);
        table.Add(Code.Call_ptr1616, &Call<ushort>);
        table.Add(Code.Call_ptr1632, &Call<uint>);
        table.Add(Code.Call_m1616, &Call<ushort>);
        table.Add(Code.Call_m1632, &Call<uint>);
        table.Add(Code.Call_m1664, &Call<ulong>);
    }

    private static StepStatus Jump<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Target<T>(cpu, op, out ushort selector, out ulong offset))
        {
            return StepStatus.Fault;
        }

        if (!s->ProtectedMode)
        {
            return RealMode(cpu, selector, offset);
        }

        if (!CodeTarget.Find(cpu, selector, Vector.GeneralProtection, 0, out Descriptor descriptor, out ulong address))
        {
            return StepStatus.Fault;
        }

        if (!descriptor.IsCodeOrData)
        {
            return CallGate.Jump(cpu, selector, descriptor, address);
        }

        if (!CodeTarget.Direct(cpu, selector, descriptor, address, out SegmentLoad code)
            || !CodeTarget.Offset(cpu, code, offset))
        {
            return StepStatus.Fault;
        }

        PrivilegeLevel.Enter(cpu, code, s->Cpl);
        s->Rip = offset;
        return StepStatus.Branch;
    }

    private static StepStatus Call<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Target<T>(cpu, op, out ushort selector, out ulong offset))
        {
            return StepStatus.Fault;
        }

        if (!s->ProtectedMode)
        {
            return PushReturn<T>(cpu, op) ? RealMode(cpu, selector, offset) : StepStatus.Fault;
        }

        if (!CodeTarget.Find(cpu, selector, Vector.GeneralProtection, 0, out Descriptor descriptor, out ulong address))
        {
            return StepStatus.Fault;
        }

        if (!descriptor.IsCodeOrData)
        {
            return CallGate.Call(cpu, op, selector, descriptor, address);
        }

        if (!CodeTarget.Direct(cpu, selector, descriptor, address, out SegmentLoad code)
            || !CodeTarget.Offset(cpu, code, offset)
            || !PushDirect<T>(cpu, op, code))
        {
            return StepStatus.Fault;
        }

        PrivilegeLevel.Enter(cpu, code, s->Cpl);
        s->Rip = offset;
        return StepStatus.Branch;
    }

    /// <summary>
    /// AMD's processors push as the mode does that the call leads to; and REX.W, which doesn't widen the pointer there,
    /// widens what is pushed (a Zen 4).
    /// </summary>
    private static bool PushDirect<T>(CpuCore cpu, DecodedOp* op, in SegmentLoad code)
        where T : unmanaged, IBinaryInteger<T>
    {
        bool to64 = code.Register.Long && (cpu.State->Efer & ControlBits.EferLma) != 0;
        bool mode64 = cpu.Model.Vendor == CpuVendor.Amd ? to64 : Operands.Is64(op);
        return DecoderCorrections.IsWideFarCall(op)
            ? PushReturn<ulong>(cpu, op, mode64)
            : PushReturn<T>(cpu, op, mode64);
    }

    /// <summary>Pushes CS and the address behind the instruction on the present stack.</summary>
    public static bool PushReturn<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> => PushReturn<T>(cpu, op, Operands.Is64(op));

    private static bool PushReturn<T>(CpuCore cpu, DecodedOp* op, bool mode64)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        ulong pointer = s->Gpr[Gpr.Rsp];
        if (!StackAccess.PrepareStore(cpu, mode64, pointer - (ulong)sizeof(T), sizeof(T))
            || !StackAccess.PrepareStore(cpu, mode64, pointer - (ulong)(2 * sizeof(T)), sizeof(T)))
        {
            return false;
        }

        StackAccess.Store(cpu, mode64, pointer - (ulong)sizeof(T), T.CreateTruncating(s->Cs.Selector));
        StackAccess.Store(cpu, mode64, pointer - (ulong)(2 * sizeof(T)), T.CreateTruncating(op->NextRip));
        StackAccess.SetPointer(s, mode64, pointer - (ulong)(2 * sizeof(T)));
        return true;
    }

    /// <summary>Real mode: CS gets selector and base, nothing is checked but the limit it has.</summary>
    public static StepStatus RealMode(CpuCore cpu, ushort selector, ulong offset)
    {
        CpuState* s = cpu.State;
        if (offset > s->Cs.Limit)
        {
            return cpu.GeneralProtection();
        }

        PrivilegeLevel.EnterReal(cpu, DescriptorLoad.RealMode(s->Cs, selector));
        s->Rip = offset;
        return StepStatus.Branch;
    }

    private static bool Target<T>(CpuCore cpu, DecodedOp* op, out ushort selector, out ulong offset)
        where T : unmanaged, IBinaryInteger<T>
    {
        selector = (ushort)(op->Imm >> 32);
        offset = (uint)op->Imm;
        if (op->K0 == OperandKind.FarBranch)
        {
            return true;
        }

        offset = 0;
        if (!Operands.Address(cpu, op, sizeof(T) + 2, false, out ulong linear)
            || !cpu.Mmu.Load(linear, Operands.Stack(op), out T low)
            || !cpu.Mmu.Load(linear + (ulong)sizeof(T), Operands.Stack(op), out selector))
        {
            return false;
        }

        offset = ulong.CreateTruncating(low);
        return true;
    }
}
