using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Tests.Traps;

/// <summary>IRETQ in 64-bit mode: SDM vol. 2, "IRET/IRETD/IRETQ".</summary>
public sealed unsafe class InterruptReturnTests
{
    [Fact]
    public void Goes_to_CPL_3_with_stack_and_flags_and_drops_what_the_user_must_not_have()
    {
        using TrapMachine machine = Returning(
            TrapMachine.UserCodeStart,
            TrapMachine.UserCode,
            Flags.If | Flags.Cf,
            TrapMachine.UserStackTop,
            TrapMachine.UserData);
        machine.Cpu.Run(1);
        CpuState* s = machine.State;
        Assert.Equal(3, s->Cpl);
        Assert.Equal(TrapMachine.UserCodeStart, s->Rip);
        Assert.Equal(TrapMachine.UserStackTop, s->Gpr[Gpr.Rsp]);
        Assert.Equal(Flags.If | Flags.Cf | Flags.Reserved1, s->Rflags);
        Assert.Equal(TrapMachine.UserData, s->Ss.Selector);

        // DS held a DPL 0 segment.
        Assert.Equal(0, s->Ds.Selector);
        Assert.True(s->Ds.Unusable);
    }

    [Fact]
    public void Pops_the_stack_even_to_the_same_level()
    {
        using TrapMachine machine = Returning(TrapMachine.CodeStart + 0x100, TrapMachine.KernelCode, 0, 0x123450, 0);
        machine.Cpu.Run(1);
        Assert.Equal(0x123450UL, machine.State->Gpr[Gpr.Rsp]);
        Assert.True(machine.State->Ss.Unusable);
    }

    [Fact]
    public void Loads_RF_which_lasts_one_instruction()
    {
        using TrapMachine machine = Returning(
            TrapMachine.CodeStart + 0x100, TrapMachine.KernelCode, Flags.Rf, 0x123450, TrapMachine.KernelData);
        machine.Bytes(TrapMachine.CodeStart + 0x100, 0x90, 0x90);
        machine.Cpu.Run(1);
        Assert.NotEqual(0UL, machine.State->SystemFlags & Flags.Rf);
        machine.Cpu.Run(1);
        Assert.Equal(0UL, machine.State->SystemFlags & Flags.Rf);
    }

    [Theory]
    [InlineData(0, 0, 0UL)]
    [InlineData(TrapMachine.KernelData, TrapMachine.KernelData, 0x10UL)]
    [InlineData(TrapMachine.UserCode, 0, 0UL)]
    [InlineData(TrapMachine.UserCode, TrapMachine.KernelData, 0x10UL)]
    [InlineData(TrapMachine.KernelCode, TrapMachine.UserData, 0x28UL)]
    [InlineData(0xF8, TrapMachine.KernelData, 0xF8UL)]
    public void A_selector_that_does_not_fit_is_GP_and_nothing_has_changed(int code, int stack, ulong error)
    {
        using TrapMachine machine = Returning(TrapMachine.CodeStart, (ushort)code, 0, 0x123450, (ushort)stack);
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, error), (frame.Vector, frame.ErrorCode));
        Assert.Equal((TrapMachine.CodeStart, TrapMachine.StackTop), (frame.Rip, frame.Rsp));
        Assert.Equal((ulong)TrapMachine.KernelCode, frame.Cs);
    }

    [Fact]
    public void A_non_canonical_target_is_GP_at_the_IRET()
    {
        using TrapMachine machine = Returning(
            0x0080_0000_0000_0000, TrapMachine.UserCode, 0, 0x123450, TrapMachine.UserData);
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0UL, TrapMachine.CodeStart), (frame.Vector, frame.ErrorCode, frame.Rip));
    }

    [Fact]
    public void NT_is_GP_in_long_mode()
    {
        using TrapMachine machine = Returning(TrapMachine.CodeStart, TrapMachine.KernelCode, 0, 0x123450, 0);
        machine.SetFlags(Flags.Nt);
        Assert.Equal(13, machine.RunToTrap().Vector);
    }

    [Theory]
    [InlineData(0, 0x3000UL)]
    [InlineData(3, 0x3200UL)]
    public void From_CPL_3_neither_IOPL_nor_without_it_IF_changes(int iopl, ulong expected)
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.iretq());
        Frame(
            machine,
            TrapMachine.UserStackTop,
            TrapMachine.UserCodeStart,
            TrapMachine.UserCode,
            Flags.If | Flags.Vif,
            TrapMachine.UserStackTop,
            TrapMachine.UserData);
        machine.SetFlags((ulong)iopl << 12);
        machine.Cpu.Run(1);
        Assert.Equal((ulong)iopl << 12, machine.State->SystemFlags & Flags.Iopl);
        Assert.Equal(expected & Flags.If, machine.State->SystemFlags & Flags.If);
        Assert.Equal(0UL, machine.State->SystemFlags & Flags.Vif);
    }

    [Fact]
    public void A_page_fault_on_the_frame_leaves_everything_as_it_was()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.iretq());
        machine.Write(TrapMachine.DirectoryPointers + 16, 0);
        machine.State->Gpr[Gpr.Rsp] = 0x8000_0000 - 16;
        machine.Write(TrapMachine.Tss + 36, 0x50_0000);
        machine.Gate(14, TrapMachine.Handler(14), ist: 1);
        Frame frame = machine.RunToTrap();
        Assert.Equal((14, TrapMachine.CodeStart, 0x8000_0000UL - 16), (frame.Vector, frame.Rip, frame.Rsp));
    }

    private static TrapMachine Returning(ulong rip, ushort cs, ulong flags, ulong rsp, ushort ss)
    {
        TrapMachine machine = new TrapMachine().Load(a => a.iretq());
        Frame(machine, TrapMachine.StackTop, rip, cs, flags, rsp, ss);
        return machine;
    }

    private static void Frame(TrapMachine machine, ulong at, ulong rip, ushort cs, ulong flags, ulong rsp, ushort ss)
    {
        machine.Write(at, rip);
        machine.Write(at + 8, cs);
        machine.Write(at + 16, flags | Flags.Reserved1);
        machine.Write(at + 24, rsp);
        machine.Write(at + 32, ss);
    }
}
