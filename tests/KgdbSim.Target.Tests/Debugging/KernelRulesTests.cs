using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Debugging;

/// <summary>Rules of debug registers that only CPL 0 sees: SDM vol. 3, 18.2 and 18.3, and two emulators.</summary>
public sealed unsafe class KernelRulesTests
{
    private const ulong Data = DebugMachine.Data;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(4)]
    [InlineData(5)]
    public void General_detect_catches_every_MOV_DR_either_way_and_is_cleared_by_the_trap(int number)
    {
        foreach (byte opcode in (byte[])[0x21, 0x23])
        {
            using DebugMachine machine = new DebugMachine().Load(a => a.db(0x0F, opcode, (byte)(0xC0 | (number << 3))));
            machine.State->Gpr[Gpr.Rax] = 0x400;
            machine.State->Dr7 = Dr7Bits.Fixed | Dr7Bits.Gd;
            Frame frame = machine.Machine.RunToTrap();
            Assert.Equal((1, DebugMachine.Start), (frame.Vector, frame.Rip));
            Assert.Equal(Dr6Bits.Fixed | Dr6Bits.GeneralDetect, machine.State->Dr6);
            Assert.Equal(Dr7Bits.Fixed, machine.State->Dr7);
        }
    }

    [Fact]
    public void Any_debug_exception_clears_general_detect_and_a_software_INT_1_does_not()
    {
        using DebugMachine machine = new DebugMachine().Load(a => a.db(0xF1));
        machine.State->Dr7 = Dr7Bits.Fixed | Dr7Bits.Gd;
        machine.Machine.RunToTrap();
        Assert.Equal(Dr7Bits.Fixed, machine.State->Dr7);

        using DebugMachine software = new DebugMachine().Load(a => a.@int(1));
        software.State->Dr7 = Dr7Bits.Fixed | Dr7Bits.Gd;
        software.Machine.RunToTrap();
        Assert.Equal(Dr7Bits.Fixed | Dr7Bits.Gd, software.State->Dr7);
        Assert.Equal(Dr6Bits.Fixed, software.State->Dr6);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void DR4_and_DR5_are_undefined_with_CR4_DE_before_general_detect(int number)
    {
        using DebugMachine machine = new DebugMachine().Load(a => a.db(0x0F, 0x21, (byte)(0xC0 | (number << 3))));
        machine.State->Cr4 |= ControlBits.Cr4De;
        machine.State->Dr7 = Dr7Bits.Fixed | Dr7Bits.Gd;
        Assert.Equal(6, machine.Machine.RunToTrap().Vector);
    }

    [Theory]
    [InlineData(6, 0x1_0000_0000UL, true)]
    [InlineData(7, 0x8000_0000_0000_0400UL, true)]
    [InlineData(0, 0x8000_0000_0000_0000UL, false)]
    public void Upper_bits_of_DR6_and_DR7_are_GP_and_addresses_may_be_anything(int number, ulong value, bool faults)
    {
        using DebugMachine machine = new DebugMachine().Load(a => a.db(0x0F, 0x23, (byte)(0xC0 | (number << 3))));
        machine.State->Gpr[Gpr.Rax] = value;
        DebugEvent[] events = machine.Run();
        Assert.Equal(faults ? [13] : [], events.Select(e => e.Vector));
        if (!faults)
        {
            Assert.Equal(value, machine.State->Dr[number]);
        }
    }

    [Fact]
    public void MOV_DR_needs_CPL_0()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.mov(rax, dr0));
        machine.State->Dr7 |= Dr7Bits.Gd;
        Assert.Equal(13, machine.RunToTrap().Vector);
    }

    [Theory]
    [InlineData(6, 0UL, 0xFFFF_0FF0UL)]
    [InlineData(6, 0xFFFF_FFFFUL, 0xFFFF_EFFFUL)]
    [InlineData(7, 0UL, 0x400UL)]
    [InlineData(7, 0xFFFF_DFFFUL, 0xFFFF_0FFFUL)]
    public void DR6_and_DR7_read_their_fixed_bits(int number, ulong written, ulong read)
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.db(0x0F, 0x23, (byte)(0xC0 | (number << 3)));
            a.db(0x0F, 0x21, (byte)(0xC1 | (number << 3)));
        });
        machine.State->Gpr[Gpr.Rax] = written;
        machine.Machine.Cpu.Run(2);
        Assert.Equal(read, machine.State->Gpr[Gpr.Rcx]);
    }

    [Theory]
    [InlineData(0x80, 1, 0x80, 1, true)]
    [InlineData(0x80, 1, 0x81, 1, false)]
    [InlineData(0x7F, 2, 0x80, 1, true)]
    [InlineData(0x80, 1, 0x81, 2, true)]
    [InlineData(0x84, 4, 0x83, 4, false)]
    public void An_IO_breakpoint_traps_behind_IN_and_OUT_to_an_overlapping_port(int port, int size, int watched, int length, bool hit)
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(edx, port);
            switch (size)
            {
                case 1:
                    a.@out(dx, al);
                    break;
                case 2:
                    a.@out(dx, ax);
                    break;
                default:
                    a.@in(eax, dx);
                    break;
            }
        });
        machine.State->Cr4 |= ControlBits.Cr4De;
        machine.Set(0, (ulong)watched, Dr7Bits.InputOutput, length);
        int end = size == 2 ? 7 : 6;
        Assert.Equal(hit ? [new DebugEvent(1, end, 0xFFFF_0FF1)] : [], machine.Run());
    }

    [Fact]
    public void Repeated_OUTS_traps_after_each_iteration()
    {
        using DebugMachine machine = new DebugMachine().Load(a => a.rep.outsb());
        machine.State->Cr4 |= ControlBits.Cr4De;
        machine.State->Gpr[Gpr.Rcx] = 2;
        machine.State->Gpr[Gpr.Rdx] = 0x80;
        machine.State->Gpr[Gpr.Rsi] = Data;
        machine.Set(0, 0x80, Dr7Bits.InputOutput);
        Assert.Equal([0L, 2L], machine.Run().Select(e => e.Offset));
        Assert.Equal(2, machine.Machine.Written.Count);
    }

    [Fact]
    public void BTF_steps_taken_branches_only_and_is_cleared_by_the_trap()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            Iced.Intel.Label target = a.CreateLabel();
            a.xor(eax, eax);
            a.jnz(target);
            a.nop();
            a.jz(target);
            a.nop();
            a.Label(ref target);
            a.nop();
        }).WithFlags(Flags.Tf);
        machine.State->DebugCtl = DebugCtlBits.Btf;
        Assert.Equal([new DebugEvent(1, 8, 0xFFFF_4FF0)], machine.Run(1));
        Assert.Equal(0UL, machine.State->DebugCtl);
    }

    [Fact]
    public void B0_to_B3_tell_of_the_last_exception_and_BS_stays_until_software_clears_it()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.mov(__byte_ptr[Data], cl);
            a.nop();
        });
        machine.State->Dr[0] = Data;
        machine.State->Dr7 = 0x1_0402;
        machine.Core.Debug.RegistersChanged();
        machine.State->Dr6 = Dr6Bits.Fixed | Dr6Bits.SingleStep | 0xC;
        machine.RunToTrap();
        Assert.Equal(Dr6Bits.Fixed | Dr6Bits.SingleStep | 1, machine.State->Dr6);
    }

    [Fact]
    public void Debug_registers_are_a_processor_s_own()
    {
        using var machine = new TrapMachine(cpus: 2);
        machine.Enter64(machine[1].Core);
        machine.State->Dr[0] = Data;
        machine.State->Dr7 = 0x1_0402;
        machine.Core.Debug.RegistersChanged();
        machine.Assemble(64, a => a.mov(__byte_ptr[Data], cl), TrapMachine.CodeStart);
        Assert.Equal(KgdbSim.Target.Machine.VcpuStop.Halted, machine[1].Run(10));
        Assert.Equal(TrapMachine.CodeStart + 8, machine[1].Core.State->Rip);
        Assert.Equal(0x400UL, machine[1].Core.State->Dr7);
        Assert.Equal(0UL, machine.State->PendingDebug);
        Assert.Equal(1, machine.RunToTrap().Vector);
    }

    [Fact]
    public void INIT_resets_the_debug_registers()
    {
        using var machine = new TrapMachine();
        machine.State->Dr[2] = 5;
        machine.State->Dr6 = 0;
        machine.State->Dr7 = 0xFFFF;
        CpuReset.Init(machine.Core);
        Assert.Equal((0UL, 0xFFFF_0FF0UL, 0x400UL), (machine.State->Dr[2], machine.State->Dr6, machine.State->Dr7));
    }

    [Fact]
    public void An_execution_breakpoint_switched_off_and_on_again_holds_and_off_it_is_not_met()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            Iced.Intel.Label loop = a.CreateLabel();
            a.Label(ref loop);
            a.inc(ebx);
            a.inc(ebx);
            a.dec(ecx);
            a.jnz(loop);
        });
        CpuState* s = machine.State;
        for (int round = 0; round < 3; round++)
        {
            foreach (bool on in (bool[])[true, false])
            {
                s->Dr[0] = DebugMachine.Start + 2;
                s->Dr7 = on ? 0x402UL : 0x400;
                machine.Machine.Core.Debug.RegistersChanged();
                s->Gpr[Gpr.Rcx] = 5;
                s->Gpr[Gpr.Rbx] = 0;
                s->Rip = DebugMachine.Start;
                s->Activity = ActivityState.Running;
                Assert.Equal(on ? 5 : 0, machine.Run().Length);
                Assert.Equal(10UL, s->Gpr[Gpr.Rbx]);
            }
        }
    }
}
