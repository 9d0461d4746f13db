using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>SYSCALL, SYSRET, SYSENTER, SYSEXIT, SWAPGS, FS and GS bases (SDM vol. 2; APM vol. 3).</summary>
public sealed unsafe class SystemCallTests
{
    private const ulong Entry = 0xA000;

    [Fact]
    public void SYSCALL_enters_the_kernel_and_SYSRET_comes_back()
    {
        using TrapMachine machine = Calling(a =>
        {
            a.syscall();
            a.ud2();
        });
        machine.Assemble(64, a =>
        {
            a.mov(rbx, rcx);
            a.mov(rdx, r11);
            a.sysretq();
        }, Entry, halt: false);
        machine.SetFlags(Flags.If | Flags.Cf | Flags.Df);
        machine.Cpu.Run(1);
        CpuState* s = machine.State;
        Assert.Equal((Entry, 0), (s->Rip, s->Cpl));
        Assert.Equal((0x08, 0x10), (s->Cs.Selector, s->Ss.Selector));
        Assert.Equal(Flags.Cf | Flags.Reserved1, s->Rflags);
        Assert.Equal((TrapMachine.UserCodeStart + 2, Flags.If | Flags.Cf | Flags.Df | Flags.Reserved1), (s->Gpr[Gpr.Rcx], s->Gpr[11]));
        Frame frame = machine.RunToTrap();
        Assert.Equal((6, TrapMachine.UserCodeStart + 2), (frame.Vector, frame.Rip));
        Assert.Equal((0x33UL, 0x2BUL), (frame.Cs, frame.Ss));
        Assert.Equal(Flags.If | Flags.Cf | Flags.Df | Flags.Reserved1 | Flags.Rf, frame.Flags);
    }

    [Fact]
    public void SYSCALL_does_not_exist_without_SCE()
    {
        using TrapMachine machine = Calling(a => a.syscall());
        machine.State->Efer &= ~ControlBits.EferSce;
        Assert.Equal(6, machine.RunToTrap().Vector);
    }

    [Fact]
    public void SYSCALL_that_clears_TF_is_not_stepped_and_SYSRET_that_sets_it_is()
    {
        using TrapMachine machine = Calling(a =>
        {
            a.syscall();
            a.nop();
        });
        machine.Assemble(64, a => a.sysretq(), Entry, halt: false);
        machine.State->SFMask |= Flags.Tf;
        machine.SetFlags(Flags.Tf);
        Frame frame = machine.RunToTrap();
        Assert.Equal((1, TrapMachine.UserCodeStart + 2), (frame.Vector, frame.Rip));
        Assert.Equal(Dr6Bits.Fixed | Dr6Bits.SingleStep, machine.State->Dr6);
        Assert.Equal(3UL, frame.Cs & 3);
    }

    [Theory]
    [InlineData("intel", 13, TrapMachine.CodeStart, 0UL)]
    [InlineData("amd", 13, 0x0080_0000_0000_0000UL, 3UL)]
    public void SYSRET_to_a_non_canonical_address_faults_at_CPL_0_on_Intel_and_at_CPL_3_on_AMD(
        string model, int vector, ulong rip, ulong level)
    {
        using TrapMachine machine = new TrapMachine(model: CpuModel.Find(model)).Load(a => a.sysretq());
        machine.State->Star = 0x0023UL << 48;
        machine.State->Gpr[Gpr.Rcx] = 0x0080_0000_0000_0000;
        Frame frame = machine.RunToTrap();
        Assert.Equal((vector, rip, level), (frame.Vector, frame.Rip, frame.Cs & 3));
    }

    [Theory]
    [InlineData("intel", 6)]
    [InlineData("amd", -1)]
    public void SYSCALL_in_compatibility_mode_is_AMD_s_alone(string model, int vector)
    {
        using TrapMachine machine = Calling(a => a.syscall(), model);
        machine.State->Cs = new SegmentRegister { Selector = TrapMachine.UserCode32, Limit = uint.MaxValue, Attributes = 0xC0FB };
        machine.Core.TranslationChanged();
        machine.State->CStar = 0xB000;
        machine.Bytes(0xB000, 0xF4);
        machine.RunToHalt();
        Assert.Equal(vector < 0 ? 0xB001UL : TrapMachine.Handler(6) + 1, machine.State->Rip);
    }

