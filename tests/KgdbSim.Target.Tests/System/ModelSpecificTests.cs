using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>RDMSR and WRMSR, and time (SDM vol. 2 and 4).</summary>
public sealed unsafe class ModelSpecificTests
{
    [Theory]
    [InlineData(MsrNumber.Efer, 0xD01UL, true)]
    [InlineData(MsrNumber.Efer, 0x401UL, false)]
    [InlineData(MsrNumber.Efer, 0x2D01UL, false)]
    [InlineData(MsrNumber.LStar, 0xFFFF_8000_0000_0000UL, true)]
    [InlineData(MsrNumber.LStar, 0x8000_0000_0000UL, false)]
    [InlineData(MsrNumber.GsBase, 0x8000_0000_0000UL, false)]
    [InlineData(MsrNumber.KernelGsBase, 0x7FFF_FFFF_FFFFUL, true)]
    [InlineData(MsrNumber.SysenterEip, 0x8000_0000_0000UL, false)]
    [InlineData(MsrNumber.Pat, 0x0007_0406_0007_0406UL, true)]
    [InlineData(MsrNumber.Pat, 0x0002_0406_0007_0406UL, false)]
    [InlineData(MsrNumber.DebugCtl, 3UL, true)]
    [InlineData(MsrNumber.DebugCtl, 0x1_0000UL, false)]
    [InlineData(MsrNumber.TscAux, 0x1_0000_0000UL, false)]
    [InlineData(MsrNumber.MtrrDefType, 0xC06UL, true)]
    [InlineData(MsrNumber.MtrrCap, 0UL, false)]
    [InlineData(0x1234u, 0UL, false)]
    public void A_value_is_kept_or_refused_with_GP(uint number, ulong value, bool accepted)
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.wrmsr();
            a.rdmsr();
        });
        CpuState* s = machine.State;
        s->Gpr[Gpr.Rcx] = number;
        s->Gpr[Gpr.Rax] = (uint)value;
        s->Gpr[Gpr.Rdx] = value >> 32;
        if (!accepted)
        {
            Assert.Equal((13, TrapMachine.CodeStart), (machine.RunToTrap().Vector, machine.Read(s->Gpr[Gpr.Rsp] + 8)));
            return;
        }

        machine.RunToHalt();
        Assert.Equal(value, (s->Gpr[Gpr.Rdx] << 32) | s->Gpr[Gpr.Rax]);
    }

    [Fact]
    public void The_upper_halves_of_RAX_and_RCX_are_ignored_and_results_clear_them()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.rdmsr());
        machine.State->Gpr[Gpr.Rcx] = 0xFFFF_FFFF_0000_001B;
        machine.State->Gpr[Gpr.Rax] = machine.State->Gpr[Gpr.Rdx] = ulong.MaxValue;
        machine.RunToHalt();
        Assert.Equal((0xFEE0_0900UL, 0UL), (machine.State->Gpr[Gpr.Rax], machine.State->Gpr[Gpr.Rdx]));
    }

    [Theory]
    [InlineData("intel", false)]
    [InlineData("amd", true)]
    public void AMD_takes_its_performance_registers_and_Intel_knows_none(string model, bool accepted)
    {
        using TrapMachine machine = new TrapMachine(model: CpuModel.Find(model)).Load(a => a.wrmsr());
        machine.State->Gpr[Gpr.Rcx] = 0xC001_0004;
        if (accepted)
        {
            machine.RunToHalt();
            Assert.Equal(TrapMachine.CodeStart + 3, machine.State->Rip);
        }
        else
        {
            Assert.Equal(13, machine.RunToTrap().Vector);
        }
    }

    /// <summary>
    /// Intel's model tells of no counters (CPUID 0AH is all zero), so none may be named; AMD's have four always (APM vol. 2,
    /// 13.2.1), of which none has been told to count.
    /// </summary>
    [Theory]
    [InlineData("intel", 0, 0UL, 0UL, false)]
    [InlineData("intel", 0, 0x4000_0000UL, ControlBits.Cr4Pce, false)]
    [InlineData("amd", 0, 0UL, 0UL, true)]
    [InlineData("amd", 0, 3UL, 0UL, true)]
    [InlineData("amd", 0, 4UL, 0UL, false)]
    [InlineData("amd", 3, 3UL, 0UL, false)]
    [InlineData("amd", 3, 0xFFFF_FFFF_0000_0003UL, ControlBits.Cr4Pce, true)]
    [InlineData("amd", 3, 4UL, ControlBits.Cr4Pce, false)]
    public void RDPMC_needs_a_counter_and_CPL_0_or_PCE(string model, int cpl, ulong counter, ulong cr4, bool allowed)
    {
        void Code(Iced.Intel.Assembler a)
        {
            a.rdpmc();
            a.ud2();
        }

        using TrapMachine machine = new(model: CpuModel.Find(model));
        _ = cpl == 0 ? machine.Load(Code) : machine.EnterUser(Code);
        CpuState* s = machine.State;
        s->Cr4 |= cr4;
        s->Gpr[Gpr.Rcx] = counter;
        s->Gpr[Gpr.Rax] = s->Gpr[Gpr.Rdx] = ulong.MaxValue;
        Frame frame = machine.RunToTrap();
        ulong left = allowed ? 0 : ulong.MaxValue;
        Assert.Equal((allowed ? 6 : 13, left, left), (frame.Vector, s->Gpr[Gpr.Rax], s->Gpr[Gpr.Rdx]));
    }

    [Fact]
    public void They_need_CPL_0()
    {
        using TrapMachine read = new TrapMachine().EnterUser(a => a.rdmsr());
        Assert.Equal(13, read.RunToTrap().Vector);
        using TrapMachine write = new TrapMachine().EnterUser(a => a.wrmsr());
        Assert.Equal(13, write.RunToTrap().Vector);
    }

    [Fact]
    public void The_time_stamp_counter_counts_steps_exactly_in_the_middle_of_a_turn()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.nop();
            a.rdtsc();
            a.mov(ebx, eax);
            a.nop();
            a.nop();
            a.rdtscp();
        });
        machine.State->TscOffset = 1000;
        machine.State->TscAux = 7;
        machine.RunToHalt();
        Assert.Equal((1001UL, 1005UL, 7UL), (machine.State->Gpr[Gpr.Rbx], machine.State->Gpr[Gpr.Rax], machine.State->Gpr[Gpr.Rcx]));
    }

    [Fact]
    public void Writing_the_counter_or_its_adjustment_moves_it()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.mov(ecx, 0x10);
            a.mov(eax, 5000);
            a.xor(edx, edx);
            a.wrmsr();
            a.rdtsc();
            a.mov(ebx, eax);
            a.mov(ecx, 0x3B);
            a.rdmsr();
        });
        machine.RunToHalt();
        Assert.Equal((5001UL, 4997UL), (machine.State->Gpr[Gpr.Rbx], machine.State->Gpr[Gpr.Rax]));
    }

    [Theory]
    [InlineData(0UL, 6)]
    [InlineData(ControlBits.Cr4Tsd, 13)]
    public void TSD_takes_the_counter_from_users(ulong cr4, int vector)
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a =>
        {
            a.rdtsc();
            a.ud2();
        });
        machine.State->Cr4 |= cr4;
        Assert.Equal(vector, machine.RunToTrap().Vector);
    }

    [Fact]
    public void RDPID_reads_TSC_AUX()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.rdpid(rax));
        machine.State->TscAux = 42;
        machine.RunToHalt();
        Assert.Equal(42UL, machine.State->Gpr[Gpr.Rax]);
    }

    [Fact]
    public void RDPMC_finds_no_counter_on_Intel()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.rdpmc());
        Assert.Equal(13, machine.RunToTrap().Vector);
    }
}
