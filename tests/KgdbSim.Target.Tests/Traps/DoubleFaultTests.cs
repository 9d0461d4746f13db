using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Traps;

/// <summary>Exceptions met while delivering exceptions: SDM vol. 3, tables 6-4 and 6-5.</summary>
public sealed unsafe class DoubleFaultTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 0)]
    [InlineData(7, 0)]
    [InlineData(8, 3)]
    [InlineData(10, 1)]
    [InlineData(11, 1)]
    [InlineData(12, 1)]
    [InlineData(13, 1)]
    [InlineData(14, 2)]
    [InlineData(16, 0)]
    [InlineData(17, 0)]
    [InlineData(19, 0)]
    public void Exceptions_are_of_the_class_that_the_table_has(int vector, int expected) =>
        Assert.Equal(
            (TrapClass)expected,
            TrapClasses.Of(new PendingEvent { Source = EventSource.Exception, Vector = (byte)vector }));

    [Theory]
    [InlineData(EventSource.Software)]
    [InlineData(EventSource.External)]
    [InlineData(EventSource.Nmi)]
    public void Interrupts_are_benign_whatever_their_vector(object source) =>
        Assert.Equal(TrapClass.Benign, TrapClasses.Of(new PendingEvent { Source = (EventSource)source, Vector = 13 }));

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "1")]
    [InlineData(2, "1 2")]
    [InlineData(3, "1 2")]
    public void Two_exceptions_combine_as_the_table_has_it(int first, string seconds)
    {
        for (int second = 0; second < 3; second++)
        {
            Assert.Equal(
                seconds.Contains(second.ToString(), StringComparison.Ordinal),
                TrapClasses.Combines((TrapClass)first, (TrapClass)second));
        }
    }

    [Fact]
    public void A_protection_fault_that_cannot_be_delivered_becomes_a_double_fault_with_error_code_0()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(cr8, rax));
        machine.State->Gpr[Gpr.Rax] = 99;
        machine.Gate(13, TrapMachine.Handler(13), present: false);
        Frame frame = machine.RunToTrap();
        Assert.Equal((8, 0UL, TrapMachine.CodeStart), (frame.Vector, frame.ErrorCode, frame.Rip));
    }

    [Fact]
    public void A_benign_exception_gives_way_to_the_second_one()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ud2());
        machine.Gate(6, TrapMachine.Handler(6), present: false);
        Frame frame = machine.RunToTrap();
        Assert.Equal((11, (6UL << 3) | 3), (frame.Vector, frame.ErrorCode));
    }

    [Fact]
    public void A_page_fault_while_delivering_a_page_fault_is_a_double_fault()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(eax, __dword_ptr[rbx]));
        machine.Write(TrapMachine.DirectoryPointers + 16, 0);
        machine.State->Gpr[Gpr.Rbx] = 0x8000_1000;
        machine.State->Gpr[Gpr.Rsp] = 0x8000_2000;
        machine.Write(TrapMachine.Tss + 36, 0x50_0000);
        machine.Gate(8, TrapMachine.Handler(8), ist: 1);
        Frame frame = machine.RunToTrap();
        Assert.Equal((8, TrapMachine.CodeStart, 0x8000_2000UL), (frame.Vector, frame.Rip, frame.Rsp));

        // CR2 is of the fault met last: the first push.
        Assert.Equal(0x8000_1FF8UL, machine.State->Cr2);
    }

    [Fact]
    public void A_triple_fault_shuts_the_processor_down_and_is_reported_again_until_INIT()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ud2());
        machine.State->IdtrLimit = 0;
        Assert.Equal(VcpuStop.Shutdown, machine.Cpu.Run(100));
        Assert.Equal(ActivityState.Shutdown, machine.State->Activity);
        Assert.False(machine.Cpu.Runnable);
        Assert.Equal(VcpuStop.Shutdown, machine.Cpu.Run(100));
        Assert.Equal(TrapMachine.CodeStart, machine.State->Rip);

        machine.Apic.Accept(new IpiMessage(1, DeliveryMode.Init, 0, false));
        Assert.True(machine.Cpu.Runnable);
        machine.Cpu.Run(1);
        Assert.False(machine.State->ProtectedMode);
    }

    [Fact]
    public void An_NMI_wakes_a_processor_that_has_shut_down()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.ud2());
        machine.State->IdtrLimit = 0;
        machine.Cpu.Run(100);
        machine.State->IdtrLimit = 0xFFF;
        machine.Apic.Accept(new IpiMessage(0, DeliveryMode.Nmi, 0, false));
        Assert.Equal(2, machine.RunToTrap().Vector);
    }
}
