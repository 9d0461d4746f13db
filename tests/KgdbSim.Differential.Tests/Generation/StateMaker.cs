using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Makes random states to start in.</summary>
internal static unsafe class StateMaker
{
    private const int Rcx = 1;
    private const int Rsp = 4;

    private const uint MxcsrDefault = 0x1F80;

    /// <summary>MXCSR.MM, which AMD has: misaligned operands allowed (APM vol. 2, 11.1.4?).</summary>
    private const uint MxcsrMisaligned = 1 << 17;

    public static void Flags(Dice dice, MachineState* state)
    {
        ulong flags = 0x202 | (dice.Word() & KgdbSim.Target.Cpu.Flags.Status);
        flags |= dice.Percent(8) ? KgdbSim.Target.Cpu.Flags.Df : 0;
        flags |= dice.Percent(3) ? KgdbSim.Target.Cpu.Flags.Tf : 0;
        flags |= dice.Percent(6) ? KgdbSim.Target.Cpu.Flags.Ac : 0;
        flags |= dice.Percent(1) ? KgdbSim.Target.Cpu.Flags.Rf : 0;
        flags |= dice.Percent(10) ? KgdbSim.Target.Cpu.Flags.Id : 0;
        flags |= dice.Percent(1) ? KgdbSim.Target.Cpu.Flags.Nt : 0;
        state->Flags = flags;
    }

    /// <summary>General registers; one in five points into the window, RSP nearly always.</summary>
    public static void General(Dice dice, MachineState* state, ulong window, int length)
    {
        for (int i = 0; i < MachineState.GprCount; i++)
        {
            state->Gpr[i] = dice.Percent(20) ? Targets.Choose(dice, window, length, 8) : Values.Integer(dice);
        }

        if (dice.Percent(92))
        {
            ulong stack = window + (ulong)dice.Below(length + 1);
            state->Gpr[Rsp] = dice.Percent(85) ? stack & ~7UL : stack;
        }

        if (dice.Percent(10))
        {
            state->Gpr[dice.Below(16)] = Values.CodeAddress(dice);
        }
    }

    /// <summary>Segments for 16-bit or 32-bit code, and the stack pointer and RIP that fit them.</summary>
    public static void Legacy(Dice dice, MachineState* state, int bits)
    {
        state->Cs = dice.Pick<ushort>(Segments.Code(bits));
        state->Ss = dice.Pick<ushort>(Segments.LegacyStack);
        state->Ds = dice.Pick<ushort>(Segments.LegacyData);
        state->Es = dice.Pick<ushort>(Segments.LegacyData);
        state->Fs = dice.Pick<ushort>(Segments.LegacyData);
        state->Gs = dice.Pick<ushort>(Segments.LegacyData);
        state->FsBase = Segments.BaseOf(state->Fs);
        state->GsBase = Segments.BaseOf(state->Gs);
        state->Rip -= Segments.BaseOf(state->Cs);
        state->Gpr[Rsp] -= Segments.BaseOf(state->Ss);
        ulong data = Segments.BaseOf(state->Ds);
        for (int i = 0; i < 8; i++)
        {
            bool pointer = state->Gpr[i] - Layout.Data < Layout.DataBytes;
            state->Gpr[i] -= pointer && i != Rsp ? data : 0;
        }
    }

    /// <summary>A count for REP and LOOP that comes to an end.</summary>
    public static void Count(Dice dice, MachineState* state)
    {
        if (dice.Percent(90))
        {
            state->Gpr[Rcx] = (ulong)dice.Below(dice.Percent(80) ? 12 : 300);
        }
    }

    public static void Vectors(Dice dice, MachineState* state, bool amd)
    {
        for (int i = 0; i < MachineState.VectorCount; i++)
        {
            (state->Vector[4 * i], state->Vector[4 * i + 1]) = Values.Vector(dice);
            if (dice.Percent(30))
            {
                (state->Vector[4 * i + 2], state->Vector[4 * i + 3]) = Values.Vector(dice);
            }
        }

        if (dice.Percent(50))
        {
            // Exception flags, DAZ, masks, rounding and FTZ at random, but mostly masked: or nothing would come to an end.
            state->Mxcsr = (uint)dice.Word() & 0xFFFF;
            state->Mxcsr |= dice.Percent(75) ? MxcsrDefault : 0;
            state->Mxcsr |= amd && dice.Percent(10) ? MxcsrMisaligned : 0;
        }
    }

    public static void X87(Dice dice, MachineState* state)
    {
        if (dice.Percent(50))
        {
            state->Fcw = (ushort)(0x40 | ((uint)dice.Word() & 0xF3F) | (dice.Percent(75) ? 0x3FU : 0));
        }

        uint status = (uint)dice.Below(8) << 11;
        status |= dice.Percent(30) ? (uint)dice.Word() & 0x477F : 0;
        bool pending = (status & ~state->Fcw & 0x3F) != 0;
        if (pending && dice.Percent(80))
        {
            status &= ~0x3FU;
            pending = false;
        }

        state->Fsw = (ushort)((status & ~0x8080U) | (pending ? 0x8080U : 0));
        state->Ftw = (byte)(dice.Weighted([50, 35, 15]) switch { 0 => 0xFF, 1 => (int)(byte)dice.Word(), _ => 0 });
        for (int i = 0; i < MachineState.StCount; i++)
        {
            (ulong significand, ushort signExponent) = Values.Extended(dice);
            state->St[2 * i] = significand;
            state->St[2 * i + 1] = signExponent;
        }
    }

    /// <summary>Registers for MMX: the same registers, all of them likely to be tagged valid already.</summary>
    public static void Mmx(Dice dice, MachineState* state)
    {
        X87(dice, state);
        for (int i = 0; i < MachineState.StCount; i++)
        {
            state->St[2 * i] = Values.Vector(dice).Low;
        }
    }
}
