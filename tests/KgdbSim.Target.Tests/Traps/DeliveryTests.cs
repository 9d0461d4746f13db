using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Machine;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Traps;

/// <summary>Delivery through 64-bit gates: SDM vol. 3, 6.12 to 6.14.</summary>
public sealed unsafe class DeliveryTests
{
    [Fact]
    public void A_fault_pushes_its_own_address_with_RF_and_a_frame_of_five()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ud2());
        machine.SetFlags(Flags.If | Flags.Cf);
        Frame frame = machine.RunToTrap();
        Assert.Equal(
            new Frame(6, 0, TrapMachine.CodeStart, TrapMachine.KernelCode, 0x10203, TrapMachine.StackTop, TrapMachine.KernelData),
            frame);
        Assert.Equal(TrapMachine.StackTop - 40, machine.State->Gpr[Gpr.Rsp]);
    }

    [Theory]
    [InlineData(0xE, 0UL)]
    [InlineData(0xF, Flags.If)]
    public void An_interrupt_gate_clears_IF_and_a_trap_gate_keeps_it(int type, ulong expected)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ud2());
        machine.Gate(6, TrapMachine.Handler(6), type);
        machine.SetFlags(Flags.If | Flags.Nt | Flags.Ac);
        machine.RunToTrap();
        Assert.Equal(expected | Flags.Ac | Flags.Reserved1, machine.State->SystemFlags);
    }

    [Fact]
    public void The_stack_is_aligned_to_sixteen_bytes_first()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ud2());
        machine.State->Gpr[Gpr.Rsp] = TrapMachine.StackTop - 3;
        Frame frame = machine.RunToTrap();
        Assert.Equal(TrapMachine.StackTop - 3, frame.Rsp);
        Assert.Equal(TrapMachine.StackTop - 16 - 40, machine.State->Gpr[Gpr.Rsp]);
    }

    [Fact]
    public void From_CPL_3_the_stack_is_RSP0_and_SS_is_null()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.ud2());
        Frame frame = machine.RunToTrap();
        Assert.Equal((ulong)TrapMachine.UserCode, frame.Cs);
        Assert.Equal((ulong)TrapMachine.UserData, frame.Ss);
        Assert.Equal(TrapMachine.UserStackTop, frame.Rsp);
        Assert.Equal(TrapMachine.KernelStackTop - 40, machine.State->Gpr[Gpr.Rsp]);
        Assert.Equal(0, machine.State->Cpl);
        Assert.Equal(0, machine.State->Ss.Selector);
        Assert.True(machine.State->Ss.Unusable);
    }

    [Fact]
    public void An_interrupt_stack_table_entry_is_taken_even_without_a_change_of_level()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ud2());
        machine.Write(TrapMachine.Tss + 36 + 16, 0x50_0008);
        machine.Gate(6, TrapMachine.Handler(6), ist: 3);
        Frame frame = machine.RunToTrap();
        Assert.Equal(0x50_0000UL - 40, machine.State->Gpr[Gpr.Rsp]);
        Assert.Equal((ulong)TrapMachine.KernelData, frame.Ss);
        Assert.Equal(TrapMachine.KernelData, machine.State->Ss.Selector);
    }

    [Theory]
    [InlineData(0xDEAD_0000UL, false, 0)]
    [InlineData(0xDEAD_0000UL, true, 2)]
    public void A_page_fault_pushes_its_error_code_and_sets_CR2(ulong address, bool write, int error)
    {
        using var machine = new TrapMachine();
        machine.Write(TrapMachine.DirectoryPointers + 16, 0);
        machine.Load(a =>
        {
            a.mov(rbx, address & 0x3FFF_FFFF | 0x8000_0000);
            if (write)
            {
                a.mov(__[rbx], eax);
            }
            else
            {
                a.mov(eax, __[rbx]);
            }
        });
        Frame frame = machine.RunToTrap();
        Assert.Equal((14, (ulong)error), (frame.Vector, frame.ErrorCode));
        Assert.Equal(address & 0x3FFF_FFFF | 0x8000_0000, machine.State->Cr2);
    }

    [Fact]
    public void INT_n_pushes_the_next_address_without_RF()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.@int(0x77));
        Frame frame = machine.RunToTrap();
        Assert.Equal((0x77, TrapMachine.CodeStart + 2, 2UL), (frame.Vector, frame.Rip, frame.Flags));
    }

    [Fact]
    public void INT_n_from_CPL_3_needs_a_gate_of_DPL_3()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.@int(0x77));
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0x77UL * 8 + 2, TrapMachine.UserCodeStart), (frame.Vector, frame.ErrorCode, frame.Rip));
        Assert.NotEqual(0UL, frame.Flags & Flags.Rf);

        using TrapMachine open = new TrapMachine().EnterUser(a => a.@int(0x77));
        open.Gate(0x77, TrapMachine.Handler(0x77), dpl: 3);
        Assert.Equal(0x77, open.RunToTrap().Vector);
    }

    [Fact]
    public void Exceptions_and_interrupts_do_not_look_at_the_gate_s_DPL()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.ud2());
        Assert.Equal(6, machine.RunToTrap().Vector);

        // ICEBP is delivered like an exception.
        using TrapMachine icebp = new TrapMachine().EnterUser(a => a.db(0xF1));
        Assert.Equal((1, TrapMachine.UserCodeStart + 1), (icebp.RunToTrap().Vector, icebp.Read(icebp.State->Gpr[Gpr.Rsp])));
    }

    [Fact]
    public void INTO_does_not_exist_in_64_bit_mode()
    {
        using var machine = new TrapMachine();
        machine.Bytes(TrapMachine.CodeStart, 0xCE);
        Assert.Equal(6, machine.RunToTrap().Vector);
    }

    [Theory]
    [InlineData(true, 11, 3UL)]
    [InlineData(false, 11, 2UL)]
    public void A_gate_not_present_is_NP_with_EXT_unless_an_instruction_asked(bool exception, int vector, ulong lowBits)
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            if (exception)
            {
                a.ud2();
            }
            else
            {
                a.@int(6);
            }
        });
        machine.Gate(6, TrapMachine.Handler(6), present: false);
        Frame frame = machine.RunToTrap();
        Assert.Equal((vector, (6UL << 3) | lowBits, TrapMachine.CodeStart), (frame.Vector, frame.ErrorCode, frame.Rip));
    }

    [Theory]
    [InlineData(0x5)]
    [InlineData(0x6)]
    [InlineData(0xC)]
    public void A_gate_of_another_type_is_GP(int type)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.@int(0x80));
        machine.Gate(0x80, TrapMachine.Handler(0x80), type);
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0x80UL * 8 + 2), (frame.Vector, frame.ErrorCode));
    }

    [Fact]
    public void A_vector_beyond_the_table_s_limit_is_GP()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.@int(0x80));
        machine.State->IdtrLimit = 0x80 * 16 + 14;
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0x80UL * 8 + 2), (frame.Vector, frame.ErrorCode));
    }

    [Theory]
    [InlineData(0, 13, 0UL)]
    [InlineData(TrapMachine.KernelData, 13, 0x10UL)]
    [InlineData(TrapMachine.KernelCode32, 13, 0x18UL)]
    [InlineData(0x1F8, 13, 0x1F8UL)]
    public void A_gate_to_a_selector_that_is_no_64_bit_code_is_GP_of_it(int selector, int vector, ulong error)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.@int(0x80));
        machine.Gate(0x80, TrapMachine.Handler(0x80), selector: (ushort)selector);
        Frame frame = machine.RunToTrap();
        Assert.Equal((vector, error), (frame.Vector, frame.ErrorCode));
    }

    [Fact]
    public void A_TSS_too_short_for_the_new_stack_is_TS_of_it()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.ud2());
        machine.State->Tr.Limit = 50;
        machine.Gate(6, TrapMachine.Handler(6), ist: 3);
        Frame frame = machine.RunToTrap();
        Assert.Equal((10, TrapMachine.TssSelector | 1UL), (frame.Vector, frame.ErrorCode));

        // Without any stack there is no handler to go to.
        using TrapMachine none = new TrapMachine().EnterUser(a => a.ud2());
        none.State->Tr.Limit = 10;
        Assert.Equal(VcpuStop.Shutdown, none.Cpu.Run(100));
    }

    [Fact]
    public void A_non_canonical_new_stack_is_SS()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.ud2());
        machine.Write(TrapMachine.Tss + 4, 0x0100_0000_0000_0000);
        machine.Write(TrapMachine.Tss + 36, 0x50_0000);
        machine.Gate(12, TrapMachine.Handler(12), ist: 1);
        Frame frame = machine.RunToTrap();
        Assert.Equal((12, 1UL), (frame.Vector, frame.ErrorCode));
    }

    [Fact]
    public void A_conforming_handler_runs_at_the_interrupted_level()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.ud2());
        machine.Write(TrapMachine.Gdt + 0x38, 0x00AF_9F00_0000_FFFF);
        machine.Gate(6, TrapMachine.CodeStart, selector: 0x38);
        machine.Bytes(TrapMachine.CodeStart, 0xEB, 0xFE);
        machine.Cpu.Run(3);
        Assert.Equal(3, machine.State->Cpl);
        Assert.Equal(0x3B, machine.State->Cs.Selector);
        Assert.Equal(TrapMachine.UserStackTop - 40, machine.State->Gpr[Gpr.Rsp]);
    }

    [Fact]
    public void Loading_a_code_segment_marks_it_accessed()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.@int(0x80));
        machine.Write(TrapMachine.Gdt + 0x38, 0x00AF_9A00_0000_FFFF);
        machine.Gate(0x80, TrapMachine.Handler(0x80), selector: 0x38);
        machine.RunToTrap();
        Assert.Equal(0x00AF_9B00_0000_FFFFUL, machine.Read(TrapMachine.Gdt + 0x38));
    }

    [Fact]
    public void A_delivery_takes_a_step_and_a_software_interrupt_none_of_its_own()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ud2());
        ulong before = machine.Cpu.Now;
        machine.RunToTrap();
        Assert.Equal(2UL, machine.Cpu.Now - before);

        using TrapMachine software = new TrapMachine().Load(a => a.@int(0x80));
        before = software.Cpu.Now;
        software.RunToTrap();
        Assert.Equal(2UL, software.Cpu.Now - before);
    }
}
