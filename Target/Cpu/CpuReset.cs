using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Cpu;

/// <summary>Power-on and INIT state (SDM vol. 3, table 10-1).</summary>
internal static unsafe class CpuReset
{
    private const ulong BootstrapProcessor = 1 << 8;
    private const ushort CodeAttributes = 0x009B;
    private const ushort DataAttributes = 0x0093;

    public static void PowerOn(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        *s = default;
        s->Random = new Prng((ulong)cpu.Id);
        s->Mxcsr = 0x1F80;
        s->Fcw = 0x40;
        s->Xcr0 = 1;
        s->Pat = 0x0007_0406_0007_0406;
        s->ApicBase = 0xFEE0_0800UL | (cpu.Id == 0 ? 0x100UL : 0);
        s->Cr0 = ControlBits.Cr0Cd | ControlBits.Cr0Nw | ControlBits.Cr0Et;
        Common(cpu);
        s->Activity = cpu.Id == 0 ? ActivityState.Running : ActivityState.WaitForSipi;
    }

    /// <summary>INIT: general state as after power-on, but caches, FPU, TSC and most MSRs keep what they have.</summary>
    public static void Init(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        for (int i = 0; i < 16; i++)
        {
            s->Gpr[i] = 0;
        }

        s->Cr0 = (s->Cr0 & (ControlBits.Cr0Cd | ControlBits.Cr0Nw)) | ControlBits.Cr0Et;
        s->Cr2 = s->Cr3 = s->Cr4 = s->Cr8 = s->Efer = 0;
        s->StiShadow = s->MovSsShadow = s->NmiBlocked = 0;
        s->Repeating = 0;
        s->Monitor = MonitorState.Off;
        s->PendingDebug = 0;
        s->DebugCtl = 0;
        Common(cpu);

        // The bootstrap processor goes to the reset vector, the others wait (SDM vol. 3, 9.4.2).
        s->Activity = (s->ApicBase & BootstrapProcessor) != 0 ? ActivityState.Running : ActivityState.WaitForSipi;
    }

    /// <summary>A start-up IPI: real mode at <paramref name="vector"/> * 4096 (SDM vol. 3, 9.4.4).</summary>
    public static void StartUp(CpuCore cpu, byte vector)
    {
        CpuState* s = cpu.State;
        s->Cs.Selector = (ushort)(vector << 8);
        s->Cs.Base = (ulong)vector << 12;
        s->Rip = 0;
        s->Activity = ActivityState.Running;
        cpu.TranslationChanged();
    }

    private static void Common(CpuCore cpu)
    {
        CpuState* s = cpu.State;

        // Family 6: what EDX holds after reset.
        s->Gpr[2] = 0x0006_0F00;
        s->Rip = 0xFFF0;
        s->SystemFlags = Flags.Reserved1;
        (s->FlagResult, s->FlagAux) = LazyFlags.FromStatus(0);
        s->Cpl = 0;
        s->Es = s->Ss = s->Ds = s->Fs = s->Gs =
            new SegmentRegister { Limit = 0xFFFF, Attributes = DataAttributes };
        s->Cs = new SegmentRegister { Selector = 0xF000, Base = 0xFFFF_0000, Limit = 0xFFFF, Attributes = CodeAttributes };
        s->Ldtr = new SegmentRegister { Limit = 0xFFFF, Attributes = 0x82 };
        s->Tr = new SegmentRegister { Limit = 0xFFFF, Attributes = 0x8B };
        s->GdtrBase = s->IdtrBase = 0;
        s->GdtrLimit = s->IdtrLimit = 0xFFFF;
        for (int i = 0; i < 4; i++)
        {
            s->Dr[i] = 0;
        }

        s->Dr6 = 0xFFFF_0FF0;
        s->Dr7 = 0x400;
        cpu.Debug.RegistersChanged();
        cpu.TranslationChanged();
    }
}
