using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>IN, OUT, INS, OUTS and who may use them (SDM vol. 1, chapter 19); MONITOR and MWAIT.</summary>
public sealed unsafe class InputOutputTests
{
    [Fact]
    public void Each_width_writes_its_part_of_the_accumulator()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.mov(rax, -1);
            a.@in(al, 0x60);
            a.mov(rbx, rax);
            a.mov(rax, -1);
            a.@in(ax, dx);
            a.mov(rcx, rax);
            a.mov(rax, -1);
            a.@in(eax, dx);
            a.@out(dx, ax);
            a.@out(0x80, al);
        });
        CpuState* s = machine.State;
        s->Gpr[Gpr.Rdx] = 0;
        machine.RunToHalt();
        Assert.Equal(
            (0xFFFF_FFFF_FFFF_FFA5, 0xFFFF_FFFF_FFFF_A5A5, 0xA5A5_A5A5UL),
            (s->Gpr[Gpr.Rbx], s->Gpr[Gpr.Rcx], s->Gpr[Gpr.Rax]));
        Assert.Equal([((ushort)0, 2, 0xA5A5u), ((ushort)0x80, 1, 0xA5u)], machine.Written);
    }

    [Fact]
    public void Repeated_OUTS_and_INS_move_strings()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.rep.outsw();
            a.mov(ecx, 2);
            a.rep.insd();
        });
        CpuState* s = machine.State;
        machine.Write(TrapMachine.DataStart, 0x3333_2222_1111);
        s->Gpr[Gpr.Rcx] = 3;
        s->Gpr[Gpr.Rdx] = 0x123;
        s->Gpr[Gpr.Rsi] = TrapMachine.DataStart;
        s->Gpr[Gpr.Rdi] = TrapMachine.DataStart + 0x100;
        machine.RunToHalt();
        Assert.Equal([0x1111u, 0x2222, 0x3333], machine.Written.Select(w => w.Value));
        Assert.Equal(0xA5A5_A5A5_A5A5_A5A5, machine.Read(TrapMachine.DataStart + 0x100));
        Assert.Equal((TrapMachine.DataStart + 6, TrapMachine.DataStart + 0x108, 0UL), (s->Gpr[Gpr.Rsi], s->Gpr[Gpr.Rdi], s->Gpr[Gpr.Rcx]));
    }

    [Theory]
    [InlineData(3, 0xFF, 6)]
    [InlineData(0, 0xFF, 13)]
    [InlineData(0, 0x00, 6)]
    [InlineData(0, 0x02, 13)]
    public void At_CPL_3_IOPL_or_the_permission_map_decides(int iopl, int map, int vector)
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a =>
        {
            a.@out(0x80, ax);
            a.ud2();
        });
        machine.State->Tr.Limit = 0x67 + 0x20;
        machine.Write(TrapMachine.Tss + 0x60, 0x68UL << 48);
        machine.Bytes(TrapMachine.Tss + 0x68 + 0x10, (byte)map, 0);
        machine.SetFlags((ulong)iopl << 12);
        Assert.Equal(vector, machine.RunToTrap().Vector);
        Assert.Equal(vector == 6 ? 1 : 0, machine.Written.Count);
    }

    [Fact]
    public void A_map_beyond_the_TSS_s_limit_allows_nothing()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.@in(al, 0x60));
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0UL), (frame.Vector, frame.ErrorCode));
    }

    [Theory]
    [InlineData(0xFA)]
    [InlineData(0xFB)]
    public void CLI_and_STI_need_IOPL(int opcode)
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.db((byte)opcode, 0x0F, 0x0B));
        Assert.Equal(13, machine.RunToTrap().Vector);
        machine.EnterUser(a => a.db((byte)opcode, 0x0F, 0x0B));
        machine.SetFlags(Flags.Iopl);
        Assert.Equal(6, machine.RunToTrap().Vector);
    }

    [Fact]
    public void HLT_needs_CPL_0()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.hlt());
        Assert.Equal(13, machine.RunToTrap().Vector);
    }

    [Fact]
    public void MWAIT_waits_until_the_monitored_line_changes()
    {
        using TrapMachine machine = new TrapMachine(cpus: 2).Load(a =>
        {
            a.mov(rax, TrapMachine.DataStart + 8);
            a.xor(ecx, ecx);
            a.xor(edx, edx);
            a.monitor();
            a.mwait();
            a.inc(rbx);
        });
        machine.RunToHalt();
        Assert.Equal(0UL, machine.State->Gpr[Gpr.Rbx]);
        Assert.False(machine.Cpu.Runnable);
        machine.Write(TrapMachine.DataStart + 64, 1);
        Assert.False(machine.Cpu.Runnable);
        machine.Write(TrapMachine.DataStart + 48, 1);
        Assert.True(machine.Cpu.Runnable);
        machine.RunToHalt();
        Assert.Equal(1UL, machine.State->Gpr[Gpr.Rbx]);
    }

    [Fact]
    public void MWAIT_does_not_wait_when_the_line_has_changed_or_none_is_monitored()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.mov(rax, TrapMachine.DataStart);
            a.xor(ecx, ecx);
            a.xor(edx, edx);
            a.mwait();
            a.monitor();
            a.mov(__dword_ptr[rax], 1);
            a.mwait();
            a.inc(rbx);
        });
        machine.RunToHalt();
        Assert.Equal(1UL, machine.State->Gpr[Gpr.Rbx]);
    }
}
