using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Interrupts;

/// <summary>The local APIC: registers, priorities, acceptance and end of interrupt (SDM vol. 3, chapter 11).</summary>
public sealed unsafe class LocalApicTests : IDisposable
{
    private const ulong Base = 0xFEE0_0000;

    private readonly TrapMachine _machine = new();

    private LocalApic Apic => _machine.Apic;

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(0x20, 0x0000_0000u)]
    [InlineData(0x30, 0x0005_0014u)]
    [InlineData(0x80, 0u)]
    [InlineData(0xE0, 0xFFFF_FFFFu)]
    [InlineData(0xF0, 0x1FFu)]
    [InlineData(0x320, 0x1_0000u)]
    [InlineData(0x350, 0x1_0000u)]
    [InlineData(0x370, 0x1_0000u)]
    [InlineData(0x24, 0u)]
    public void Registers_read_their_first_values(int offset, uint expected) =>
        Assert.Equal(expected, Apic.Read(Base + (ulong)offset));

    [Fact]
    public void The_page_answers_at_its_address_and_moves_with_the_base_register()
    {
        Assert.True(Apic.Claims(Base + 0x300));
        Assert.True(Apic.WriteMsr(MsrNumber.ApicBase, 0x0020_0900));
        Assert.False(Apic.Claims(Base));
        Assert.True(Apic.Claims(0x20_0020));
        _machine.Load(a => a.mov(eax, __dword_ptr[0x20_0030]));
        _machine.RunToHalt();
        Assert.Equal(0x5_0014UL, _machine.State->Gpr[Gpr.Rax]);
    }

    [Fact]
    public void A_guest_reaches_the_registers_by_loads_and_stores()
    {
        _machine.Load(a =>
        {
            a.mov(rbx, Base);
            a.mov(__dword_ptr[rbx + 0x80], 0x35);
            a.mov(eax, __dword_ptr[rbx + 0x80]);
        });
        _machine.RunToHalt();
        Assert.Equal(0x35UL, _machine.State->Gpr[Gpr.Rax]);
        Assert.Equal(3UL, _machine.State->Cr8);
    }

    [Fact]
    public void CR8_is_the_upper_half_of_the_task_priority()
    {
        _machine.Load(a =>
        {
            a.mov(eax, 9);
            a.mov(cr8, rax);
            a.mov(rbx, cr8);
        });
        _machine.RunToHalt();
        Assert.Equal(9UL, _machine.State->Gpr[Gpr.Rbx]);
        Assert.Equal(0x90, Apic.State->TaskPriority);
    }

    [Fact]
    public void Vectors_are_delivered_highest_class_first_and_held_by_the_one_in_service()
    {
        Fixed(0x41, 0x52, 0x45);
        Assert.Equal(0x52, Apic.Acknowledge());
        Assert.False(Apic.InterruptPending);
        Assert.Equal(0x50u, Apic.Read(Base + 0xA0));
        Fixed(0x5F);
        Assert.False(Apic.InterruptPending);
        Fixed(0x60);
        Assert.True(Apic.InterruptPending);
        Assert.Equal(0x60, Apic.Acknowledge());
        Apic.Write(Base + 0xB0, 0);
        Assert.False(Apic.InterruptPending);
        Apic.Write(Base + 0xB0, 0);
        Assert.Equal([0x5F, 0x45, 0x41], Enumerable.Range(0, 3).Select(_ => Take()));
    }

    [Fact]
    public void The_task_priority_holds_its_class_and_those_below()
    {
        Fixed(0x35);
        Apic.Write(Base + 0x80, 0x30);
        Assert.False(Apic.InterruptPending);
        Apic.Write(Base + 0x80, 0x2F);
        Assert.True(Apic.InterruptPending);
        Assert.Equal(0x2Fu, Apic.Read(Base + 0xA0));
    }

    [Fact]
    public void A_request_raised_out_of_reach_before_it_is_taken_gives_the_spurious_vector()
    {
        Fixed(0x35);
        Apic.State->TaskPriority = 0x50;
        Assert.Equal(0xFF, Apic.Acknowledge());
        Assert.Equal(0u, Apic.Read(Base + 0x100 + 0x10));
        Assert.NotEqual(0u, Apic.Read(Base + 0x200 + 0x10));
    }

    [Fact]
    public void Requested_in_service_and_trigger_mode_registers_show_their_bits()
    {
        Apic.Accept(new IpiMessage(0, DeliveryMode.Fixed, 0x41, Level: true));
        Assert.Equal(2u, Apic.Read(Base + 0x220));
        Assert.Equal(2u, Apic.Read(Base + 0x1A0));
        Apic.Acknowledge();
        Assert.Equal((0u, 2u), (Apic.Read(Base + 0x220), Apic.Read(Base + 0x120)));
    }

    [Fact]
    public void Software_disabled_it_takes_no_fixed_interrupts_but_NMIs_and_masks_its_local_vectors()
    {
        Apic.Write(Base + 0x350, 0x40);
        Assert.Equal(0x40u, Apic.Read(Base + 0x350));
        Apic.Write(Base + 0xF0, 0xFF);
        Assert.Equal(0x1_0040u, Apic.Read(Base + 0x350));
        Apic.Write(Base + 0x350, 0x40);
        Assert.Equal(0x1_0040u, Apic.Read(Base + 0x350));
        Fixed(0x50);
        Assert.Equal(0u, Apic.Read(Base + 0x220));
        Apic.Accept(new IpiMessage(0, DeliveryMode.Nmi, 0, false));
        Assert.True(Apic.State->NmiPending);
    }

    [Fact]
    public void Bad_vectors_and_registers_are_errors_shown_after_a_write_of_the_status()
    {
        Apic.Write(Base + 0x370, 0x33);
        Fixed(0x0F);
        Assert.Equal(0u, Apic.Read(Base + 0x280));
        Apic.Write(Base + 0x280, 0);
        Assert.Equal(0x40u, Apic.Read(Base + 0x280));
        Assert.Equal(0x33, Apic.Acknowledge());
        Apic.Write(Base + 0x280, 0);
        Assert.Equal(0u, Apic.Read(Base + 0x280));
        Apic.Read(Base + 0x3F0);
        Apic.Write(Base + 0x300, 0x0F);
        Apic.Write(Base + 0x280, 0);
        Assert.Equal(0xA0u, Apic.Read(Base + 0x280));
    }

    [Fact]
    public void The_processor_takes_a_vector_and_EOI_lets_the_next_one_in()
    {
        _machine.Load(a =>
        {
            a.sti();
            a.nop();
            a.nop();
        });
        _machine.Assemble(64, a =>
        {
            a.inc(ebx);
            a.mov(rdx, Base);
            a.mov(__dword_ptr[rdx + 0xB0], 0);
            a.iretq();
        }, 0xA000, halt: false);
        _machine.Gate(0x41, 0xA000);
        _machine.Gate(0x42, 0xA000);
        Fixed(0x41, 0x42);
        _machine.RunToHalt();
        Assert.Equal(2UL, _machine.State->Gpr[Gpr.Rbx]);
        Assert.Equal(TrapMachine.CodeStart + 4, _machine.State->Rip);
    }

    [Theory]
    [InlineData(0xFEE0_0D00UL, true)]
    [InlineData(0xFEE0_0100UL, true)]
    [InlineData(0xFEE0_0500UL, false)]
    [InlineData(0xFEE0_0901UL, false)]
    [InlineData(0x8000_0000_FEE0_0900UL, false)]
    public void The_base_register_refuses_reserved_bits_and_x2APIC_without_enable(ulong value, bool accepted) =>
        Assert.Equal(accepted, Apic.WriteMsr(MsrNumber.ApicBase, value));

    [Fact]
    public void X2APIC_is_entered_from_xAPIC_and_left_only_by_disabling()
    {
        Assert.False(Apic.ReadMsr(0x802, out _));
        Assert.True(Apic.WriteMsr(MsrNumber.ApicBase, 0xFEE0_0D00));
        Assert.False(Apic.Claims(Base));
        Assert.True(Apic.ReadMsr(0x802, out ulong id));
        Assert.Equal(0UL, id);
        Assert.False(Apic.WriteMsr(MsrNumber.ApicBase, 0xFEE0_0900));
        Assert.True(Apic.WriteMsr(MsrNumber.ApicBase, 0xFEE0_0100));
        Assert.False(Apic.WriteMsr(MsrNumber.ApicBase, 0xFEE0_0D00));
        Assert.True(Apic.WriteMsr(MsrNumber.ApicBase, 0xFEE0_0900));
    }

    [Theory]
    [InlineData(0x80E, 0UL, false, false)]
    [InlineData(0x802, 1UL, true, false)]
    [InlineData(0x808, 0x20UL, true, true)]
    [InlineData(0x808, 0x120UL, true, false)]
    [InlineData(0x80B, 0UL, false, true)]
    [InlineData(0x80B, 1UL, false, false)]
    [InlineData(0x80F, 0x1FFUL, true, true)]
    [InlineData(0x80F, 0x1_0000_01FFUL, true, false)]
    [InlineData(0x831, 0UL, false, false)]
    [InlineData(0x83F, 0x50UL, false, true)]
    [InlineData(0x8FF, 0UL, false, false)]
    public void X2APIC_registers_are_read_and_written_as_their_table_says(int msr, ulong value, bool readable, bool writable)
    {
        Apic.WriteMsr(MsrNumber.ApicBase, 0xFEE0_0D00);
        Assert.Equal(readable, Apic.ReadMsr((uint)msr, out _));
        Assert.Equal(writable, Apic.WriteMsr((uint)msr, value));
    }

    private void Fixed(params byte[] vectors)
    {
        foreach (byte vector in vectors)
        {
            Apic.Accept(new IpiMessage(0, DeliveryMode.Fixed, vector, false));
        }
    }

    private byte Take()
    {
        byte vector = Apic.Acknowledge();
        Apic.EndOfInterrupt();
        return vector;
    }
}
