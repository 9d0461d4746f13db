using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Machine;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Traps;

/// <summary>
/// Real mode and 32-bit protected mode without paging: vector table, gates, stack switches, call gates, limits.
/// </summary>
public sealed unsafe class LegacyModeTests
{
    private const ushort Ring3Code = 0x33;
    private const ushort Ring3Data = 0x2B;

    [Fact]
    public void Real_mode_delivers_through_four_byte_vectors_with_three_words_pushed()
    {
        using TrapMachine machine = Real(a => a.@int(0x21));
        machine.Write((ulong)(0x21 * 4), 0x0900_0010);
        machine.Bytes(0x9010, 0xF4);
        machine.SetFlags(Flags.If | Flags.Tf | Flags.Cf);
        machine.State->PendingDebug = 0;
        Assert.Equal(VcpuStop.Halted, machine.Cpu.Run(10));
        CpuState* s = machine.State;
        Assert.Equal((0x0900, 0x9000UL, 0x11UL), (s->Cs.Selector, s->Cs.Base, s->Rip));
        Assert.Equal(0x0FFAUL, s->Gpr[Gpr.Rsp] & 0xFFFF);
        Assert.Equal(0x0303_0800_0002UL, machine.Read(0x1_0FFA) & 0xFFFF_FFFF_FFFF);
        Assert.Equal(0UL, s->SystemFlags & (Flags.If | Flags.Tf));
    }

    [Fact]
    public void Real_mode_IRET_comes_back()
    {
        using TrapMachine machine = Real(a =>
        {
            a.@int(0x21);
            a.inc(ax);
        });
        machine.Write((ulong)(0x21 * 4), 0x0900_0010);
        machine.Assemble(16, a => a.iret(), 0x9010, halt: false);
        Assert.Equal(VcpuStop.Halted, machine.Cpu.Run(10));
        Assert.Equal((0x0800, 1UL, 0x1000UL), (machine.State->Cs.Selector, machine.State->Gpr[Gpr.Rax], machine.State->Gpr[Gpr.Rsp]));
    }

    [Fact]
    public void Real_mode_addresses_beyond_64_KiB_are_GP_without_error_code_and_far_jumps_load_base_and_selector()
    {
        using TrapMachine machine = Real(a =>
        {
            a.mov(ebx, 0x10000);
            a.mov(al, __byte_ptr[ebx]);
        });
        machine.Write(13 * 4, 0x0900_0020);
        machine.Bytes(0x9020, 0xF4);
        Assert.Equal(VcpuStop.Halted, machine.Cpu.Run(10));
        Assert.Equal(0x21UL, machine.State->Rip);
        Assert.Equal(0x0FFAUL, machine.State->Gpr[Gpr.Rsp] & 0xFFFF);

        using TrapMachine jump = Real(a => a.jmp(0x0A00, 0x30));
        jump.Bytes(0xA030, 0xF4);
        Assert.Equal(VcpuStop.Halted, jump.Cpu.Run(10));
        Assert.Equal((0x0A00, 0xA000UL), (jump.State->Cs.Selector, jump.State->Cs.Base));
    }

    [Theory]
    [InlineData(0xE, false)]
    [InlineData(0xF, true)]
    public void A_32_bit_gate_to_the_same_level_pushes_three_doublewords(int type, bool keepsIf)
    {
        using TrapMachine machine = Protected(a => a.@int(0x80));
        Gate(machine, 0x80, 0x9000, type);
        machine.Bytes(0x9000, 0xF4);
        machine.SetFlags(Flags.If);
        Assert.Equal(VcpuStop.Halted, machine.Cpu.Run(10));
        CpuState* s = machine.State;
        Assert.Equal(TrapMachine.StackTop - 12, s->Gpr[Gpr.Rsp]);
        Assert.Equal(((ulong)TrapMachine.KernelCode32 << 32) | (TrapMachine.CodeStart + 2), machine.Read(s->Gpr[Gpr.Rsp]));
        Assert.Equal(Flags.If | Flags.Reserved1, machine.Read(s->Gpr[Gpr.Rsp] + 8) & 0xFFFF_FFFF);
        Assert.Equal(keepsIf, (s->SystemFlags & Flags.If) != 0);
    }

