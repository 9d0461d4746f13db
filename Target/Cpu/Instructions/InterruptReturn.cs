using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// IRET, IRETD, IRETQ (SDM vol. 2). Returns to virtual-8086 mode and from nested tasks don't exist here: a frame or an
/// NT flag that asks for one is refused with #GP(0), which is what long mode does.
/// </summary>
internal static unsafe class InterruptReturn
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Iretw, &Return<ushort>);
        table.Add(Code.Iretd, &Return<uint>);
        table.Add(Code.Iretq, &Return<ulong>);
    }

    private static StepStatus Return<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;

        // NMIs may come again from here on, even if this IRET faults (SDM vol. 3, 6.7.1).
        s->NmiBlocked = 0;
        bool mode64 = Operands.Is64(op);
        if (s->ProtectedMode && (s->SystemFlags & Flags.Nt) != 0)
        {
            return cpu.GeneralProtection();
        }

        ulong pointer = s->Gpr[Gpr.Rsp];
        if (!StackAccess.Load(cpu, mode64, pointer, out T rip)
            || !StackAccess.Load(cpu, mode64, pointer + (ulong)sizeof(T), out T cs)
            || !StackAccess.Load(cpu, mode64, pointer + (ulong)(2 * sizeof(T)), out T flags))
        {
            return StepStatus.Fault;
        }

        ulong after = pointer + (ulong)(3 * sizeof(T));
        return s->ProtectedMode
            ? Protected<T>(cpu, mode64, ushort.CreateTruncating(cs), ulong.CreateTruncating(rip), flags, after)
            : RealMode(cpu, ushort.CreateTruncating(cs), ulong.CreateTruncating(rip), flags, after);
    }

    private static StepStatus RealMode<T>(CpuCore cpu, ushort selector, ulong rip, T flags, ulong after)
        where T : unmanaged, IBinaryInteger<T>
    {
        StepStatus status = FarTransfer.RealMode(cpu, selector, rip);
        if (status == StepStatus.Branch)
        {
            StackAccess.SetPointer(cpu.State, false, after);
            LoadFlags(cpu, flags, cpl: 0, keep: Flags.Vm | Flags.Vif | Flags.Vip);
        }

        return status;
    }

    private static StepStatus Protected<T>(CpuCore cpu, bool mode64, ushort selector, ulong rip, T flags, ulong after)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        int cpl = s->Cpl;
        bool toVirtual8086 = sizeof(T) == 4 && (s->Efer & ControlBits.EferLma) == 0 && cpl == 0
            && (ulong.CreateTruncating(flags) & Flags.Vm) != 0;
        if (toVirtual8086)
        {
            return cpu.GeneralProtection();
        }

        // 64-bit mode pops all of the frame before it looks at any of it.
        T low = default, high = default;
        if ((mode64 && !PopStack(cpu, mode64, after, out low, out high))
            || !CodeTarget.Return(cpu, selector, out SegmentLoad code))
        {
            return StepStatus.Fault;
        }

        int target = selector & 3;
        bool to64 = code.Register.Long && (s->Efer & ControlBits.EferLma) != 0;
        var stack = new SegmentLoad(s->Ss);
        bool popsStack = mode64 || target != cpl;
        if (popsStack
            && ((!mode64 && !PopStack(cpu, mode64, after, out low, out high))
                || !DescriptorLoad.CheckStack(
                    cpu, ushort.CreateTruncating(high), target, Vector.GeneralProtection, 0, to64, out stack)))
        {
            return StepStatus.Fault;
        }

        if (!CodeTarget.Offset(cpu, code, rip))
        {
            return StepStatus.Fault;
        }

        PrivilegeLevel.Enter(cpu, code, target);
        if (popsStack)
        {
            DescriptorLoad.Commit(cpu, SegmentIndex.Ss, stack);
            StackAccess.SetPointer(s, to64, ulong.CreateTruncating(low));
        }
        else
        {
            StackAccess.SetPointer(s, mode64, after);
        }

        LoadFlags(cpu, flags, cpl, keep: Flags.Vm);
        if (target != cpl)
        {
            PrivilegeLevel.DropData(s);
        }

        s->Rip = rip;
        return StepStatus.Branch;
    }

    private static bool PopStack<T>(CpuCore cpu, bool mode64, ulong pointer, out T rsp, out T selector)
        where T : unmanaged, IBinaryInteger<T>
    {
        selector = default;
        return StackAccess.Load(cpu, mode64, pointer, out rsp)
            && StackAccess.Load(cpu, mode64, pointer + (ulong)sizeof(T), out selector);
    }

    /// <summary>
    /// IOPL, VIF and VIP change only from CPL 0, IF only from a level that may do I/O; a 16-bit image has no more than
    /// 16 bits.
    /// </summary>
    private static void LoadFlags<T>(CpuCore cpu, T image, int cpl, ulong keep)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        ulong before = s->Rflags;
        if (cpl != 0)
        {
            keep |= Flags.Iopl | Flags.Vif | Flags.Vip;
        }

        if (cpl > (int)((before & Flags.Iopl) >> 12))
        {
            keep |= Flags.If;
        }

        if (sizeof(T) == 2)
        {
            keep |= ~0xFFFFUL;
        }

        cpu.SetRflags((before & keep) | (ulong.CreateTruncating(image) & ~keep));
    }
}
