using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>
/// MOV CR with its checks (SDM vol. 2, "MOV—Move to/from Control Registers", vol. 3, 2.5), LMSW, SMSW, CLTS.
/// </summary>
public sealed unsafe class ControlRegisterTests
{
    private const ulong Cr0 = 0x8001_0031;
    private const ulong Cr4 = 0x620;

    [Theory]
    [InlineData(Cr0 & ~1UL, false)]
    [InlineData(Cr0 & ~0x8000_0000UL, false)]
    [InlineData(Cr0 | 0x2000_0000, false)]
    [InlineData(Cr0 | 0x6000_0000, true)]
    [InlineData(Cr0 | 0x1_0000_0000, false)]
    [InlineData(Cr0 | 0x4_000E, true)]
    public void CR0_refuses_combinations_that_make_no_sense(ulong value, bool accepted)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(cr0, rax));
        machine.State->Gpr[Gpr.Rax] = value;
        Check(machine, accepted);
        Assert.Equal(accepted ? value : Cr0, machine.State->Cr0);
    }

    [Fact]
    public void CR0_ignores_reserved_bits_and_ET_stays_1()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(cr0, rax));
        machine.State->Gpr[Gpr.Rax] = (Cr0 & ~0x10UL) | 0x1FF8_FFC0;
        Check(machine, accepted: true);
        Assert.Equal(Cr0, machine.State->Cr0);
    }

    [Theory]
    [InlineData(Cr4 & ~0x20UL, false)]
    [InlineData(Cr4 | 0x1, false)]
    [InlineData(Cr4 | 0x2, false)]
    [InlineData(Cr4 | 0x1000, false)]
    [InlineData(Cr4 | 0x2000, false)]
    [InlineData(Cr4 | 0x8000_0000, false)]
    [InlineData(Cr4 | 0x1_09DC, true)]
    [InlineData(Cr4 | 0x2_0000, true)]
    public void CR4_refuses_what_the_processor_lacks_and_what_long_mode_forbids(ulong value, bool accepted)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(cr4, rax));
        machine.State->Gpr[Gpr.Rax] = value;
        Check(machine, accepted);
        Assert.Equal(accepted ? value : Cr4, machine.State->Cr4);
    }

    [Fact]
    public void CR4_bits_of_a_lesser_model_are_reserved()
    {
        using TrapMachine machine = new TrapMachine(model: CpuModel.Find("intel-v1")).Load(a => a.mov(cr4, rax));
        machine.State->Gpr[Gpr.Rax] = Cr4 | ControlBits.Cr4Smep;
        Check(machine, accepted: false);
    }

    [Fact]
    public void PCIDE_needs_a_zero_PCID_and_then_CR3_s_top_bit_is_no_fault()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(cr4, rax));
        machine.State->Gpr[Gpr.Rax] = Cr4 | ControlBits.Cr4Pcide;
        machine.State->Cr3 = TrapMachine.PageMapLevel4 | 1;
        Check(machine, accepted: false);

        using TrapMachine enabled = new TrapMachine().Load(a => a.mov(cr3, rax));
        enabled.State->Cr4 |= ControlBits.Cr4Pcide;
        enabled.State->Gpr[Gpr.Rax] = (1UL << 63) | TrapMachine.PageMapLevel4 | 5;
        Check(enabled, accepted: true);
        Assert.Equal(TrapMachine.PageMapLevel4 | 5, enabled.State->Cr3);
    }

    [Theory]
    [InlineData(1UL << 63)]
    [InlineData(1UL << 46)]
    public void CR3_refuses_bits_above_the_physical_width(ulong bit)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(cr3, rax));
        machine.State->Gpr[Gpr.Rax] = TrapMachine.PageMapLevel4 | bit;
        Check(machine, accepted: false);
    }

    [Fact]
    public void CR8_takes_four_bits()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(cr8, rax));
        machine.State->Gpr[Gpr.Rax] = 16;
        Check(machine, accepted: false);
    }

    [Theory]
    [InlineData(0x20, 1)]
    [InlineData(0x20, 5)]
    [InlineData(0x22, 7)]
    public void Other_control_registers_do_not_exist(int opcode, int number)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.db(0x0F, (byte)opcode, (byte)(0xC0 | (number << 3))));
        Assert.Equal(6, machine.RunToTrap().Vector);
    }

    [Fact]
    public void They_and_CLTS_and_LMSW_need_CPL_0()
    {
        foreach (byte[] code in (byte[][])[[0x0F, 0x20, 0xC0], [0x0F, 0x22, 0xD8], [0x0F, 0x06], [0x0F, 0x01, 0xF0]])
        {
            using TrapMachine machine = new TrapMachine().EnterUser(a => a.db(code));
            Assert.Equal(13, machine.RunToTrap().Vector);
        }
    }

    [Fact]
    public void CLTS_clears_TS_and_LMSW_cannot_clear_PE()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.clts();
            a.smsw(ebx);
            a.lmsw(cx);
        });
        machine.State->Cr0 |= ControlBits.Cr0Ts;
        machine.State->Gpr[Gpr.Rcx] = 0x6;
        machine.RunToHalt();
        Assert.Equal(Cr0, machine.State->Gpr[Gpr.Rbx]);
        Assert.Equal(Cr0 | 6, machine.State->Cr0);
    }

    [Fact]
    public void Writing_CR3_takes_new_page_tables_at_once()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.mov(ecx, __dword_ptr[TrapMachine.DataStart]);
            a.mov(cr3, rax);
            a.mov(edx, __dword_ptr[TrapMachine.DataStart]);
        });

        // A second hierarchy: the 2 MiB page with the data leads elsewhere.
        machine.Write(0x60_0000, 0x60_1000 | 7);
        machine.Write(0x60_1000, 0x60_2000 | 7);
        machine.Write(0x60_2000, 0x87);
        machine.Write(0x60_2008, 0x80_0000 | 0x87);
        machine.Write(TrapMachine.DataStart, 1);
        machine.Write(0x80_0000, 2);
        machine.State->Gpr[Gpr.Rax] = 0x60_0000;
        machine.RunToHalt();
        Assert.Equal((1UL, 2UL), (machine.State->Gpr[Gpr.Rcx], machine.State->Gpr[Gpr.Rdx]));
    }

    private static void Check(TrapMachine machine, bool accepted)
    {
        if (accepted)
        {
            machine.RunToHalt();
            Assert.True(machine.State->Rip < TrapMachine.CodeStart + 16 && machine.State->Rip > TrapMachine.CodeStart);
            return;
        }

        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0UL, TrapMachine.CodeStart), (frame.Vector, frame.ErrorCode, frame.Rip));
    }
}