    [Fact]
    public void A_32_bit_gate_to_an_inner_level_takes_SS0_and_ESP0_and_IRETD_goes_back()
    {
        using TrapMachine machine = Protected(a => a.hlt());
        EnterRing3(machine, a =>
        {
            a.@int(0x80);
            a.inc(eax);
            a.ud2();
        });
        Gate(machine, 0x80, 0x9000, 0xE, dpl: 3);
        Gate(machine, 6, 0x9100, 0xE);
        machine.Assemble(32, a => a.iretd(), 0x9000, halt: false);
        machine.Bytes(0x9100, 0xF4);
        Assert.Equal(VcpuStop.Halted, machine.Cpu.Run(10));
        CpuState* s = machine.State;
        Assert.Equal(1UL, s->Gpr[Gpr.Rax]);
        ulong rsp = s->Gpr[Gpr.Rsp];
        Assert.Equal(TrapMachine.KernelStackTop - 20, rsp);
        Assert.Equal(TrapMachine.UserCodeStart + 3, machine.Read(rsp) & 0xFFFF_FFFF);
        Assert.Equal(((ulong)Ring3Data << 32) | TrapMachine.UserStackTop, machine.Read(rsp + 12));
        Assert.Equal(0, s->Cpl);
        Assert.Equal(TrapMachine.KernelData, s->Ss.Selector);
    }

    [Fact]
    public void A_call_gate_switches_stacks_and_copies_parameters()
    {
        using TrapMachine machine = Protected(a => a.hlt());
        EnterRing3(machine, a =>
        {
            a.push(0x11);
            a.push(0x22);
            a.call(0x4B, 0);
            a.ud2();
        });
        machine.Write(TrapMachine.Gdt + 0x48, CallGate(TrapMachine.KernelCode32, 0x9000, parameters: 2));
        machine.Assemble(32, a =>
        {
            a.mov(eax, __dword_ptr[esp + 8]);
            a.retf(8);
        }, 0x9000, halt: false);
        Gate(machine, 6, 0x9100, 0xE);
        machine.Bytes(0x9100, 0xF4);
        Assert.Equal(VcpuStop.Halted, machine.Cpu.Run(20));
        CpuState* s = machine.State;
        Assert.Equal(0x22UL, s->Gpr[Gpr.Rax]);

        // RETF 8 has released the parameters on both stacks.
        Assert.Equal(TrapMachine.UserStackTop, machine.Read(s->Gpr[Gpr.Rsp] + 12) & 0xFFFF_FFFF);
    }

    [Fact]
    public void A_segment_s_limit_and_type_are_checked()
    {
        using TrapMachine limit = Protected(a => a.mov(al, __byte_ptr[ebx]));
        limit.State->Ds.Limit = 0xFFF;
        limit.State->Gpr[Gpr.Rbx] = 0x1000;
        AssertFault(limit, 13, 0);

        using TrapMachine stack = Protected(a => a.mov(al, __byte_ptr[ebp]));
        stack.State->Ss.Limit = 0xFFF;
        stack.State->Gpr[Gpr.Rbp] = 0x1000;
        stack.State->Gpr[Gpr.Rsp] = 0x800;
        AssertFault(stack, 12, 0);

        using TrapMachine code = Protected(a => a.mov(__byte_ptr.cs[ebx], al));
        AssertFault(code, 13, 0);

        using TrapMachine unusable = Protected(a => a.mov(al, __byte_ptr.es[ebx]));
        unusable.State->Es = default;
        AssertFault(unusable, 13, 0);
    }

