using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Traps;

namespace KgdbSim.Target.Tests.Traps;

/// <summary>What comes first of several things at one boundary: SDM vol. 3, table 6-2.</summary>
public sealed unsafe class EventPriorityTests
{
    private const uint All = 0b111110;

    [Fact]
    public void The_rows_are_tried_in_the_manual_s_order()
    {
        List<BoundaryEvent> order = [];
        uint pending = All & ~(1u << (int)BoundaryEvent.StartUp);
        while (pending != 0)
        {
            BoundaryEvent next = EventPriority.Highest(pending, Inhibition.None, ActivityState.Running);
            order.Add(next);
            pending &= ~(1u << (int)next);
        }

        Assert.Equal(
            [BoundaryEvent.Init, BoundaryEvent.DebugTrap, BoundaryEvent.Nmi, BoundaryEvent.ExternalInterrupt], order);
    }

    [Theory]
    [InlineData(Inhibition.StiShadow, "Init DebugTrap Nmi")]
    [InlineData(Inhibition.MovSsShadow, "Init")]
    [InlineData(Inhibition.InterruptsOff, "Init DebugTrap Nmi")]
    [InlineData(Inhibition.NmiBlocked, "Init DebugTrap ExternalInterrupt")]
    [InlineData(Inhibition.Debugger, "Init DebugTrap")]
    public void Each_inhibition_holds_off_what_it_should(object inhibition, string remaining)
    {
        foreach (BoundaryEvent candidate in (BoundaryEvent[])
            [BoundaryEvent.Init, BoundaryEvent.DebugTrap, BoundaryEvent.Nmi, BoundaryEvent.ExternalInterrupt])
        {
            BoundaryEvent got = EventPriority.Highest(1u << (int)candidate, (Inhibition)inhibition, ActivityState.Running);
            Assert.Equal(remaining.Split(' ').Contains(candidate.ToString()), got == candidate);
        }
    }

    [Theory]
    [InlineData(ActivityState.Halted, "Init DebugTrap Nmi ExternalInterrupt")]
    [InlineData(ActivityState.WaitForSipi, "Init StartUp")]
    [InlineData(ActivityState.Shutdown, "Init Nmi")]
    public void Each_inactive_state_is_left_by_what_it_should(object state, string remaining)
    {
        for (var candidate = BoundaryEvent.Init; candidate <= BoundaryEvent.ExternalInterrupt; candidate++)
        {
            BoundaryEvent got = EventPriority.Highest(1u << (int)candidate, Inhibition.None, (ActivityState)state);
            Assert.Equal(remaining.Split(' ').Contains(candidate.ToString()), got == candidate);
        }
    }

    [Fact]
    public void A_single_step_trap_comes_before_an_NMI_and_that_before_an_interrupt()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.nop();
            a.nop();
        });
        machine.SetFlags(Flags.Tf | Flags.If);
        machine.Cpu.Run(1);
        machine.Apic.Accept(new IpiMessage(0, DeliveryMode.Fixed, 0x50, false));
        machine.Apic.Accept(new IpiMessage(0, DeliveryMode.Nmi, 0, false));

        // Each is delivered on top of the one before, before its handler's first instruction: the last one runs first.
        machine.Gate(1, TrapMachine.Handler(1), type: 0xF);
        machine.Gate(2, TrapMachine.Handler(2), type: 0xF);
        Assert.Equal(0x50, machine.RunToTrap().Vector);
        Frame interrupt = machine.FrameAt(0x50, machine.State->Gpr[Gpr.Rsp]);
        Assert.Equal(TrapMachine.Handler(2), interrupt.Rip);
        Frame nmi = machine.FrameAt(2, interrupt.Rsp);
        Assert.Equal(TrapMachine.Handler(1), nmi.Rip);
        Assert.Equal(TrapMachine.CodeStart + 1, machine.FrameAt(1, nmi.Rsp).Rip);
    }

    [Fact]
    public void An_interrupt_comes_before_an_execution_breakpoint_and_that_before_the_fetch_s_fault()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.nop());
        machine.Write(TrapMachine.DirectoryPointers + 16, 0);
        const ulong unmapped = 0x8000_0000;
        machine.State->Rip = unmapped;
        machine.State->Dr[0] = unmapped;
        machine.State->Dr7 = 0x402;
        machine.Core.Debug.RegistersChanged();
        machine.SetFlags(Flags.If);
        machine.Apic.Accept(new IpiMessage(0, DeliveryMode.Fixed, 0x50, false));
        Frame interrupt = machine.RunToTrap();
        Assert.Equal((0x50, unmapped), (interrupt.Vector, interrupt.Rip));

        machine.State->Cr2 = 0x1234;
        machine.Resume(interrupt);
        Frame breakpoint = machine.RunToTrap();
        Assert.Equal((1, unmapped), (breakpoint.Vector, breakpoint.Rip));
        Assert.Equal(Dr6Bits.Fixed | 1, machine.State->Dr6);
        Assert.Equal(0x1234UL, machine.State->Cr2);

        machine.Resume(breakpoint, breakpoint.Flags | Flags.Rf);
        Frame fault = machine.RunToTrap();
        Assert.Equal((14, unmapped), (fault.Vector, machine.State->Cr2));
    }
}
