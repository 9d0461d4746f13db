using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>
/// PAE paging's four page-directory-pointer entries are checked where MOV to CR0, CR3 or CR4 loads them (SDM vol. 3, 4.4.1,
/// table 4-8; APM vol. 3, "MOV CRn").
/// </summary>
public sealed unsafe class PointerTableTests
{
    private const uint Good = 0xB000;
    private const uint Other = 0xB020;
    private const ulong Directory = TrapMachine.Directory;

    [Theory]
    [InlineData(Directory | 1, true)]
    [InlineData(Directory | 0x19, true)]
    [InlineData(Directory | 0xE01, true)]
    [InlineData(0xFFF0_0000_0000_01E6, true)]
    [InlineData(Directory | 3, false)]
    [InlineData(Directory | 5, false)]
    [InlineData(Directory | 0x21, false)]
    [InlineData(Directory | 0x101, false)]
    [InlineData(Directory | 1 | (1UL << 46), false)]
    [InlineData(Directory | 1 | (1UL << 63), false)]
    public void MOV_CR3_takes_only_present_entries_without_reserved_bits(ulong entry, bool accepted)
    {
        for (int index = 0; index < 4; index++)
        {
            using TrapMachine machine = Paged(a => a.mov(cr3, eax));
            machine.State->Gpr[Gpr.Rax] = Other;
            machine.Write(Other, Directory | 1);
            machine.Write(Other + (8 * (ulong)index), index == 0 && (entry & 1) == 0 ? Directory | 1 : entry);
            Check(machine, accepted);
            Assert.Equal(accepted ? Other : Good, machine.State->Cr3);
        }
    }

    [Theory]
    [InlineData(ControlBits.Cr4Pge, false)]
    [InlineData(ControlBits.Cr4De, true)]
    public void MOV_CR4_looks_where_it_changes_what_paging_goes_by(ulong bit, bool accepted)
    {
        using TrapMachine machine = Paged(a => a.mov(cr4, eax));
        machine.Write(Good + 24, Directory | 3);
        machine.State->Gpr[Gpr.Rax] = machine.State->Cr4 ^ bit;
        Check(machine, accepted);
        Assert.Equal(ControlBits.Cr4Pae | (accepted ? bit : 0), machine.State->Cr4);
    }

    [Fact]
    public void MOV_CR0_looks_where_it_turns_paging_on()
    {
        using TrapMachine machine = Paged(a => a.mov(cr0, eax));
        machine.State->Gpr[Gpr.Rax] = machine.State->Cr0;
        machine.State->Cr0 &= ~ControlBits.Cr0Pg;
        machine.Core.TranslationChanged();
        machine.Write(Good + 24, Directory | 3);
        Check(machine, accepted: false);
        Assert.Equal(0UL, machine.State->Cr0 & ControlBits.Cr0Pg);
    }

    /// <summary>32-bit code with PAE paging, the first GiB mapped onto itself.</summary>
    private static TrapMachine Paged(Action<Iced.Intel.Assembler> code)
    {
        var machine = new TrapMachine();
        CpuState* s = machine.State;
        machine.Write(Good, Directory | 1);
        s->Efer = 0;
        s->Cr4 = ControlBits.Cr4Pae;
        s->Cr3 = Good;
        s->Cs = new SegmentRegister { Selector = TrapMachine.KernelCode32, Limit = uint.MaxValue, Attributes = 0xC09B };
        s->IdtrLimit = 0x7FF;
        const ulong interruptGate32 = 0x8E00_0000_0000 | ((ulong)TrapMachine.KernelCode32 << 16);
        machine.Write(TrapMachine.Idt + (13 * 8), interruptGate32 | TrapMachine.Handler(13));
        machine.Core.TranslationChanged();
        machine.Assemble(32, code, TrapMachine.CodeStart);
        return machine;
    }

    private static void Check(TrapMachine machine, bool accepted)
    {
        machine.RunToHalt();
        ulong halted = machine.State->Rip - 1;
        if (accepted)
        {
            Assert.Equal(TrapMachine.CodeStart + 3, halted);
        }
        else
        {
            Assert.Equal((TrapMachine.Handler(13), TrapMachine.CodeStart), (halted, machine.Read(machine.State->Gpr[Gpr.Rsp] + 4) & uint.MaxValue));
        }
    }
}