    [Fact]
    public void A_task_gate_and_a_TSS_are_refused()
    {
        using TrapMachine jump = Protected(a => a.jmp(TrapMachine.TssSelector, 0));
        AssertFault(jump, 13, TrapMachine.TssSelector);
        using TrapMachine gate = Protected(a => a.@int(0x80));
        Gate(gate, 0x80, 0, 5);
        AssertFault(gate, 13, 0x80 * 8 + 2);
    }

    private static void AssertFault(TrapMachine machine, int vector, ulong error)
    {
        Gate(machine, vector, 0x9000, 0xE);
        machine.Bytes(0x9000, 0xF4);
        Assert.Equal(VcpuStop.Halted, machine.Cpu.Run(20));
        Assert.Equal(0x9001UL, machine.State->Rip);
        Assert.Equal(error, machine.Read(machine.State->Gpr[Gpr.Rsp]) & 0xFFFF_FFFF);
    }

    private static TrapMachine Real(Action<Assembler> code)
    {
        var machine = new TrapMachine();
        CpuReset.PowerOn(machine.Core);
        CpuReset.StartUp(machine.Core, 8);
        machine.State->Ss.Selector = 0x1000;
        machine.State->Ss.Base = 0x1_0000;
        machine.State->Gpr[Gpr.Rsp] = 0x1000;
        machine.State->Gpr[Gpr.Rdx] = 0;
        machine.Assemble(16, code, 0x8000);
        return machine;
    }

    private static TrapMachine Protected(Action<Assembler> code)
    {
        var machine = new TrapMachine();
        CpuState* s = machine.State;
        s->Cr0 = ControlBits.Cr0Pe | ControlBits.Cr0Et;
        s->Cr4 = 0;
        s->Efer = 0;
        s->Cs = new SegmentRegister { Selector = TrapMachine.KernelCode32, Limit = uint.MaxValue, Attributes = 0xC09B };
        machine.Core.TranslationChanged();
        machine.Assemble(32, code, TrapMachine.CodeStart);
        s->IdtrLimit = 0x7FF;
        for (int vector = 0; vector < 256; vector++)
        {
            machine.Write(TrapMachine.Idt + (ulong)(8 * vector), 0);
        }

        // A 32-bit TSS: ESP0 at 4, SS0 at 8.
        machine.Write(TrapMachine.Tss + 4, TrapMachine.KernelStackTop | ((ulong)TrapMachine.KernelData << 32));
        return machine;
    }

    private static void EnterRing3(TrapMachine machine, Action<Assembler> code)
    {
        machine.Assemble(32, code, TrapMachine.UserCodeStart);
        CpuState* s = machine.State;
        s->Cs = new SegmentRegister { Selector = Ring3Code, Limit = uint.MaxValue, Attributes = 0xC0FB };
        s->Ss = s->Ds = s->Es = new SegmentRegister { Selector = Ring3Data, Limit = uint.MaxValue, Attributes = 0xC0F3 };
        s->Cpl = 3;
        s->Rip = TrapMachine.UserCodeStart;
        s->Gpr[Gpr.Rsp] = TrapMachine.UserStackTop;
        machine.Core.TranslationChanged();
    }

    private static void Gate(TrapMachine machine, int vector, uint handler, int type, int dpl = 0) =>
        machine.Write(
            TrapMachine.Idt + (ulong)(8 * vector),
            (handler & 0xFFFF) | ((ulong)TrapMachine.KernelCode32 << 16) | ((ulong)type << 40) | ((ulong)dpl << 45)
            | (1UL << 47) | ((ulong)(handler & 0xFFFF_0000) << 32));

    private static ulong CallGate(ushort selector, uint offset, int parameters) =>
        (offset & 0xFFFF) | ((ulong)selector << 16) | ((ulong)parameters << 32) | (0xECUL << 40)
        | ((ulong)(offset & 0xFFFF_0000) << 32);
}
