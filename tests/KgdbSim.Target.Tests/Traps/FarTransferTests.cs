using KgdbSim.Target.Cpu.Execute;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Traps;

/// <summary>Far JMP, CALL and RET and 64-bit call gates in long mode: SDM vol. 2, vol. 3, 5.8.</summary>
public sealed unsafe class FarTransferTests
{
    [Fact]
    public void A_far_jump_to_a_32_bit_segment_enters_compatibility_mode_and_one_back_leaves_it()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.jmp(__fword_ptr[TrapMachine.DataStart]));
        machine.Write(TrapMachine.DataStart, 0x9000 | ((ulong)TrapMachine.KernelCode32 << 32));
        machine.Assemble(32, a =>
        {
            a.db(0x40); // INC EAX here, a REX prefix in 64-bit mode
            a.jmp(TrapMachine.KernelCode, 0x9100);
        }, 0x9000);
        machine.Assemble(64, a => a.mov(rbx, 0x1_0000_0000), 0x9100);
        machine.RunToHalt();
        Assert.Equal((1UL, 0x1_0000_0000UL), (machine.State->Gpr[Gpr.Rax], machine.State->Gpr[Gpr.Rbx]));
        Assert.True(machine.State->Is64Bit);
    }

    [Fact]
    public void A_far_call_pushes_CS_and_RIP_and_a_far_return_takes_them_off()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.call(__fword_ptr[TrapMachine.DataStart]));
        machine.Write(TrapMachine.DataStart, 0x9000 | ((ulong)TrapMachine.KernelCode << 32));
        machine.Bytes(0x9000, 0x48, 0xCB);
        machine.Cpu.Run(1);
        ulong rsp = machine.State->Gpr[Gpr.Rsp];
        Assert.Equal(TrapMachine.StackTop - 8, rsp);
        Assert.Equal(((ulong)TrapMachine.KernelCode << 32) | (TrapMachine.CodeStart + 7), machine.Read(rsp));
    }

    [Fact]
    public void A_far_return_to_CPL_3_takes_the_stack_too()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.db(0x48, 0xCA, 0x10, 0x00));
        machine.Write(TrapMachine.StackTop, TrapMachine.UserCodeStart);
        machine.Write(TrapMachine.StackTop + 8, TrapMachine.UserCode);
        machine.Write(TrapMachine.StackTop + 32, TrapMachine.UserStackTop);
        machine.Write(TrapMachine.StackTop + 40, TrapMachine.UserData);
        machine.Cpu.Run(1);
        Assert.Equal((3, TrapMachine.UserCodeStart, TrapMachine.UserStackTop + 16),
            (machine.State->Cpl, machine.State->Rip, machine.State->Gpr[Gpr.Rsp]));
    }

    [Fact]
    public void A_64_bit_call_gate_goes_inward_on_RSP0_with_a_null_SS()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.call(__fword_ptr[TrapMachine.DataStart]));
        machine.Write(TrapMachine.DataStart, 0x4BUL << 32);
        machine.Write(TrapMachine.Gdt + 0x48, 0x9000 | ((ulong)TrapMachine.KernelCode << 16) | (0xECUL << 40));
        machine.Write(TrapMachine.Gdt + 0x50, 0);
        machine.Bytes(0x9000, 0xF4);
        machine.RunToHalt();
        ulong rsp = machine.State->Gpr[Gpr.Rsp];
        Assert.Equal(TrapMachine.KernelStackTop - 32, rsp);
        Assert.Equal(TrapMachine.UserCodeStart + 7, machine.Read(rsp));
        Assert.Equal((ulong)TrapMachine.UserCode, machine.Read(rsp + 8));
        Assert.Equal(TrapMachine.UserStackTop, machine.Read(rsp + 16));
        Assert.Equal((0, 0), (machine.State->Cpl, machine.State->Ss.Selector));
    }

    [Theory]
    [InlineData(0, 0UL)]
    [InlineData(TrapMachine.KernelData, 0x10UL)]
    [InlineData(TrapMachine.TssSelector, 0x40UL)]
    [InlineData(TrapMachine.UserCode, 0x20UL)]
    [InlineData(0xF8, 0xF8UL)]
    public void A_target_that_is_no_code_of_this_level_is_GP(int selector, ulong error)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.jmp(__fword_ptr[TrapMachine.DataStart]));
        machine.Write(TrapMachine.DataStart, 0x9000 | ((ulong)selector << 32));
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, error, TrapMachine.CodeStart), (frame.Vector, frame.ErrorCode, frame.Rip));
    }

    [Fact]
    public void Code_that_is_not_present_is_NP_and_code_both_long_and_32_bit_is_GP()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.jmp(__fword_ptr[TrapMachine.DataStart]));
        machine.Write(TrapMachine.DataStart, 0x9000 | (0x38UL << 32));
        machine.Write(TrapMachine.Gdt + 0x38, 0x00AF_1B00_0000_FFFF);
        Assert.Equal((11, 0x38UL), (machine.RunToTrap().Vector, machine.Read(machine.State->Gpr[Gpr.Rsp])));

        using TrapMachine both = new TrapMachine().Load(a => a.jmp(__fword_ptr[TrapMachine.DataStart]));
        both.Write(TrapMachine.DataStart, 0x9000 | (0x38UL << 32));
        both.Write(TrapMachine.Gdt + 0x38, 0x00EF_9B00_0000_FFFF);
        Assert.Equal((13, 0x38UL), (both.RunToTrap().Vector, both.Read(both.State->Gpr[Gpr.Rsp])));
    }
}
