using KgdbSim.Target.Cpu;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Interrupts;

/// <summary>An application processor comes up as kernels bring it up: real mode, protected mode, long mode.</summary>
public sealed unsafe class StartUpTests
{
    private const uint Protected = 0x9000;
    private const uint Long = 0xA000;
    private const ulong GdtPointer = 0x8100;

    [Fact]
    public void A_trampoline_takes_a_processor_from_SIPI_to_64_bit_code()
    {
        using var machine = new TrapMachine(cpus: 2);
        machine.Write(GdtPointer, 0xFF | (TrapMachine.Gdt << 16));
        machine.Assemble(16, a =>
        {
            a.cli();
            a.xor(ax, ax);
            a.mov(ds, ax);

            // LGDT with a 32-bit base: operand-size prefix.
            a.db(0x66, 0x0F, 0x01, 0x16, (byte)(GdtPointer & 0xFF), (byte)(GdtPointer >> 8));
            a.mov(eax, cr0);
            a.or(al, 1);
            a.mov(cr0, eax);
            a.db(0x66, 0xEA, (byte)(Protected & 0xFF), (byte)(Protected >> 8), 0, 0, (byte)TrapMachine.KernelCode32, 0);
        }, 0x8000, halt: false);
        machine.Assemble(32, a =>
        {
            a.mov(eax, TrapMachine.KernelData);
            a.mov(ds, eax);
            a.mov(es, eax);
            a.mov(ss, eax);
            a.mov(eax, (uint)TrapMachine.PageMapLevel4);
            a.mov(cr3, eax);
            a.mov(eax, cr4);
            a.or(eax, 0x620);
            a.mov(cr4, eax);
            a.mov(ecx, 0xC000_0080);
            a.rdmsr();
            a.or(eax, 0x100);
            a.wrmsr();
            a.mov(eax, cr0);
            a.and(eax, ~0x6000_0004);
            a.or(eax, unchecked((int)0x8000_0003));
            a.mov(cr0, eax);
            a.jmp(TrapMachine.KernelCode, Long);
        }, Protected, halt: false);
        machine.Assemble(64, a =>
        {
            a.mov(rsp, TrapMachine.StackTop);
            a.mov(rax, 0x1234_5678_9ABC);
            a.push(rax);
        }, Long);
        machine.Apic.Write(0xFEE0_0310, 1 << 24);
        machine.Apic.Write(0xFEE0_0300, 0x4500);
        machine.Apic.Write(0xFEE0_0300, 0x4608);
        machine.Apic.Write(0xFEE0_0300, 0x4608);
        Assert.Equal(VcpuStop.Halted, machine[1].Run(1000));
        CpuState* s = machine[1].Core.State;
        Assert.True(s->Is64Bit);
        Assert.Equal(ControlBits.EferLme | ControlBits.EferLma, s->Efer);
        Assert.Equal(0x1234_5678_9ABCUL, machine.Read(TrapMachine.StackTop - 8));
        Assert.Equal(0, s->Cpl);
    }
}
