using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// FXSAVE and FXRSTOR, with REX.W or without (SDM vol. 1, 10.5 and vol. 2A). #UD for CR0.EM, #NM for CR0.TS, #GP(0) off
/// a 16-byte boundary. Bytes 416-511 of the area are left alone.
/// </summary>
internal static unsafe class FxSave
{
    /// <summary>The rows of this family.</summary>
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Fxsave_m512byte, &Save);
        table.Add(Code.Fxsave64_m512byte, &SaveWide);
        table.Add(Code.Fxrstor_m512byte, &Restore);
        table.Add(Code.Fxrstor64_m512byte, &RestoreWide);
    }

    private static StepStatus Save(CpuCore cpu, DecodedOp* op) => Save(cpu, op, wide: false);

    private static StepStatus SaveWide(CpuCore cpu, DecodedOp* op) => Save(cpu, op, wide: true);

    private static StepStatus Restore(CpuCore cpu, DecodedOp* op) => Restore(cpu, op, wide: false);

    private static StepStatus RestoreWide(CpuCore cpu, DecodedOp* op) => Restore(cpu, op, wide: true);

    private static StepStatus Save(CpuCore cpu, DecodedOp* op, bool wide)
    {
        bool stack = Operands.Stack(op);
        if (!Begin(cpu, op, write: true, out ulong area) || !cpu.Mmu.PrepareStore(area, FxArea.Size, stack))
        {
            return StepStatus.Fault;
        }

        FxArea.StoreX87(cpu, area, stack, wide);
        FxArea.StoreMxcsr(cpu, area, stack);
        FxArea.StoreXmm(cpu, area, stack, Operands.Is64(op));
        return StepStatus.Next;
    }

    private static StepStatus Restore(CpuCore cpu, DecodedOp* op, bool wide)
    {
        bool stack = Operands.Stack(op);
        if (!Begin(cpu, op, write: false, out ulong area)
            || !cpu.Mmu.PrepareLoad(area, FxArea.Size, stack)
            || !FxArea.LoadX87(cpu, area, stack, out FxControl control, out FxRegisters registers)
            || !FxArea.LoadXmm(cpu, area, stack, Operands.Is64(op), out FxRegisters low, out FxRegisters high)
            || !FxArea.LoadMxcsr(cpu, area, stack, out uint mxcsr))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        FxArea.SetX87(s, control, registers, wide);
        FxArea.SetXmm(s, low, high);
        s->Mxcsr = mxcsr;
        return StepStatus.Next;
    }

    private static bool Begin(CpuCore cpu, DecodedOp* op, bool write, out ulong area)
    {
        area = 0;
        CpuState* s = cpu.State;
        if ((s->Cr0 & (ControlBits.Cr0Em | ControlBits.Cr0Ts)) != 0)
        {
            cpu.Fault((s->Cr0 & ControlBits.Cr0Em) != 0 ? Vector.InvalidOpcode : Vector.DeviceNotAvailable);
            return false;
        }

        if (!Operands.Address(cpu, op, FxArea.Size, write, out area))
        {
            return false;
        }

        if ((area & 15) == 0)
        {
            return true;
        }

        // With alignment checks on it may be either (SDM vol. 2, "FXSAVE"); on AMD's processors it is #AC.
        cpu.Fault(
            cpu.Model.Vendor == CpuVendor.Amd && SseAccess.ChecksAlignment(s) ? Vector.AlignmentCheck : Vector.GeneralProtection, 0);
        return false;
    }
}
