using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Loading;

/// <summary>Register state that a guest is entered with.</summary>
internal static unsafe class BootState
{
    private static SegmentRegister Data => new() { Selector = BootTables.DataSelector, Limit = uint.MaxValue, Attributes = 0xC093 };

    /// <summary>64-bit mode on the boot page tables.</summary>
    public static void Enter64(CpuCore cpu, BootTables tables, ulong entry, int stack)
    {
        CpuState* s = cpu.State;
        Flat(s, tables);
        s->Cs = new SegmentRegister { Selector = BootTables.CodeSelector64, Limit = uint.MaxValue, Attributes = 0xA09B };
        s->Cr0 = ControlBits.Cr0Pe | ControlBits.Cr0Mp | ControlBits.Cr0Et | ControlBits.Cr0Ne | ControlBits.Cr0Wp | ControlBits.Cr0Pg;
        s->Cr3 = tables.PageMapLevel4;
        s->Cr4 = ControlBits.Cr4Pae | ControlBits.Cr4OsFxsr | ControlBits.Cr4OsXmmExcpt;
        s->Efer = ControlBits.EferLme | ControlBits.EferLma;
        s->Rip = entry;
        s->Gpr[Gpr.Rsp] = tables.StackTop(stack);
        s->Gpr[Gpr.Rdi] = (ulong)cpu.Id;
        s->Fcw = 0x37F;
        s->Activity = ActivityState.Running;
        cpu.TranslationChanged();
    }

    /// <summary>32-bit protected mode, paging off: PVH and Multiboot.</summary>
    public static void Enter32(CpuCore cpu, BootTables tables, uint entry, uint eax, uint ebx)
    {
        CpuState* s = cpu.State;
        Flat(s, tables);
        s->Cs = new SegmentRegister { Selector = BootTables.CodeSelector32, Limit = uint.MaxValue, Attributes = 0xC09B };
        s->Cr0 = ControlBits.Cr0Pe | ControlBits.Cr0Et;
        s->Rip = entry;
        s->Gpr[Gpr.Rax] = eax;
        s->Gpr[Gpr.Rbx] = ebx;
        s->Gpr[Gpr.Rsp] = tables.StackTop(0);
        s->Activity = ActivityState.Running;
        cpu.TranslationChanged();
    }

    private static void Flat(CpuState* s, BootTables tables)
    {
        s->Es = s->Ss = s->Ds = s->Fs = s->Gs = Data;
        s->GdtrBase = tables.DescriptorTable;
        s->GdtrLimit = BootTables.DescriptorLimit;
        s->IdtrLimit = 0;
        s->SystemFlags = Flags.Reserved1;
    }
}
