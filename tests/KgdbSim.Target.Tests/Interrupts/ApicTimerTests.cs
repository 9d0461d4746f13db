using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Interrupts;

/// <summary>The local APIC's timer in steps of virtual time (SDM vol. 3, 11.5.4).</summary>
public sealed unsafe class ApicTimerTests : IDisposable
{
    private const ulong Base = 0xFEE0_0000;
    private const byte Vector = 0x60;

    private readonly TrapMachine _machine = new();

    public ApicTimerTests() => _machine.Load(a =>
    {
        Iced.Intel.Label loop = a.CreateLabel();
        a.Label(ref loop);
        a.inc(rax);
        a.jmp(loop);
    });

    private LocalApic Apic => _machine.Apic;

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(0xB, 1)]
    [InlineData(0x0, 2)]
    [InlineData(0x3, 16)]
    [InlineData(0xA, 128)]
    public void One_shot_expires_exactly_after_its_count_times_the_divider(int divide, int ticks)
    {
        Apic.Write(Base + 0x320, Vector);
        Apic.Write(Base + 0x3E0, (uint)divide);
        Apic.Write(Base + 0x380, 5);
        Assert.Equal((ulong)(5 * ticks), Apic.Timer.NextStep);
        _machine.SetFlags(Flags.If);
        _machine.Cpu.Run((5 * ticks) + 1);
        Assert.Equal(TrapMachine.Handler(Vector), _machine.State->Rip);
        Assert.Equal((ulong)(5 * ticks) + 1, _machine.Cpu.Now);
        Assert.Null(Apic.Timer.NextStep);
        Assert.Equal(0u, Apic.Read(Base + 0x390));
    }

    [Fact]
    public void The_current_count_goes_down_and_can_be_read_in_the_middle_of_a_turn()
    {
        _machine.Load(a =>
        {
            a.mov(rbx, Base);
            a.mov(__dword_ptr[rbx + 0x3E0], 0xB);
            a.mov(__dword_ptr[rbx + 0x380], 1000);
            a.nop();
            a.nop();
            a.mov(ecx, __dword_ptr[rbx + 0x390]);
        });
        _machine.RunToHalt();
        Assert.Equal(997UL, _machine.State->Gpr[Gpr.Rcx]);
    }

    [Fact]
    public void Periodic_expires_every_period_and_is_one_interrupt_for_those_that_passed_unseen()
    {
        Apic.Write(Base + 0x3E0, 0xB);
        Apic.Write(Base + 0x320, Vector | 0x2_0000);
        Apic.Write(Base + 0x380, 100);
        _machine.Cpu.Run(350);
        Assert.Equal(400UL, Apic.Timer.NextStep);
        Assert.Equal(Vector, Apic.Acknowledge());
        Assert.False(Apic.InterruptPending);
        Apic.EndOfInterrupt();
        _machine.Cpu.Run(50);
        Assert.Equal(VcpuStop.TurnOver, _machine.Cpu.Run(1));
        Assert.True(Apic.InterruptPending);
    }

    [Fact]
    public void Masked_it_runs_without_interrupting_and_a_count_of_0_stops_it()
    {
        Apic.Write(Base + 0x3E0, 0xB);
        Apic.Write(Base + 0x320, Vector | 0x1_0000);
        Apic.Write(Base + 0x380, 10);
        _machine.Cpu.Run(20);
        Assert.False(Apic.InterruptPending);
        Apic.Write(Base + 0x380, 10);
        Apic.Write(Base + 0x380, 0);
        Assert.Null(Apic.Timer.NextStep);
    }

    [Fact]
    public void A_deadline_expires_when_the_time_stamp_counter_reaches_it()
    {
        Apic.Write(Base + 0x320, Vector | 0x4_0000);
        _machine.State->TscOffset = 1000;
        Assert.True(Apic.WriteMsr(MsrNumber.TscDeadline, 1050));
        Assert.Equal(50UL, Apic.Timer.NextStep);
        Assert.True(Apic.ReadMsr(MsrNumber.TscDeadline, out ulong read));
        Assert.Equal(1050UL, read);
        _machine.SetFlags(Flags.If);
        _machine.Cpu.Run(51);
        Assert.Equal(TrapMachine.Handler(Vector), _machine.State->Rip);
        Apic.ReadMsr(MsrNumber.TscDeadline, out read);
        Assert.Equal(0UL, read);
    }

    [Fact]
    public void A_deadline_in_the_past_expires_at_once_and_0_disarms()
    {
        Apic.Write(Base + 0x320, Vector | 0x4_0000);
        _machine.Cpu.Run(100);
        Apic.WriteMsr(MsrNumber.TscDeadline, 5);
        _machine.Cpu.Run(1);
        Assert.True(Apic.InterruptPending);
        Apic.WriteMsr(MsrNumber.TscDeadline, 500);
        Apic.WriteMsr(MsrNumber.TscDeadline, 0);
        Assert.Null(Apic.Timer.NextStep);
    }

    [Fact]
    public void The_initial_count_is_ignored_in_deadline_mode_and_the_deadline_in_the_others()
    {
        Apic.WriteMsr(MsrNumber.TscDeadline, 500);
        Assert.Null(Apic.Timer.NextStep);
        Apic.Write(Base + 0x320, Vector | 0x4_0000);
        Apic.Write(Base + 0x380, 500);
        Assert.Null(Apic.Timer.NextStep);
        Apic.WriteMsr(MsrNumber.TscDeadline, 500);
        Apic.Write(Base + 0x320, Vector);
        Assert.Null(Apic.Timer.NextStep);
    }

    [Fact]
    public void Setting_the_counter_moves_the_deadline()
    {
        Apic.Write(Base + 0x320, Vector | 0x4_0000);
        Apic.WriteMsr(MsrNumber.TscDeadline, 1000);
        Assert.True(ModelSpecific.Write(_machine.Core, MsrNumber.Tsc, 900));
        Assert.Equal(100UL, Apic.Timer.NextStep);
    }

    [Fact]
    public void A_halted_processor_is_woken_when_its_timer_s_step_comes()
    {
        _machine.Load(a => a.nop());
        Apic.Write(Base + 0x320, Vector);
        Apic.Write(Base + 0x3E0, 0xB);
        Apic.Write(Base + 0x380, 1000);
        _machine.SetFlags(Flags.If);
        _machine.RunToHalt();
        Assert.False(_machine.Cpu.Runnable);
        _machine.Cpu.Now = 999;
        Assert.Equal(VcpuStop.Halted, _machine.Cpu.Run(10));
        _machine.Cpu.Now = 1000;
        Assert.Equal((Vector, TrapMachine.CodeStart + 2), (_machine.RunToTrap().Vector, _machine.Read(_machine.State->Gpr[Gpr.Rsp])));
    }
}
