using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>MOV to and from CR0, CR2, CR3, CR4, CR8, with LMSW, SMSW and CLTS (SDM vol. 2 and vol. 3, 2.5).</summary>
internal static unsafe class ControlRegister
{
    private const ulong Cr0Defined =
        ControlBits.Cr0Pe | ControlBits.Cr0Mp | ControlBits.Cr0Em | ControlBits.Cr0Ts | ControlBits.Cr0Ne
        | ControlBits.Cr0Wp | ControlBits.Cr0Am | ControlBits.Cr0Nw | ControlBits.Cr0Cd | ControlBits.Cr0Pg;

    private const ulong Cr3NoFlush = 1UL << 63;

    public static void Register(InstructionTable table)
    {
        table.Add(Code.Mov_r32_cr, &Read);
        table.Add(Code.Mov_r64_cr, &Read);
        table.Add(Code.Mov_cr_r32, &Write);
        table.Add(Code.Mov_cr_r64, &Write);
        table.Add(Mnemonic.Clts, &Clts);
        table.Add(Code.Lmsw_rm16, &Lmsw);
        table.Add(Code.Lmsw_r32m16, &Lmsw);
        table.Add(Code.Lmsw_r64m16, &Lmsw);
        table.Add(Code.Smsw_rm16, &Smsw<ushort>);
        table.Add(Code.Smsw_r32m16, &Smsw<uint>);
        table.Add(Code.Smsw_r64m16, &Smsw<ulong>);
    }

    private static StepStatus Read(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Exists(op->R1))
        {
            return cpu.InvalidOpcode();
        }

        if (!Privilege.Supervisor(cpu))
        {
            return StepStatus.Fault;
        }