    [Fact]
    public void SYSENTER_and_SYSEXIT_work_in_long_mode_on_Intel()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.sysenter());
        machine.State->SysenterCs = 0x08;
        machine.State->SysenterEip = Entry;
        machine.State->SysenterEsp = 0x12_0000;
        machine.Assemble(64, a => a.sysexitq(), Entry, halt: false);
        machine.SetFlags(Flags.If);
        machine.Cpu.Run(1);
        CpuState* s = machine.State;
        Assert.Equal((Entry, 0x12_0000UL, 0UL, 0), (s->Rip, s->Gpr[Gpr.Rsp], s->SystemFlags & Flags.If, s->Cpl));
        s->Gpr[Gpr.Rcx] = TrapMachine.UserStackTop;
        s->Gpr[Gpr.Rdx] = TrapMachine.UserCodeStart;
        machine.Cpu.Run(1);
        Assert.Equal((3, 0x2B, 0x33), (s->Cpl, s->Cs.Selector, s->Ss.Selector));
        Assert.Equal(TrapMachine.UserStackTop, s->Gpr[Gpr.Rsp]);
    }

    [Fact]
    public void SYSENTER_with_no_segment_is_GP_and_on_AMD_in_long_mode_undefined()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.sysenter());
        Assert.Equal(13, machine.RunToTrap().Vector);
        using TrapMachine amd = new TrapMachine(model: CpuModel.Find("amd")).EnterUser(a => a.sysenter());
        amd.State->SysenterCs = 8;
        Assert.Equal(6, amd.RunToTrap().Vector);
    }

    [Fact]
    public void SWAPGS_exchanges_bases_at_CPL_0()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.swapgs();
            a.mov(rax, __qword_ptr.gs[8]);
        });
        machine.State->KernelGsBase = TrapMachine.DataStart;
        machine.Write(TrapMachine.DataStart + 8, 0x77);
        machine.RunToHalt();
        Assert.Equal((0x77UL, 0UL), (machine.State->Gpr[Gpr.Rax], machine.State->KernelGsBase));
        using TrapMachine user = new TrapMachine().EnterUser(a => a.swapgs());
        Assert.Equal(13, user.RunToTrap().Vector);
    }

    [Fact]
    public void Base_instructions_need_CR4_FSGSBASE_and_a_canonical_address()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a =>
        {
            a.wrfsbase(rax);
            a.rdfsbase(rbx);
            a.wrgsbase(ecx);
            a.rdgsbase(edx);
            a.ud2();
        });
        Assert.Equal(6, machine.RunToTrap().Vector);
        Assert.Equal(0UL, machine.State->Fs.Base);

        machine.EnterUser(a =>
        {
            a.wrfsbase(rax);
            a.rdfsbase(rbx);
            a.wrgsbase(ecx);
            a.rdgsbase(edx);
            a.wrfsbase(rsi);
        });
        CpuState* s = machine.State;
        s->Cr4 |= ControlBits.Cr4FsGsBase;
        s->Gpr[Gpr.Rax] = 0x1234_5678_9A;
        s->Gpr[Gpr.Rcx] = 0xFFFF_FFFF_8765_4321;
        s->Gpr[Gpr.Rsi] = 0x0080_0000_0000_0000;
        Assert.Equal(13, machine.RunToTrap().Vector);
        Assert.Equal((0x1234_5678_9AUL, 0x8765_4321UL), (s->Gpr[Gpr.Rbx], s->Gpr[Gpr.Rdx]));
    }

    private static TrapMachine Calling(Action<Iced.Intel.Assembler> code, string model = "intel")
    {
        TrapMachine machine = new TrapMachine(model: CpuModel.Find(model)).EnterUser(code);
        machine.State->Star = (0x0023UL << 48) | (0x0008UL << 32);
        machine.State->LStar = Entry;
        machine.State->SFMask = Flags.If | Flags.Df;
        return machine;
    }
}
