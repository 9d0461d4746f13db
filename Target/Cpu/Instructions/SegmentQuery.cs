using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// LAR, LSL, VERR, VERW, ARPL (SDM vol. 2): they tell about selectors through ZF and never fault over them.
/// </summary>
internal static unsafe class SegmentQuery
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Lar, null, &Rights<ushort>, &Rights<uint>, &Rights<ulong>);
        table.Add(Mnemonic.Lsl, null, &Limit<ushort>, &Limit<uint>, &Limit<ulong>);
        table.Add(Mnemonic.Verr, &VerifyRead);
        table.Add(Mnemonic.Verw, &VerifyWrite);
        table.Add(Mnemonic.Arpl, &AdjustRpl);
    }

    private static StepStatus Rights<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Source(cpu, op, first: false, out ushort selector, out bool found, out Descriptor descriptor))
        {
            return StepStatus.Fault;
        }

        bool visible = found
            && (descriptor.IsCodeOrData || RightsType(cpu, descriptor.Type))
            && Visible(cpu, selector, descriptor);
        if (visible)
        {
            Gpr.Write(cpu.State, op->R0, T.CreateTruncating(descriptor.AccessRights));
        }

        return SetZero(cpu, visible);
    }

    private static StepStatus Limit<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Source(cpu, op, first: false, out ushort selector, out bool found, out Descriptor descriptor))
        {
            return StepStatus.Fault;
        }

        bool visible = found
            && (descriptor.IsCodeOrData || LimitType(cpu, descriptor.Type))
            && Visible(cpu, selector, descriptor);
        if (visible)
        {
            Gpr.Write(cpu.State, op->R0, T.CreateTruncating(descriptor.Limit));
        }

        return SetZero(cpu, visible);
    }

    private static StepStatus VerifyRead(CpuCore cpu, DecodedOp* op)
    {
        if (!Source(cpu, op, first: true, out ushort selector, out bool found, out Descriptor descriptor))
        {
            return StepStatus.Fault;
        }

        return SetZero(cpu, found && descriptor.IsReadable && Visible(cpu, selector, descriptor));
    }

    private static StepStatus VerifyWrite(CpuCore cpu, DecodedOp* op)
    {
        if (!Source(cpu, op, first: true, out ushort selector, out bool found, out Descriptor descriptor))
        {
            return StepStatus.Fault;
        }

        return SetZero(cpu, found && descriptor.IsWritableData && Visible(cpu, selector, descriptor));
    }

    private static StepStatus AdjustRpl(CpuCore cpu, DecodedOp* op)
    {
        if (!cpu.State->ProtectedMode)
        {
            return cpu.InvalidOpcode();
        }

        if (!Operands.Read0(cpu, op, out ushort selector))
        {
            return StepStatus.Fault;
        }

        // Only what changes is written (SDM vol. 2, "ARPL").
        int wanted = Gpr.Read<ushort>(cpu.State, op->R1) & 3;
        bool raised = (selector & 3) < wanted;
        return raised && !Operands.Write0(cpu, op, (ushort)((selector & ~3) | wanted))
            ? StepStatus.Fault
            : SetZero(cpu, raised);
    }

    /// <summary>Reads the selector and looks it up; false only for faults of memory, or #UD in real mode.</summary>
    private static bool Source(
        CpuCore cpu, DecodedOp* op, bool first, out ushort selector, out bool found, out Descriptor descriptor)
    {
        selector = 0;
        found = false;
        descriptor = default;
        if (!cpu.State->ProtectedMode)
        {
            cpu.InvalidOpcode();
            return false;
        }

        if (first ? !Operands.Read0(cpu, op, out selector) : !Operands.Read1(cpu, op, out selector))
        {
            return false;
        }

        if (DescriptorTables.IsNull(selector))
        {
            return true;
        }

        DescriptorLookup result = DescriptorTables.Find(cpu, selector, out descriptor, out _);
        found = result == DescriptorLookup.Found;
        return result != DescriptorLookup.Fault;
    }

    private static bool Visible(CpuCore cpu, ushort selector, Descriptor descriptor) =>
        descriptor.IsConforming || descriptor.Dpl >= Math.Max((int)cpu.State->Cpl, selector & 3);

    private static bool RightsType(CpuCore cpu, int type) => (cpu.State->Efer & ControlBits.EferLma) != 0
        ? type is Descriptor.Ldt or Descriptor.Tss or Descriptor.TssBusy or Descriptor.CallGate
        : type is Descriptor.Tss16 or Descriptor.Ldt or Descriptor.Tss16Busy or Descriptor.CallGate16
            or Descriptor.TaskGate or Descriptor.Tss or Descriptor.TssBusy or Descriptor.CallGate;

    private static bool LimitType(CpuCore cpu, int type) => (cpu.State->Efer & ControlBits.EferLma) != 0
        ? type is Descriptor.Ldt or Descriptor.Tss or Descriptor.TssBusy
        : type is Descriptor.Tss16 or Descriptor.Ldt or Descriptor.Tss16Busy or Descriptor.Tss or Descriptor.TssBusy;

    private static StepStatus SetZero(CpuCore cpu, bool zero)
    {
        CpuState* s = cpu.State;
        ulong status = LazyFlags.ToStatus(s->FlagResult, s->FlagAux) & ~Flags.Zf;
        (s->FlagResult, s->FlagAux) = LazyFlags.FromStatus(zero ? status | Flags.Zf : status);
        return StepStatus.Next;
    }
}
