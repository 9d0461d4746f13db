using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Tests.Traps;

namespace KgdbSim.Target.Tests.Interrupts;

/// <summary>Who gets what the interrupt command register sends (SDM vol. 3, 11.6).</summary>
public sealed unsafe class InterProcessorTests : IDisposable
{
    private const ulong Base = 0xFEE0_0000;

    private readonly TrapMachine _machine = new(cpus: 4);

    public InterProcessorTests()
    {
        foreach (LocalApic apic in _machine.Apics)
        {
            apic.Write(Base + 0xF0, 0x1FF);
            apic.Write(Base + 0xD0, (1u << apic.Processor) << 24);
        }
    }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(0x02u, 0x0_4050u, "2")]
    [InlineData(0xFFu, 0x0_4050u, "0 1 2 3")]
    [InlineData(0x09u, 0x0_4050u, "")]
    [InlineData(0x0Au, 0x0_4850u, "1 3")]
    [InlineData(0xFFu, 0x0_4850u, "0 1 2 3")]
    [InlineData(0x00u, 0x4_4050u, "0")]
    [InlineData(0x00u, 0x8_4050u, "0 1 2 3")]
    [InlineData(0x00u, 0xC_4050u, "1 2 3")]
    [InlineData(0x0Cu, 0x0_4950u, "2")]
    public void A_fixed_interrupt_goes_to_the_processors_addressed(uint destination, uint command, string receivers)
    {
        Send(destination, command);
        Assert.Equal(receivers, Receivers(apic => apic.InterruptPending));
    }

    [Fact]
    public void Lowest_priority_goes_to_the_one_with_the_lowest_processor_priority()
    {
        _machine.Apics[1].Write(Base + 0x80, 0x20);
        _machine.Apics[2].Write(Base + 0x80, 0x10);
        _machine.Apics[3].Write(Base + 0x80, 0x30);
        Send(0x0E, 0x4950);
        Assert.Equal("2", Receivers(apic => apic.InterruptPending));
    }

    [Fact]
    public void The_cluster_model_compares_clusters_and_members()
    {
        for (int i = 0; i < 4; i++)
        {
            _machine.Apics[i].Write(Base + 0xE0, 0x0FFF_FFFF);
            _machine.Apics[i].Write(Base + 0xD0, (uint)(((i / 2) << 4) | (1 << (i % 2))) << 24);
        }

        Send(0x12, 0x4850);
        Assert.Equal("3", Receivers(apic => apic.InterruptPending));
    }

    [Fact]
    public void NMI_and_INIT_are_not_fixed_interrupts()
    {
        Send(1, 0x4400);
        Assert.Equal("1", Receivers(apic => apic.State->NmiPending));
        Send(2, 0x4500);
        Assert.Equal("2", Receivers(apic => apic.State->InitPending));

        // INIT level de-assert is for nobody.
        Send(3, 0x8500);
        Assert.Equal("2", Receivers(apic => apic.State->InitPending));
    }

    [Fact]
    public void X2APIC_destinations_are_32_bits_and_logical_ones_clusters_of_sixteen()
    {
        foreach (LocalApic apic in _machine.Apics)
        {
            apic.WriteMsr(MsrNumber.ApicBase, 0xFEE0_0C00 | (apic.Processor == 0 ? 0x100UL : 0));
        }

        _machine.Apic.WriteMsr(0x830, (3UL << 32) | 0x4050);
        Assert.Equal("3", Receivers(apic => apic.InterruptPending));
        _machine.Apic.WriteMsr(0x830, (0b0110UL << 32) | 0x4851);
        Assert.Equal("1 2 3", Receivers(apic => apic.InterruptPending));
        _machine.Apic.WriteMsr(0x830, (0x1_0001UL << 32) | 0x4852);
        Assert.Equal("1 2 3", Receivers(apic => apic.InterruptPending));
        _machine.Apic.WriteMsr(0x83F, 0x53);
        Assert.Equal("0 1 2 3", Receivers(apic => apic.InterruptPending));
    }

    [Fact]
    public void A_start_up_message_starts_a_waiting_processor_and_only_the_first_counts()
    {
        Vcpu second = _machine[1];
        Assert.Equal(VcpuStop.Halted, second.Run(10));
        Send(1, 0x4500);
        Send(1, 0x4609);
        Send(1, 0x460A);
        _machine.Bytes(0x9000, 0xF4);
        Assert.Equal(VcpuStop.Halted, second.Run(10));
        Assert.Equal((0x0900, 0x9000UL, 1UL), (second.Core.State->Cs.Selector, second.Core.State->Cs.Base, second.Core.State->Rip));
        Assert.Equal(ActivityState.Halted, second.Core.State->Activity);

        // It runs: a start-up message alone does nothing.
        Send(1, 0x460A);
        Assert.Equal(VcpuStop.Halted, second.Run(10));
        Assert.Equal(0x0900, second.Core.State->Cs.Selector);
    }

    [Fact]
    public void INIT_puts_a_running_processor_to_wait_and_keeps_its_APIC_ID()
    {
        _machine.Enter64(_machine[1].Core);
        Send(1, 0x4500);
        _machine[1].Run(10);
        Assert.Equal(ActivityState.WaitForSipi, _machine[1].Core.State->Activity);
        Assert.Equal(0UL, _machine[1].Core.State->Efer);
        Assert.Equal(1u << 24, _machine.Apics[1].Read(Base + 0x20));
        Assert.Equal(0xFFu, _machine.Apics[1].Read(Base + 0xF0));
    }

    private void Send(uint destination, uint command)
    {
        _machine.Apic.Write(Base + 0x310, destination << 24);
        _machine.Apic.Write(Base + 0x300, command);
        Assert.Equal(0u, _machine.Apic.Read(Base + 0x300) & (1 << 12));
    }

    private string Receivers(Func<LocalApic, bool> received) =>
        string.Join(' ', _machine.Apics.Where(received).Select(apic => apic.Processor));
}
