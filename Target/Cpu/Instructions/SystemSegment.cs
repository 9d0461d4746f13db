using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>LLDT, LTR, SLDT, STR (SDM vol. 2).</summary>
internal static unsafe class SystemSegment
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Lldt, &LoadLocal);
        table.Add(Mnemonic.Ltr, &LoadTask);
        table.Add(Mnemonic.Sldt, null, &StoreLocal<ushort>, &StoreLocal<uint>, &StoreLocal<ulong>);
        table.Add(Mnemonic.Str, null, &StoreTask<ushort>, &StoreTask<uint>, &StoreTask<ulong>);
    }

    private static StepStatus LoadLocal(CpuCore cpu, DecodedOp* op)
    {
        if (!Source(cpu, op, out ushort selector))
        {
            return StepStatus.Fault;
        }

        if (DescriptorTables.IsNull(selector))
        {
            cpu.State->Ldtr = DescriptorLoad.Null(selector);
            return StepStatus.Next;
        }

        if (!Find(cpu, selector, out Descriptor descriptor, out ulong upper, out _))
        {
            return StepStatus.Fault;
        }

        if (descriptor.IsCodeOrData || descriptor.Type != Descriptor.Ldt)
        {
            return cpu.Fault(Vector.GeneralProtection, DescriptorTables.ErrorCode(selector));
        }

        if (!Usable(cpu, selector, descriptor, upper, out SegmentRegister loaded))
        {
            return StepStatus.Fault;
        }

        cpu.State->Ldtr = loaded;
        return StepStatus.Next;
    }

    private static StepStatus LoadTask(CpuCore cpu, DecodedOp* op)
    {
        if (!Source(cpu, op, out ushort selector))
        {
            return StepStatus.Fault;
        }

        if (DescriptorTables.IsNull(selector))
        {
            return cpu.GeneralProtection();
        }

        if (!Find(cpu, selector, out Descriptor descriptor, out ulong upper, out ulong address))
        {
            return StepStatus.Fault;
        }

        bool longMode = (cpu.State->Efer & ControlBits.EferLma) != 0;
        bool available = descriptor.Type == Descriptor.Tss || (!longMode && descriptor.Type == Descriptor.Tss16);
        if (descriptor.IsCodeOrData || !available)
        {
            return cpu.Fault(Vector.GeneralProtection, DescriptorTables.ErrorCode(selector));
        }

        if (!Usable(cpu, selector, descriptor, upper, out SegmentRegister register))
        {
            return StepStatus.Fault;
        }

        register.Attributes |= (ushort)(Descriptor.BusyBit >> 40);
        if (!SegmentLoad.Prepare(cpu, register, descriptor, address, Descriptor.BusyBit, out SegmentLoad loaded))
        {
            return StepStatus.Fault;
        }

        DescriptorLoad.Commit(cpu, SegmentIndex.Tr, loaded);
        return StepStatus.Next;
    }

    private static bool Source(CpuCore cpu, DecodedOp* op, out ushort selector)
    {
        selector = 0;
        if (!cpu.State->ProtectedMode)
        {
            cpu.InvalidOpcode();
            return false;
        }

        return Privilege.Supervisor(cpu) && Operands.Read0(cpu, op, out selector);
    }

    // Only the GDT holds these descriptors.
    private static bool Find(
        CpuCore cpu, ushort selector, out Descriptor descriptor, out ulong upper, out ulong address)
    {
        descriptor = default;
        upper = address = 0;
        DescriptorLookup result = (selector & 4) != 0
            ? DescriptorLookup.OutOfLimit
            : DescriptorTables.FindSystem(cpu, selector, out descriptor, out upper, out address);
        if (result == DescriptorLookup.OutOfLimit)
        {
            cpu.Fault(Vector.GeneralProtection, DescriptorTables.ErrorCode(selector));
        }

        return result == DescriptorLookup.Found;
    }

    private static bool Usable(
        CpuCore cpu, ushort selector, Descriptor descriptor, ulong upper, out SegmentRegister loaded)
    {
        loaded = descriptor.ToSegment(selector);
        loaded.Base |= upper << 32;
        uint error = DescriptorTables.ErrorCode(selector);
        if (!descriptor.Present)
        {
            cpu.Fault(Vector.SegmentNotPresent, error);
            return false;
        }

        bool longMode = (cpu.State->Efer & ControlBits.EferLma) != 0;
        if (longMode && ((upper & (0x1FUL << 40)) != 0 || !cpu.Mmu.IsCanonical(loaded.Base)))
        {
            cpu.Fault(Vector.GeneralProtection, error);
            return false;
        }

        return true;
    }

    private static StepStatus StoreLocal<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> => Store<T>(cpu, op, cpu.State->Ldtr.Selector);

    private static StepStatus StoreTask<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> => Store<T>(cpu, op, cpu.State->Tr.Selector);

    private static StepStatus Store<T>(CpuCore cpu, DecodedOp* op, ushort selector)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.State->ProtectedMode)
        {
            return cpu.InvalidOpcode();
        }

        if (!Privilege.UserModeInstruction(cpu))
        {
            return StepStatus.Fault;
        }

        if (op->K0 == OperandKind.Memory)
        {
            return Operands.StoreMemory(cpu, op, selector) ? StepStatus.Next : StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(selector));
        return StepStatus.Next;
    }
}
