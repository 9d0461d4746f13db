namespace KgdbSim.Target.Cpu.Execute;

/// <summary>Changing the code segment and with it the privilege level and the mode.</summary>
internal static unsafe class PrivilegeLevel
{
    /// <summary>Enters a checked code segment, see <see cref="Enter(CpuCore, SegmentRegister, int)"/>.</summary>
    public static void Enter(CpuCore cpu, in SegmentLoad code, int cpl)
    {
        // The descriptor is marked with the rights of the old level: so it was prepared.
        code.Mark(cpu);
        Enter(cpu, code.Register, cpl);
    }

    /// <summary>Enters a code segment at a privilege level. Its selector gets the level as RPL.</summary>
    public static void Enter(CpuCore cpu, SegmentRegister code, int cpl)
    {
        CpuState* s = cpu.State;
        code.Selector = (ushort)((code.Selector & ~3) | cpl);

        // What is cached of memory and jumps depends on user or supervisor, for which it is kept apart; on the width; and
        // in legacy code on base and limit.
        bool sameKind = ((s->Cs.Attributes ^ code.Attributes) & 0x6000) == 0
            && s->Cs.Base == code.Base
            && s->Cs.Limit == code.Limit;
        bool sameSide = (s->Cpl == 3) == (cpl == 3);
        s->Cs = code;
        s->Cpl = (byte)cpl;
        if (!sameKind)
        {
            cpu.TranslationChanged();
        }
        else if (!sameSide)
        {
            cpu.PrivilegeChanged();
        }

        cpu.Attention = true;
    }

    /// <summary>Enters a code segment in real mode, where a selector has no privilege level.</summary>
    public static void EnterReal(CpuCore cpu, SegmentRegister code)
    {
        if (cpu.State->Cs.Base != code.Base)
        {
            cpu.TranslationChanged();
        }

        cpu.State->Cs = code;
        cpu.Attention = true;
    }

    /// <summary>
    /// Makes data segments unusable that a less privileged level must not keep (SDM vol. 2, "RET",
    /// RETURN-TO-OUTER-PRIVILEGE-LEVEL).
    /// </summary>
    public static void DropData(CpuState* s)
    {
        Drop(&s->Es, s->Cpl);
        Drop(&s->Ds, s->Cpl);
        Drop(&s->Fs, s->Cpl);
        Drop(&s->Gs, s->Cpl);
    }

    private static void Drop(SegmentRegister* segment, int cpl)
    {
        bool conforming = (segment->Attributes & 0x1C) == 0x1C;
        if (!segment->Unusable && !conforming && segment->Dpl < cpl)
        {
            segment->Selector = 0;
            segment->Attributes = 0;
        }
    }
}
