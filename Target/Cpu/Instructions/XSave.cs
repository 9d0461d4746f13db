using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// XSAVE, XSAVEOPT and XRSTOR in the standard format, XGETBV and XSETBV (SDM vol. 1, 13.7 to 13.9). #UD without
/// CR4.OSXSAVE, #NM for CR0.TS, #GP(0) off a 64-byte boundary. The instruction mask is EDX:EAX.
/// </summary>
internal static unsafe class XSave
{
    private const int HeaderOffset = FxArea.Size;

    /// <summary>The rows of this family.</summary>
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Xsave_mem, &Save);
        table.Add(Code.Xsave64_mem, &SaveWide);
        table.Add(Code.Xsaveopt_mem, &SaveOptimized);
        table.Add(Code.Xsaveopt64_mem, &SaveOptimizedWide);
        table.Add(Code.Xrstor_mem, &Restore);
        table.Add(Code.Xrstor64_mem, &RestoreWide);
        table.Add(Code.Xgetbv, &GetControl);
        table.Add(Code.Xsetbv, &SetControl);
    }

    private static StepStatus Save(CpuCore cpu, DecodedOp* op) => Save(cpu, op, wide: false, optimize: false);

    private static StepStatus SaveWide(CpuCore cpu, DecodedOp* op) => Save(cpu, op, wide: true, optimize: false);

    private static StepStatus SaveOptimized(CpuCore cpu, DecodedOp* op) => Save(cpu, op, wide: false, optimize: true);

    private static StepStatus SaveOptimizedWide(CpuCore cpu, DecodedOp* op) =>
        Save(cpu, op, wide: true, optimize: true);

    private static StepStatus Restore(CpuCore cpu, DecodedOp* op) => Restore(cpu, op, wide: false);

    private static StepStatus RestoreWide(CpuCore cpu, DecodedOp* op) => Restore(cpu, op, wide: true);

    /// <summary>XSAVE, or XSAVEOPT, which does not write components in their initial configuration.</summary>
    private static StepStatus Save(CpuCore cpu, DecodedOp* op, bool wide, bool optimize)
    {
        bool stack = Operands.Stack(op);
        bool mode64 = Operands.Is64(op);
        if (!Begin(cpu, op, write: true, out ulong area)
            || !cpu.Mmu.PrepareStore(area, XStateComponents.AreaSize, stack)
            || !cpu.Mmu.Load(area + HeaderOffset, stack, out ulong present))
        {
            return StepStatus.Fault;
        }

        ulong requested = Requested(cpu.State);
        ulong inUse = XStateComponents.InUse(cpu.State, mode64);
        ulong written = optimize ? requested & inUse : requested;
        if ((written & XStateComponents.X87) != 0)
        {
            FxArea.StoreX87(cpu, area, stack, wide);
        }

        if ((requested & XStateComponents.Sse) != 0)
        {
            FxArea.StoreMxcsr(cpu, area, stack);
        }

        if ((written & XStateComponents.Sse) != 0)
        {
            FxArea.StoreXmm(cpu, area, stack, mode64);
        }

        cpu.Mmu.Store(area + HeaderOffset, stack, (present & ~requested) | (inUse & requested));
        return StepStatus.Next;
    }

    private static StepStatus Restore(CpuCore cpu, DecodedOp* op, bool wide)
    {
        bool stack = Operands.Stack(op);
        bool mode64 = Operands.Is64(op);
        FxControl control = default;
        FxRegisters registers = default, low = default, high = default;
        if (!Begin(cpu, op, write: false, out ulong area)
            || !cpu.Mmu.PrepareLoad(area, XStateComponents.AreaSize, stack)
            || !LoadHeader(cpu, area, stack, out ulong present))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        ulong requested = Requested(s);
        ulong loaded = requested & present;
        uint mxcsr = s->Mxcsr;
        bool x87 = (loaded & XStateComponents.X87) != 0;
        bool sse = (loaded & XStateComponents.Sse) != 0;
        if ((x87 && !FxArea.LoadX87(cpu, area, stack, out control, out registers))
            || (sse && !FxArea.LoadXmm(cpu, area, stack, mode64, out low, out high))
            || ((requested & XStateComponents.Sse) != 0 && !FxArea.LoadMxcsr(cpu, area, stack, out mxcsr)))
        {
            return StepStatus.Fault;
        }

        s->Mxcsr = mxcsr;
        if (x87)
        {
            FxArea.SetX87(s, control, registers, wide);
        }
        else if ((requested & XStateComponents.X87) != 0)
        {
            XStateComponents.InitialiseX87(s);
        }

        if (sse)
        {
            FxArea.SetXmm(s, low, high);
        }
        else if ((requested & XStateComponents.Sse) != 0)
        {
            XStateComponents.InitialiseSse(s, mode64);
        }

        return StepStatus.Next;
    }

    /// <summary>XGETBV: ECX = 0 alone is there.</summary>
    private static StepStatus GetControl(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if ((s->Cr4 & ControlBits.Cr4OsXsave) == 0)
        {
            return cpu.InvalidOpcode();
        }

        if ((uint)s->Gpr[Gpr.Rcx] != 0)
        {
            return cpu.GeneralProtection();
        }

        s->Gpr[Gpr.Rax] = (uint)s->Xcr0;
        s->Gpr[Gpr.Rdx] = s->Xcr0 >> 32;
        return StepStatus.Next;
    }

    /// <summary>XSETBV: privileged; #GP(0) for any XCR but 0 and for a value that it cannot have.</summary>
    private static StepStatus SetControl(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if ((s->Cr4 & ControlBits.Cr4OsXsave) == 0)
        {
            return cpu.InvalidOpcode();
        }

        ulong value = Mask(s);
        if (s->Cpl != 0 || (uint)s->Gpr[Gpr.Rcx] != 0 || !XStateComponents.IsValid(value))
        {
            return cpu.GeneralProtection();
        }

        s->Xcr0 = value;
        return StepStatus.Next;
    }

    private static ulong Mask(CpuState* s) => (uint)s->Gpr[Gpr.Rax] | (s->Gpr[Gpr.Rdx] << 32);

    /// <summary>The requested-feature bitmap.</summary>
    private static ulong Requested(CpuState* s) => s->Xcr0 & Mask(s);

    private static bool Begin(CpuCore cpu, DecodedOp* op, bool write, out ulong area)
    {
        area = 0;
        CpuState* s = cpu.State;
        if ((s->Cr4 & ControlBits.Cr4OsXsave) == 0 || (s->Cr0 & ControlBits.Cr0Ts) != 0)
        {
            bool undefined = (s->Cr4 & ControlBits.Cr4OsXsave) == 0;
            cpu.Fault(undefined ? Vector.InvalidOpcode : Vector.DeviceNotAvailable);
            return false;
        }

        if (!Operands.Address(cpu, op, XStateComponents.AreaSize, write, out area))
        {
            return false;
        }

        if ((area & 63) == 0)
        {
            return true;
        }

        cpu.GeneralProtection();
        return false;
    }

    /// <summary>
    /// XSTATE_BV; #GP(0) for a component outside XCR0, for the compacted format, which is not there, and for anything
    /// in the header's bytes 8-23.
    /// </summary>
    private static bool LoadHeader(CpuCore cpu, ulong area, bool stack, out ulong present)
    {
        ulong header = area + HeaderOffset;
        if (!cpu.Mmu.Load(header, stack, out present)
            || !cpu.Mmu.Load(header + 8, stack, out ulong format)
            || !cpu.Mmu.Load(header + 16, stack, out ulong reserved))
        {
            return false;
        }

        if ((present & ~cpu.State->Xcr0) == 0 && (format | reserved) == 0)
        {
            return true;
        }

        cpu.GeneralProtection();
        return false;
    }
}
