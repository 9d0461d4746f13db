using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>Segment registers, descriptor tables and what asks about them (SDM vol. 2).</summary>
public sealed unsafe class SegmentTests
{
    [Theory]
    [InlineData(0, -1, 0UL)]
    [InlineData(3, -1, 0UL)]
    [InlineData(TrapMachine.KernelData, -1, 0UL)]
    [InlineData(TrapMachine.UserData, -1, 0UL)]
    [InlineData(TrapMachine.KernelCode, -1, 0UL)]
    [InlineData(0x13, 13, 0x10UL)]
    [InlineData(0xF8, 13, 0xF8UL)]
    [InlineData(0x104, 13, 0x104UL)]
    [InlineData(TrapMachine.TssSelector, 13, 0x40UL)]
    public void MOV_DS_loads_or_refuses(int selector, int vector, ulong error)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(ds, ecx));
        machine.State->Gpr[Gpr.Rcx] = (ulong)selector;
        Check(machine, vector, error);
        if (vector < 0)
        {
            Assert.Equal(selector, machine.State->Ds.Selector);
        }
    }

    [Theory]
    [InlineData(0, -1, 0UL)]
    [InlineData(1, 13, 0UL)]
    [InlineData(TrapMachine.KernelData, -1, 0UL)]
    [InlineData(TrapMachine.UserData, 13, 0x28UL)]
    [InlineData(TrapMachine.KernelCode, 13, 0x8UL)]
    [InlineData(0x38, 12, 0x38UL)]
    public void MOV_SS_loads_or_refuses(int selector, int vector, ulong error)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(ss, ecx));
        machine.Write(TrapMachine.Gdt + 0x38, 0x00CF_1300_0000_FFFF);
        machine.State->Gpr[Gpr.Rcx] = (ulong)selector;
        Check(machine, vector, error);
    }

    [Fact]
    public void MOV_CS_does_not_exist_and_stores_are_16_bits_wide_in_memory()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.db(0x8E, 0xC8));
        Assert.Equal(6, machine.RunToTrap().Vector);

        using TrapMachine store = new TrapMachine().Load(a =>
        {
            a.mov(rax, -1);
            a.mov(eax, cs);
            a.mov(rbx, -1);
            a.mov(bx, cs);
            a.mov(__word_ptr[TrapMachine.DataStart], ss);
        });
        store.Write(TrapMachine.DataStart, ulong.MaxValue);
        store.RunToHalt();
        Assert.Equal(8UL, store.State->Gpr[Gpr.Rax]);
        Assert.Equal(0xFFFF_FFFF_FFFF_0008, store.State->Gpr[Gpr.Rbx]);
        Assert.Equal(0xFFFF_FFFF_FFFF_0010, store.Read(TrapMachine.DataStart));
    }

    [Fact]
    public void PUSH_and_POP_FS_move_the_pointer_by_eight()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.push(fs);
            a.pop(gs);
        });
        machine.State->Fs.Selector = TrapMachine.UserData;
        machine.State->Gs.Base = 0x1234;
        machine.RunToHalt();
        Assert.Equal((TrapMachine.UserData, 0UL), (machine.State->Gs.Selector, machine.State->Gs.Base));
        Assert.Equal((ulong)TrapMachine.UserData, machine.Read(TrapMachine.StackTop - 8));
    }

    [Fact]
    public void LSS_loads_both_and_has_no_shadow()
    {
        foreach (string model in (ReadOnlySpan<string>)["intel", "amd"])
        {
            using TrapMachine machine = new TrapMachine(model: CpuModel.Find(model)).Load(a => a.db(0x0F, 0xB2, 0x23));
            machine.State->Gpr[Gpr.Rbx] = TrapMachine.DataStart;
            machine.Write(TrapMachine.DataStart, 0x12_3450 | ((ulong)TrapMachine.KernelData << 32));
            machine.Cpu.Run(1);
            Assert.Equal((0x12_3450UL, 0), (machine.State->Gpr[Gpr.Rsp], machine.State->MovSsShadow));
        }
    }

    [Fact]
    public void LGDT_LIDT_SGDT_SIDT_move_ten_bytes()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.lgdt(__[TrapMachine.DataStart]);
            a.lidt(__[TrapMachine.DataStart]);
            a.sgdt(__[TrapMachine.DataStart + 0x20]);
            a.sidt(__[TrapMachine.DataStart + 0x30]);
        });
        machine.Write(TrapMachine.DataStart, 0x5678_9ABC_1234_0FFF);
        machine.Write(TrapMachine.DataStart + 8, 0xFFFF_8000);
        machine.Write(TrapMachine.DataStart + 8, 0xFFFF_FFFF_FFFF_0000);
        machine.Write(TrapMachine.DataStart + 8, 0x0000);
        machine.RunToHalt();
        Assert.Equal((0x0FFF, 0x5678_9ABC_1234UL), (machine.State->GdtrLimit, machine.State->GdtrBase));
        Assert.Equal(0x5678_9ABC_1234_0FFFUL, machine.Read(TrapMachine.DataStart + 0x20));
        Assert.Equal(0x5678_9ABC_1234_0FFFUL, machine.Read(TrapMachine.DataStart + 0x30));
    }

    [Fact]
    public void LGDT_of_a_non_canonical_base_is_GP()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.lgdt(__[TrapMachine.DataStart]));
        machine.Write(TrapMachine.DataStart, 0x8000_0000_0000_0FFF);
        machine.Write(TrapMachine.DataStart + 8, 0x0080);
        Check(machine, 13, 0);
        Assert.Equal(TrapMachine.Gdt, machine.State->GdtrBase);
    }

    [Fact]
    public void LTR_marks_the_TSS_busy_and_refuses_a_busy_one()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.ltr(cx);
            a.str(ebx);
            a.ltr(cx);
        });
        machine.State->Tr = default;
        machine.State->Gpr[Gpr.Rcx] = TrapMachine.TssSelector;
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0x40UL), (frame.Vector, frame.ErrorCode));
        Assert.Equal((TrapMachine.Tss, 0x67u), (machine.State->Tr.Base, machine.State->Tr.Limit));
        Assert.Equal(0x8BUL, (machine.Read(TrapMachine.Gdt + 0x40) >> 40) & 0xFF);
        Assert.Equal(0x40UL, machine.State->Gpr[Gpr.Rbx]);
    }

    [Fact]
    public void LLDT_takes_a_null_selector_or_an_LDT_whose_segments_can_then_be_loaded()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.lldt(cx);
            a.mov(es, edx);
            a.sldt(ebx);
        });
        machine.Write(TrapMachine.Gdt + 0x50, 0x0000_8200_0000_000F | (TrapMachine.DataStart << 16));
        machine.Write(TrapMachine.Gdt + 0x58, 0);
        machine.Write(TrapMachine.DataStart + 8, 0x00CF_9300_0000_FFFF);
        machine.State->Gpr[Gpr.Rcx] = 0x50;
        machine.State->Gpr[Gpr.Rdx] = 0x0C;
        machine.RunToHalt();
        Assert.Equal((0x0C, 0x50UL), (machine.State->Es.Selector, machine.State->Gpr[Gpr.Rbx]));
    }

    [Fact]
    public void LAR_LSL_VERR_VERW_tell_by_ZF()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.lar(eax, ecx);
            a.setz(r8b);
            a.lsl(ebx, ecx);
            a.setz(r9b);
            a.verr(cx);
            a.setz(r10b);
            a.verw(cx);
            a.setz(r11b);
        });
        machine.State->Gpr[Gpr.Rcx] = TrapMachine.KernelCode;
        machine.RunToHalt();
        CpuState* s = machine.State;
        Assert.Equal((0x00AF_9B00UL, 0xFFFF_FFFFUL), (s->Gpr[Gpr.Rax], s->Gpr[Gpr.Rbx]));
        Assert.Equal((1UL, 1UL, 1UL, 0UL), (s->Gpr[8], s->Gpr[9], s->Gpr[10], s->Gpr[11]));

        // An RPL above the DPL, a null selector and one beyond the limit are not visible.
        foreach (ulong selector in (ulong[])[TrapMachine.KernelData | 3, 0, 0x1F8])
        {
            machine.Load(a =>
            {
                a.mov(eax, 5);
                a.lar(eax, ecx);
                a.setz(r8b);
            });
            machine.State->Activity = ActivityState.Running;
            s->Gpr[Gpr.Rcx] = selector;
            machine.RunToHalt();
            Assert.Equal((5UL, 0UL), (s->Gpr[Gpr.Rax], s->Gpr[8]));
        }
    }

    [Theory]
    [InlineData(0x40, 13, 0x40UL)]
    [InlineData(0x08, 13, 0x8UL)]
    [InlineData(0, 13, 0UL)]
    public void LTR_refuses_what_is_no_available_TSS(int selector, int vector, ulong error)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ltr(cx));
        machine.Write(TrapMachine.Gdt + 0x40, 0x0000_8B00_0000_0067 | (TrapMachine.Tss << 16));
        machine.State->Gpr[Gpr.Rcx] = (ulong)selector;
        Check(machine, vector, error);
    }

    private static void Check(TrapMachine machine, int vector, ulong error)
    {
        if (vector < 0)
        {
            machine.RunToHalt();
            Assert.InRange(machine.State->Rip, TrapMachine.CodeStart, TrapMachine.CodeStart + 32);
            return;
        }

        Frame frame = machine.RunToTrap();
        Assert.Equal((vector, error, TrapMachine.CodeStart), (frame.Vector, frame.ErrorCode, frame.Rip));
    }
}
