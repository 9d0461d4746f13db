using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Traps;

/// <summary>STI and MOV SS shadows and NMI blocking: SDM vol. 3, 6.7.1 and 6.8.3.</summary>
public sealed unsafe class ShadowTests
{
    private static readonly IpiMessage Interrupt = new(0, DeliveryMode.Fixed, 0x50, false);
    private static readonly IpiMessage Nmi = new(0, DeliveryMode.Nmi, 0, false);

    [Fact]
    public void STI_lets_interrupts_in_only_behind_the_next_instruction()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.sti();
            a.nop();
            a.nop();
        });
        machine.Apic.Accept(Interrupt);
        Assert.Equal((0x50, TrapMachine.CodeStart + 2), (machine.RunToTrap().Vector, machine.Read(machine.State->Gpr[Gpr.Rsp])));
    }

    [Fact]
    public void STI_with_interrupts_on_already_has_no_shadow()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.sti();
            a.sti();
            a.nop();
            a.nop();
        });
        machine.Apic.Accept(Interrupt);
        Assert.Equal(TrapMachine.CodeStart + 2, machine.RunToTrap().Rip);
    }

    [Fact]
    public void STI_CLI_lets_nothing_in()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.sti();
            a.cli();
            a.nop();
        });
        machine.Apic.Accept(Interrupt);
        machine.RunToHalt();
        Assert.Equal(TrapMachine.CodeStart + 4, machine.State->Rip);
    }

    [Fact]
    public void STI_HLT_halts_and_is_woken_with_the_address_behind_HLT()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.sti();
            a.hlt();
        });
        machine.Apic.Accept(Interrupt);
        Assert.Equal((0x50, TrapMachine.CodeStart + 2), (machine.RunToTrap().Vector, machine.Read(machine.State->Gpr[Gpr.Rsp])));
    }

    [Fact]
    public void STI_does_not_hold_off_NMIs()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.sti();
            a.nop();
        });
        machine.Cpu.Run(1);
        machine.Apic.Accept(Nmi);
        Assert.Equal(TrapMachine.CodeStart + 1, machine.RunToTrap().Rip);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MOV_SS_and_POP_SS_hold_off_interrupts_and_NMIs_until_behind_the_next_instruction(bool nmi)
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.mov(ss, ecx);
            a.nop();
            a.nop();
        });
        machine.State->Gpr[Gpr.Rcx] = TrapMachine.KernelData;
        machine.SetFlags(Flags.If);
        machine.Cpu.Run(1);
        machine.Apic.Accept(nmi ? Nmi : Interrupt);
        Assert.Equal(TrapMachine.CodeStart + 3, machine.RunToTrap().Rip);
    }

    [Fact]
    public void An_NMI_blocks_the_next_one_until_IRET_and_one_is_remembered()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.nop());
        machine.Assemble(64, a =>
        {
            a.inc(ebx);
            a.nop();
            a.iretq();
        }, 0xA000);
        machine.Gate(2, 0xA000);
        machine.Apic.Accept(Nmi);
        machine.Cpu.Run(2);
        Assert.Equal(1, machine.State->NmiBlocked);
        machine.Apic.Accept(Nmi);
        machine.Apic.Accept(Nmi);
        machine.RunToHalt();
        Assert.Equal(2UL, machine.State->Gpr[Gpr.Rbx]);
        Assert.Equal(0, machine.State->NmiBlocked);
        Assert.Equal(TrapMachine.CodeStart + 2, machine.State->Rip);
    }

    [Fact]
    public void IRET_unblocks_NMIs_even_if_it_faults()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.iretq());
        machine.State->NmiBlocked = 1;
        machine.Write(TrapMachine.StackTop + 8, 0);
        Assert.Equal(13, machine.RunToTrap().Vector);
        Assert.Equal(0, machine.State->NmiBlocked);
    }

    [Fact]
    public void A_fault_s_handler_starts_without_the_shadow()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.sti();
            a.ud2();
        });
        machine.Gate(6, TrapMachine.Handler(6), type: 0xF);
        machine.Apic.Accept(Interrupt);
        Frame frame = machine.RunToTrap();
        Assert.Equal((0x50, TrapMachine.Handler(6)), (frame.Vector, frame.Rip));
    }
}
