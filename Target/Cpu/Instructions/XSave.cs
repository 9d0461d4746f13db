using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// XSAVE, XSAVEOPT, XSAVEC, XRSTOR, XGETBV and XSETBV (SDM vol. 1, 13.7 to 13.10). #UD without CR4.OSXSAVE, #NM for
/// CR0.TS, #GP(0) off a 64-byte boundary. The instruction mask is EDX:EAX. x87 and SSE lie at the same place in the
/// standard and the compacted format.
/// </summary>
internal static unsafe class XSave
{
    private const int HeaderOffset = FxArea.Size;

    /// <summary>Components that MXCSR goes with in the standard format.</summary>
    private const ulong WithMxcsr = XStateComponents.Sse | XStateComponents.Avx;

    /// <summary>XCOMP_BV: the area has the compacted format.</summary>
    private const ulong Compacted = 1ul << 63;

    /// <summary>The rows of this family.</summary>
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Xsave_mem, &Save);
        table.Add(Code.Xsave64_mem, &SaveWide);
        table.Add(Code.Xsaveopt_mem, &SaveOptimized);
        table.Add(Code.Xsaveopt64_mem, &SaveOptimizedWide);
        table.Add(Code.Xsavec_mem, &SaveCompacted);
        table.Add(Code.Xsavec64_mem, &SaveCompactedWide);
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

    private static StepStatus SaveCompacted(CpuCore cpu, DecodedOp* op) => SaveCompacted(cpu, op, wide: false);

    private static StepStatus SaveCompactedWide(CpuCore cpu, DecodedOp* op) => SaveCompacted(cpu, op, wide: true);

    private static StepStatus Restore(CpuCore cpu, DecodedOp* op) => Restore(cpu, op, wide: false);

    private static StepStatus RestoreWide(CpuCore cpu, DecodedOp* op) => Restore(cpu, op, wide: true);

    /// <summary>XSAVE, or XSAVEOPT, which does not write components in their initial configuration.</summary>
    private static StepStatus Save(CpuCore cpu, DecodedOp* op, bool wide, bool optimize)
    {
        bool stack = Operands.Stack(op);
        bool mode64 = Operands.Is64(op);
        if (!Begin(cpu, op, write: true, out ulong area)
            || !cpu.Mmu.PrepareStore(area, XStateComponents.AreaSize(Requested(cpu.State)), stack)
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

        if ((requested & WithMxcsr) != 0)
        {
            FxArea.StoreMxcsr(cpu, area, stack);
        }

        if ((written & XStateComponents.Sse) != 0)
        {
            FxArea.StoreXmm(cpu, area, stack, mode64);
        }

        if ((written & XStateComponents.Avx) != 0)
        {
            FxArea.StoreYmm(cpu, area, stack, mode64);
        }

        cpu.Mmu.Store(area + HeaderOffset, stack, (present & ~requested) | (inUse & requested));
        return StepStatus.Next;
    }

    /// <summary>XSAVEC: only components in use are written, and MXCSR belongs to SSE.</summary>
    private static StepStatus SaveCompacted(CpuCore cpu, DecodedOp* op, bool wide)
    {
        bool stack = Operands.Stack(op);
        bool mode64 = Operands.Is64(op);
        if (!Begin(cpu, op, write: true, out ulong area)
            || !cpu.Mmu.PrepareStore(area, XStateComponents.AreaSize(Requested(cpu.State)), stack))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        ulong requested = Requested(s);
        ulong inUse = XStateComponents.InUse(s, mode64);
        inUse |= s->Mxcsr != SseControl.MxcsrDefault ? XStateComponents.Sse : 0;
        ulong written = requested & inUse;
        if ((written & XStateComponents.X87) != 0)
        {
            FxArea.StoreX87(cpu, area, stack, wide);
        }

        if ((written & XStateComponents.Sse) != 0)
        {
            FxArea.StoreMxcsr(cpu, area, stack);
            FxArea.StoreXmm(cpu, area, stack, mode64);
        }

        if ((written & XStateComponents.Avx) != 0)
        {
            FxArea.StoreYmm(cpu, area, stack, mode64);
        }

        cpu.Mmu.Store(area + HeaderOffset, stack, written);
        cpu.Mmu.Store(area + HeaderOffset + 8, stack, requested | Compacted);
        return StepStatus.Next;
    }

    private static StepStatus Restore(CpuCore cpu, DecodedOp* op, bool wide)
    {
        bool stack = Operands.Stack(op);
        bool mode64 = Operands.Is64(op);
        FxControl control = default;
        FxRegisters registers = default, low = default, high = default, low2 = default, high2 = default;
        if (!Begin(cpu, op, write: false, out ulong area)
            || !cpu.Mmu.PrepareLoad(area, XStateComponents.AreaSize(Requested(cpu.State)), stack)
            || !LoadHeader(cpu, area, stack, out ulong present, out bool compacted))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        ulong requested = Requested(s);
        ulong loaded = requested & present;
        uint mxcsr = s->Mxcsr;
        if (!LoadMxcsr(cpu, area, stack, requested, present, compacted, ref mxcsr)
            || (Has(loaded, XStateComponents.X87) && !FxArea.LoadX87(cpu, area, stack, out control, out registers))
            || (Has(loaded, XStateComponents.Sse) && !FxArea.LoadXmm(cpu, area, stack, mode64, out low, out high))
            || (Has(loaded, XStateComponents.Avx) && !FxArea.LoadYmm(cpu, area, stack, mode64, out low2, out high2)))
        {
            return StepStatus.Fault;
        }

        s->Mxcsr = mxcsr;
        Initialise(s, requested & ~present, mode64);
        if (Has(loaded, XStateComponents.X87))
        {
            FxArea.SetX87(s, control, registers, wide);
        }

        if (Has(loaded, XStateComponents.Sse))
        {
            FxArea.SetXmm(s, low, high);
        }

        if (Has(loaded, XStateComponents.Avx))
        {
            FxArea.SetYmm(s, low2, high2);
        }

        return StepStatus.Next;
    }

    private static bool Has(ulong components, ulong component) => (components & component) != 0;

    private static void Initialise(CpuState* s, ulong components, bool mode64)
    {
        if (Has(components, XStateComponents.X87))
        {
            XStateComponents.InitialiseX87(s);
        }

        if (Has(components, XStateComponents.Sse))
        {
            XStateComponents.InitialiseSse(s, mode64);
        }

        if (Has(components, XStateComponents.Avx))
        {
            XStateComponents.InitialiseAvx(s, mode64);
        }
    }

    /// <summary>
    /// In the standard format MXCSR is loaded with SSE and with AVX, present or not; compacted it goes with SSE, being
    /// initialised with it (SDM vol. 1, 13.8.1 and 13.8.2).
    /// </summary>
    private static bool LoadMxcsr(
        CpuCore cpu, ulong area, bool stack, ulong requested, ulong present, bool compacted, ref uint mxcsr)
    {
        if (!Has(requested, compacted ? XStateComponents.Sse : WithMxcsr))
        {
            return true;
        }

        if (compacted && !Has(present, XStateComponents.Sse))
        {
            mxcsr = SseControl.MxcsrDefault;
            return true;
        }

        return FxArea.LoadMxcsr(cpu, area, stack, out mxcsr);
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
        if (s->Cpl != 0 || (uint)s->Gpr[Gpr.Rcx] != 0 || !XStateComponents.IsValid(cpu.Model, value))
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

        if (!Operands.Address(cpu, op, XStateComponents.AreaSize(Requested(s)), write, out area))
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
    /// XSTATE_BV. #GP(0) for a component outside XCR0 or, compacted, outside XCOMP_BV, and for what the format wants to
    /// be zero: bytes 8-23 of the header, compacted all behind XCOMP_BV.
    /// </summary>
    private static bool LoadHeader(CpuCore cpu, ulong area, bool stack, out ulong present, out bool compacted)
    {
        ulong header = area + HeaderOffset;
        compacted = false;
        if (!cpu.Mmu.Load(header, stack, out present)
            || !cpu.Mmu.Load(header + 8, stack, out ulong format)
            || !cpu.Mmu.Load(header + 16, stack, out ulong reserved))
        {
            return false;
        }

        compacted = (format & Compacted) != 0 && cpu.Model.Has(CpuFeatures.XsaveC);
        ulong allowed = cpu.State->Xcr0;
        if (compacted)
        {
            format &= ~Compacted;
            for (uint offset = 24; offset < 64; offset += 8)
            {
                if (!cpu.Mmu.Load(header + offset, stack, out ulong more))
                {
                    return false;
                }

                reserved |= more;
            }

            (format, allowed) = (format & ~allowed, format & allowed);
        }

        if ((present & ~allowed) == 0 && (format | reserved) == 0)
        {
            return true;
        }

        cpu.GeneralProtection();
        return false;
    }
}
