using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Testing;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Cpu;

/// <summary>Blocks: exact counts, self-modifying code, page crossings, breakpoints at any instruction.</summary>
public sealed class DecodedCodeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    [InlineData(1000)]
    [InlineData(12_345)]
    public void A_turn_ends_after_exactly_its_instructions_wherever_that_is(long turn)
    {
        using BareCpu whole = Loop();
        using BareCpu cut = Loop();
        whole.Run(100_000);
        for (long done = 0; done < 100_000; done += turn)
        {
            Assert.Equal(RunExit.TurnOver, cut.Run(Math.Min(turn, 100_000 - done)));
            Assert.Equal(0, cut.Core.Left);
        }

        Assert.Equal(whole.Rip, cut.Rip);
        Assert.Equal((whole[0], whole[1], whole[2]), (cut[0], cut[1], cut[2]));
    }

    [Fact]
    public void Stepped_and_threaded_runs_agree()
    {
        using BareCpu threaded = Loop();
        using BareCpu stepped = Loop();
        threaded.Run(20_001);
        stepped.RunStepped(20_001);
        Assert.Equal(threaded.Rip, stepped.Rip);
        Assert.Equal((threaded[0], threaded[1], threaded[2]), (stepped[0], stepped[1], stepped[2]));
    }

    [Fact]
    public void A_store_into_the_running_block_takes_effect_on_the_next_instruction()
    {
        // mov byte [patched+1], 42 ; patched: mov al, 7 — both decoded as one block before the store.
        using var cpu = new BareCpu();
        cpu.Load(a =>
        {
            a.mov(__byte_ptr[BareCpu.CodeStart + 8 + 1], 42);
            a.mov(al, 7);
        });
        cpu.Run(2);
        Assert.Equal(42UL, cpu[0] & 0xFF);
    }

    [Fact]
    public void Code_changed_from_outside_is_decoded_anew()
    {
        using var cpu = new BareCpu();
        cpu.Load(a => a.mov(eax, 1));
        cpu.Run(1);
        cpu.LoadBytes(BareCpu.CodeStart + 1, 2);
        cpu.Rip = BareCpu.CodeStart;
        cpu.Run(1);
        Assert.Equal(2UL, cpu[0]);
    }

    [Fact]
    public void An_instruction_across_two_pages_follows_changes_of_either()
    {
        using var cpu = new BareCpu();
        ulong at = BareCpu.CodeStart + 0xFFE;
        cpu.LoadBytes(at, 0xB8, 0x11, 0x22, 0x33, 0x44);
        cpu.Rip = at;
        cpu.Run(1);
        Assert.Equal(0x4433_2211UL, cpu[0]);
        Assert.Equal(at + 5, cpu.Rip);
        cpu.LoadBytes(at + 4, 0x55);
        cpu.Rip = at;
        cpu.Run(1);
        Assert.Equal(0x5533_2211UL, cpu[0]);
        cpu.LoadBytes(at + 1, 0x66);
        cpu.Rip = at;
        cpu.Run(1);
        Assert.Equal(0x5533_2266UL, cpu[0]);
    }

    [Fact]
    public void A_fetch_from_an_absent_page_faults_there_and_not_before()
    {
        using var cpu = new BareCpu(1UL << 30);
        cpu.Write(BareCpu.DirectoryPointers + 8, 0);
        ulong at = 0x3FFF_FFFD;
        cpu.LoadBytes(at, 0xB0, 0x01, 0xB8);
        cpu.Rip = at;
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal(at + 2, cpu.Rip);
        Assert.Equal(Vector.PageFault, cpu.Core.Pending.Vector);
        unsafe
        {
            Assert.Equal(0x4000_0000UL, cpu.Core.State->Cr2);
        }
    }

    [Fact]
    public void Sixteen_bytes_of_prefixes_are_a_general_protection_fault()
    {
        using var cpu = new BareCpu();
        cpu.LoadBytes(BareCpu.CodeStart, [.. Enumerable.Repeat((byte)0x66, 15), 0x90]);
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal(Vector.GeneralProtection, cpu.Core.Pending.Vector);
    }

    [Fact]
    public void A_debuggers_breakpoint_stops_before_its_instruction_also_inside_a_known_block()
    {
        using BareCpu cpu = Loop();
        var points = new KgdbSim.Target.Cpu.Debugging.DebuggerPoints();
        cpu.Core.Debug.Attach(points);
        cpu.Run(1000);
        ulong inside = BareCpu.CodeStart + 10;
        points.InsertBreakpoint(inside);
        Assert.Equal(RunExit.Breakpoint, cpu.Run());
        Assert.Equal(inside, cpu.Rip);
        points.RemoveBreakpoint(inside);
        Assert.Equal(RunExit.TurnOver, cpu.Run(1000));
    }

    /// <summary>An endless loop with memory, flags and both kinds of branches; its second instruction is 10 bytes in.</summary>
    private static BareCpu Loop() => new BareCpu().Load(a =>
    {
        Iced.Intel.Label top = a.CreateLabel();
        Iced.Intel.Label odd = a.CreateLabel();
        a.mov(rbx, 0x1122_3344_5566_7788UL);
        a.Label(ref top);
        a.add(rax, rbx);
        a.mov(__[BareCpu.DataStart], rax);
        a.xor(rcx, __[BareCpu.DataStart]);
        a.test(al, 1);
        a.jne(odd);
        a.lea(rdx, __[rdx + (rax * 2) + 3]);
        a.Label(ref odd);
        a.sub(rdx, 1);
        a.jmp(top);
    });
}
