using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Debugging;

/// <summary>
/// The twelve rules of debug exceptions that were measured on a real processor (AMD Zen 4, 5,419 cases), one test or
/// more each. The recordings themselves are run by <see cref="RecordedDebugTests"/>.
/// </summary>
public sealed unsafe class MeasuredRulesTests
{
    private const ulong Data = DebugMachine.Data;
    private const ulong B0 = 0xFFFF_0FF1;
    private const ulong Bs = 0xFFFF_4FF0;
    private static readonly CpuModel Amd = CpuModel.Find("amd")!;

    [Theory]
    [InlineData(-8, 8, false)]
    [InlineData(-7, 8, true)]
    [InlineData(3, 1, true)]
    [InlineData(4, 1, false)]
    [InlineData(-1, 2, true)]
    [InlineData(-2, 2, false)]
    public void Rule_1_a_data_watch_hits_iff_the_ranges_overlap(int offset, int size, bool hit)
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(rbx, Data + (ulong)(long)offset);
            switch (size)
            {
                case 1:
                    a.mov(__byte_ptr[rbx], al);
                    break;
                case 2:
                    a.mov(__word_ptr[rbx], ax);
                    break;
                default:
                    a.mov(__qword_ptr[rbx], rax);
                    break;
            }
        }).Write(0, Data, 4);
        Assert.Equal(hit ? 1 : 0, machine.Run().Count(e => e.Dr6 == B0));
    }

    [Fact]
    public void Rule_1_a_write_watch_ignores_reads_and_the_trap_comes_behind_the_instruction()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(ecx, __dword_ptr[Data]);
            a.mov(__dword_ptr[Data], ecx);
            a.nop();
        }).Write(0, Data, 4);
        Assert.Equal([new DebugEvent(1, 14, B0)], machine.Run());

        using DebugMachine both = new DebugMachine().Load(a =>
        {
            a.mov(ecx, __dword_ptr[Data]);
            a.mov(__dword_ptr[Data], ecx);
        }).Access(0, Data, 4);
        Assert.Equal([new DebugEvent(1, 7, B0), new DebugEvent(1, 14, B0)], both.Run());
    }

    [Fact]
    public void Rule_1_an_access_across_pages_hits_on_either_page()
    {
        using DebugMachine machine = new DebugMachine().Load(a => a.mov(__qword_ptr[Data + 0xFFC], rcx)).Write(0, Data + 0x1003);
        Assert.Single(machine.Run());
        using DebugMachine before = new DebugMachine().Load(a => a.mov(__qword_ptr[Data + 0xFFC], rcx)).Write(0, Data + 0xFFC);
        Assert.Single(before.Run());
        using DebugMachine behind = new DebugMachine().Load(a => a.mov(__qword_ptr[Data + 0xFFC], rcx)).Write(0, Data + 0x1004);
        Assert.Empty(behind.Run());
    }

    [Fact]
    public void Rule_2_an_execution_breakpoint_is_a_fault_at_the_first_byte_only()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.nop();
            a.mov(eax, 1);
        }).Execute(0, 1).Execute(1, 2);
        Assert.Equal([new DebugEvent(1, 1, B0)], machine.Run());
        Assert.Equal(1UL, machine.State->Gpr[Gpr.Rax]);
    }

    [Theory]
    [InlineData(6, 0x0F, 0x0B)]
    [InlineData(13, 0x0F, 0x30)]
    [InlineData(14, 0x8B, 0x00)]
    [InlineData(0, 0xF7, 0xF1)]
    public void Rule_2_it_comes_before_the_instruction_s_own_fault(int vector, int first, int second)
    {
        using DebugMachine machine = new DebugMachine().Load(a => a.db((byte)first, (byte)second)).Execute(0, 0);
        machine.Machine.Write(Traps.TrapMachine.DirectoryPointers + 16, 0);
        machine.State->Gpr[Gpr.Rax] = 0x8000_0000;
        DebugEvent[] events = machine.Run();
        Assert.Equal([new DebugEvent(1, 0, B0), new DebugEvent(vector, 0, 0xFFFF_0FF0)], events);
    }

    [Fact]
    public void Rule_2_it_comes_before_INT3_and_ICEBP()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.int3();
            a.db(0xF1);
        }).Execute(0, 0).Execute(1, 1);
        Assert.Equal(
            [
                new DebugEvent(1, 0, B0), new DebugEvent(3, 1, 0xFFFF_0FF0), new DebugEvent(1, 1, 0xFFFF_0FF2),
                new DebugEvent(1, 2, 0xFFFF_0FF0),
            ],
            machine.Run());
    }

    [Fact]
    public void Rule_3_RF_holds_off_execution_breakpoints_for_one_instruction_only()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.nop();
            a.nop();
        }).Execute(0, 0).Execute(1, 1).WithFlags(Flags.Rf);
        Assert.Equal([new DebugEvent(1, 1, 0xFFFF_0FF2)], machine.Run());
    }

    [Fact]
    public void Rule_3_RF_lasts_until_a_repeated_instruction_is_through()
    {
        using DebugMachine machine = new DebugMachine(Amd).Load(a =>
        {
            a.rep.stosb();
            a.nop();
        }).Execute(0, 0).Write(1, Data + 1).WithFlags(Flags.Rf);
        machine.State->Gpr[Gpr.Rcx] = 4;
        machine.State->Gpr[Gpr.Rdi] = Data;
        Assert.Equal([new DebugEvent(1, 0, 0xFFFF_0FF2)], machine.Run());
        Assert.NotEqual(0UL, machine.PushedFlags[0] & Flags.Rf);
        Assert.Equal(0UL, machine.State->SystemFlags & Flags.Rf);
    }

    [Fact]
    public void Rule_3_RF_does_not_hold_off_data_watches_or_single_steps()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(__byte_ptr[Data], cl);
        }).Write(0, Data).WithFlags(Flags.Rf | Flags.Tf);
        Assert.Equal(0xFFFF_4FF1UL, machine.Run(1)[0].Dr6);
    }

    [Fact]
    public void Rule_3_POPF_never_sets_RF()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.push(0x1_0002);
            a.popfq();
            a.nop();
        }).Execute(0, 6);
        Assert.Single(machine.Run());
    }

    [Fact]
    public void Rule_4_a_repeated_instruction_traps_after_each_iteration_that_hits()
    {
        using DebugMachine machine = new DebugMachine(Amd).Load(a =>
        {
            a.rep.stosb();
            a.nop();
        }).Write(0, Data + 1).Write(1, Data + 3);
        machine.State->Gpr[Gpr.Rcx] = 4;
        machine.State->Gpr[Gpr.Rdi] = Data;
        Assert.Equal([new DebugEvent(1, 0, B0), new DebugEvent(1, 2, 0xFFFF_0FF2)], machine.Run());
    }

    [Fact]
    public void Rule_4_the_counter_is_decremented_already_even_in_a_long_copy()
    {
        using DebugMachine machine = new DebugMachine(Amd).Load(a => a.rep.movsb()).Write(0, Data + 0x2_0000 + 4321);
        CpuState* s = machine.State;
        s->Gpr[Gpr.Rcx] = 0x8000;
        s->Gpr[Gpr.Rsi] = Data;
        s->Gpr[Gpr.Rdi] = Data + 0x2_0000;
        machine.Machine.RunToHalt();
        Assert.Equal(0x8000UL - 4322, s->Gpr[Gpr.Rcx]);
        Assert.Equal(Data + 4322, s->Gpr[Gpr.Rsi]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void Rule_4_TF_traps_each_iteration_and_once_when_there_is_none(int count, int traps)
    {
        using DebugMachine machine = new DebugMachine(Amd).Load(a => a.rep.stosb()).WithFlags(Flags.Tf);
        machine.State->Gpr[Gpr.Rcx] = (ulong)count;
        machine.State->Gpr[Gpr.Rdi] = Data;
        DebugEvent[] events = machine.Run(traps);
        Assert.All(events, e => Assert.Equal(Bs, e.Dr6));
        Assert.Equal(2, events[^1].Offset);
        Assert.All(events[..^1], e => Assert.Equal(0, e.Offset));
    }

    [Fact]
    public void Rule_5_BS_and_Bn_come_together_and_the_next_instruction_s_breakpoint_separately()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(__byte_ptr[Data], cl);
            a.nop();
        }).Write(0, Data).Execute(1, 7).WithFlags(Flags.Tf);
        Assert.Equal(
            [new DebugEvent(1, 7, 0xFFFF_4FF1), new DebugEvent(1, 7, 0xFFFF_0FF2), new DebugEvent(1, 8, Bs)],
            machine.Run(3));
    }

    [Fact]
    public void Rule_6_every_register_that_matches_is_reported()
    {
        using DebugMachine machine = new DebugMachine().Load(a => a.mov(__dword_ptr[Data], ecx))
            .Write(0, Data).Access(1, Data + 2, 2).Write(2, Data + 4).Write(3, Data, 8);
        Assert.Equal([new DebugEvent(1, 7, 0xFFFF_0FFB)], machine.Run());
    }

    [Fact]
    public void Rule_7_no_hit_by_LEA_long_NOP_PREFETCH_or_a_faulting_access()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.lea(rax, __[Data]);
            a.nop(__dword_ptr[Data]);
            a.prefetcht0(__byte_ptr[Data]);
            a.mov(__qword_ptr[0x7FFF_FFFC], rcx);
        }).Access(0, Data).Access(1, 0x7FFF_FFFC);
        machine.Machine.Write(Traps.TrapMachine.DirectoryPointers + 16, 0);
        machine.Machine.Write(Traps.TrapMachine.DirectoryPointers + 8, (1UL << 30) | 0x87);
        Assert.Equal([14], machine.Run().Select(e => e.Vector));
    }

    [Fact]
    public void Rule_8_writes_that_change_nothing_count()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(rbx, Data);
            a.mov(eax, 5);
            a.cmpxchg(__dword_ptr[rbx], ecx);
            a.shl(__dword_ptr[rbx], 0);
            a.or(__dword_ptr[rbx], 0);
            a.and(__dword_ptr[rbx], -1);
            a.xchg(__dword_ptr[rbx], ecx);
            a.bts(__dword_ptr[rbx], 3);
            a.cmpxchg8b(__qword_ptr[rbx]);
        }).Write(0, Data, 4);
        Assert.Equal(7, machine.Run().Length);
    }

    [Fact]
    public void Rule_8_a_CMOV_that_moves_nothing_and_BT_read()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(rbx, Data);
            a.test(ebx, ebx);
            a.cmove(eax, __dword_ptr[rbx]);
            a.bt(__dword_ptr[rbx], 3);
        }).Access(0, Data, 4);
        Assert.Equal(2, machine.Run().Length);
    }

    [Fact]
    public void Rule_8_BT_with_a_register_watches_the_element_addressed()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(rbx, Data);
            a.mov(ecx, 64);
            a.bt(__dword_ptr[rbx], ecx);
        }).Access(0, Data, 4).Access(1, Data + 8, 4);
        Assert.Equal([0xFFFF_0FF2UL], machine.Run().Select(e => e.Dr6));
    }

    [Fact]
    public void Rule_8_PUSH_m_touches_both_its_operands()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(rbx, Data);
            a.push(__qword_ptr[rbx]);
        }).Access(0, Data, 8).Write(1, Traps.TrapMachine.StackTop - 8, 8);
        Assert.Equal([0xFFFF_0FF3UL], machine.Run().Select(e => e.Dr6));
    }

    [Fact]
    public void Rule_9_MOV_SS_holds_debug_traps_off_until_behind_the_next_instruction_and_a_second_one_longer()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(ss, __word_ptr[rbx]);
            a.nop();
            a.nop();
        }).Access(0, Data, 2);
        machine.State->Gpr[Gpr.Rbx] = Data;
        machine.Machine.Write(Data, Traps.TrapMachine.KernelData);
        Assert.Equal([new DebugEvent(1, 3, B0)], machine.Run());

        using DebugMachine twice = new DebugMachine().Load(a =>
        {
            a.mov(ss, ecx);
            a.mov(ss, ecx);
            a.nop();
            a.nop();
        }).WithFlags(Flags.Tf);
        twice.State->Gpr[Gpr.Rcx] = Traps.TrapMachine.KernelData;
        Assert.Equal(5, twice.Run(1)[0].Offset);
    }

    [Theory]
    [InlineData("intel", 0)]
    [InlineData("amd", 1)]
    public void Rule_9_behind_MOV_SS_Intel_looks_for_no_execution_breakpoint_and_AMD_does(string model, int hits)
    {
        using DebugMachine machine = new DebugMachine(CpuModel.Find(model)).Load(a =>
        {
            a.mov(ss, ecx);
            a.nop();
        }).Execute(0, 2);
        machine.State->Gpr[Gpr.Rcx] = Traps.TrapMachine.KernelData;
        Assert.Equal(hits, machine.Run().Length);
    }

    [Fact]
    public void Rule_9_a_trap_held_off_comes_in_the_kernel_when_the_next_instruction_is_an_interrupt()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(ss, __word_ptr[rbx]);
            a.int3();
        }).Access(0, Data, 2);
        machine.State->Gpr[Gpr.Rbx] = Data;
        machine.Machine.Write(Data, Traps.TrapMachine.KernelData);
        Traps.Frame frame = machine.Machine.RunToTrap();
        Assert.Equal((1, Traps.TrapMachine.Handler(3)), (frame.Vector, frame.Rip));
    }

    [Fact]
    public void Rule_10_INT3_and_ICEBP_are_not_stepped_themselves_and_ICEBP_leaves_DR6()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.int3();
            a.nop();
            a.db(0xF1);
            a.nop();
        }).WithFlags(Flags.Tf);
        Assert.Equal(
            [
                new DebugEvent(3, 1, 0xFFFF_0FF0), new DebugEvent(1, 2, Bs), new DebugEvent(1, 3, 0xFFFF_0FF0),
                new DebugEvent(1, 4, Bs),
            ],
            machine.Run(4));
    }

    [Fact]
    public void Rule_11_POPF_that_sets_TF_traps_one_later_and_one_that_clears_it_still_traps()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.push(0x102);
            a.popfq();
            a.nop();
            a.push(2);
            a.popfq();
            a.nop();
        });
        Assert.Equal([7, 9, 10], machine.Run().Select(e => (int)e.Offset));
    }

    [Fact]
    public void Rule_12_pushed_RF_is_1_for_faults_and_0_for_traps()
    {
        using DebugMachine machine = new DebugMachine().Load(a =>
        {
            a.mov(__byte_ptr[Data], cl);
            a.ud2();
        }).Write(0, Data);
        machine.Run();
        Assert.Equal([0UL, Flags.Rf], machine.PushedFlags.Select(f => f & Flags.Rf));
    }

    [Theory]
    [InlineData("amd", 0UL)]
    [InlineData("intel", Flags.Rf)]
    public void Rule_12_in_the_middle_of_a_repeated_instruction_Intel_pushes_RF(string model, ulong expected)
    {
        using DebugMachine machine = new DebugMachine(CpuModel.Find(model)).Load(a => a.rep.stosb()).Write(0, Data);
        machine.State->Gpr[Gpr.Rcx] = 2;
        machine.State->Gpr[Gpr.Rdi] = Data;
        machine.Run();
        Assert.Equal(expected, machine.PushedFlags[0] & Flags.Rf);
    }
}