        ulong value = op->R1 switch
        {
            0 => s->Cr0,
            2 => s->Cr2,
            3 => s->Cr3,
            4 => s->Cr4,
            _ => cpu.InterruptController?.TaskPriority ?? s->Cr8,
        };
        s->Gpr[op->R0] = Operands.Is64(op) ? value : (uint)value;
        return StepStatus.Next;
    }

    private static StepStatus Write(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Exists(op->R0))
        {
            return cpu.InvalidOpcode();
        }

        if (!Privilege.Supervisor(cpu))
        {
            return StepStatus.Fault;
        }

        ulong value = Operands.Is64(op) ? s->Gpr[op->R1] : (uint)s->Gpr[op->R1];
        bool done = op->R0 switch
        {
            0 => SetCr0(cpu, value),
            2 => SetCr2(s, value),
            3 => SetCr3(cpu, value),
            4 => SetCr4(cpu, value),
            _ => SetCr8(cpu, value),
        };
        return done ? StepStatus.Next : cpu.GeneralProtection();
    }

    private static bool Exists(byte number) => number is 0 or 2 or 3 or 4 or 8;

    /// <summary>Sets CR0, and with paging in or out of long mode EFER.LMA; false: #GP(0).</summary>
    public static bool SetCr0(CpuCore cpu, ulong value)
    {
        CpuState* s = cpu.State;
        ulong now = (value & Cr0Defined) | ControlBits.Cr0Et;
        bool paging = (now & ControlBits.Cr0Pg) != 0;
        bool wasPaging = (s->Cr0 & ControlBits.Cr0Pg) != 0;
        if (value >> 32 != 0
            || (paging && (now & ControlBits.Cr0Pe) == 0)
            || ((now & ControlBits.Cr0Nw) != 0 && (now & ControlBits.Cr0Cd) == 0))
        {
            return false;
        }

        bool enters = paging && !wasPaging && (s->Efer & ControlBits.EferLme) != 0;
        if (enters && ((s->Cr4 & ControlBits.Cr4Pae) == 0 || s->Cs.Long || s->Tr.Type is 1 or 3))
        {
            return false;
        }

        bool leaves = !paging && wasPaging;
        if (leaves && (s->Is64Bit || (s->Cr4 & ControlBits.Cr4Pcide) != 0))
        {
            return false;
        }

        ulong reloads = ControlBits.Cr0Pg | ControlBits.Cr0Cd | ControlBits.Cr0Nw;
        if (((s->Cr0 ^ now) & reloads) != 0 && !enters && !PointersAreGood(cpu, now, s->Cr3, s->Cr4))
        {
            return false;
        }

        s->Efer = enters ? s->Efer | ControlBits.EferLma : leaves ? s->Efer & ~ControlBits.EferLma : s->Efer;
        s->Cr0 = now;
        if ((now & ControlBits.Cr0Pe) == 0)
        {
            s->Cpl = 0;
        }

        cpu.TranslationChanged();
        return true;
    }

    private static bool SetCr2(CpuState* s, ulong value)
    {
        s->Cr2 = value;
        return true;
    }

    private static bool SetCr3(CpuCore cpu, ulong value)
    {
        CpuState* s = cpu.State;
        if ((s->Cr4 & ControlBits.Cr4Pcide) != 0)
        {
            value &= ~Cr3NoFlush;
        }

        if (value >> PageWalker.PhysicalBits != 0 || !PointersAreGood(cpu, s->Cr0, value, s->Cr4))
        {
            return false;
        }

        s->Cr3 = value;
        cpu.TranslationChanged();
        return true;
    }

    private static bool SetCr4(CpuCore cpu, ulong value)
    {
        CpuState* s = cpu.State;
        ulong changed = s->Cr4 ^ value;
        bool longMode = (s->Efer & ControlBits.EferLma) != 0;
        if ((value & ~cpu.Model.Cr4Bits) != 0
            || (longMode && ((value & ControlBits.Cr4Pae) == 0 || (changed & ControlBits.Cr4La57) != 0)))
        {
            return false;
        }

        bool setsPcide = (changed & value & ControlBits.Cr4Pcide) != 0;
        if (setsPcide && (!longMode || (s->Cr3 & 0xFFF) != 0))
        {
            return false;
        }

        ulong reloads = ControlBits.Cr4Pae | ControlBits.Cr4Pge | ControlBits.Cr4Pse | ControlBits.Cr4Smep;
        if ((changed & reloads) != 0 && !PointersAreGood(cpu, s->Cr0, s->Cr3, value))
        {
            return false;
        }

        s->Cr4 = value;
        cpu.TranslationChanged();
        if ((changed & ControlBits.Cr4De) != 0)
        {
            cpu.Debug.RegistersChanged();
        }

        return true;
    }

    /// <summary>
    /// With these values there is no PAE paging, or its page-directory-pointer entries have no reserved bit set. The
    /// walks read those entries from memory each time; nothing is kept of them here.
    /// </summary>
    private static bool PointersAreGood(CpuCore cpu, ulong cr0, ulong cr3, ulong cr4) =>
        (cr0 & ControlBits.Cr0Pg) == 0
        || (cr4 & ControlBits.Cr4Pae) == 0
        || (cpu.State->Efer & ControlBits.EferLma) != 0
        || PageWalker.PointersAreGood(cpu.Memory, cr3);

    private static bool SetCr8(CpuCore cpu, ulong value)
    {
        if (value > 15)
        {
            return false;
        }

        cpu.State->Cr8 = value;
        if (cpu.InterruptController != null)
        {
            cpu.InterruptController.TaskPriority = value;
        }

        return true;
    }

    private static StepStatus Clts(CpuCore cpu, DecodedOp* op)
    {
        if (!Privilege.Supervisor(cpu))
        {
            return StepStatus.Fault;
        }

        cpu.State->Cr0 &= ~ControlBits.Cr0Ts;
        return StepStatus.Next;
    }

    // PE can be set this way, not cleared.
    private static StepStatus Lmsw(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Privilege.Supervisor(cpu) || !Operands.Read0(cpu, op, out ushort value))
        {
            return StepStatus.Fault;
        }

        ulong settable = ControlBits.Cr0Mp | ControlBits.Cr0Em | ControlBits.Cr0Ts;
        SetCr0(cpu, (s->Cr0 & ~settable) | (value & (settable | ControlBits.Cr0Pe)));
        return StepStatus.Next;
    }

    private static StepStatus Smsw<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (!Privilege.UserModeInstruction(cpu))
        {
            return StepStatus.Fault;
        }

        ulong cr0 = cpu.State->Cr0;
        if (op->K0 == OperandKind.Memory)
        {
            return Operands.StoreMemory(cpu, op, (ushort)cr0) ? StepStatus.Next : StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(cr0));
        return StepStatus.Next;
    }
}
