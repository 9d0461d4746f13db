using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Testing;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.X87;

/// <summary>
/// What MMX instructions do to the x87 state, and the forms that the recordings do not have; as measured on a Zen 4
/// (SDM vol. 3, tables 12-1 and 12-2).
/// </summary>
public sealed unsafe class MmxTransitionTests
{
    private const ulong Data = BareCpu.DataStart;

    public static TheoryData<string> Transitions =>
    [
        "cvtpi2ps mm", "cvtpi2pd mm", "cvtps2pi", "cvttpd2pi", "movq2dq", "movdq2q", "movd", "pmovmskb", "pextrw",
        "movntq", "maskmovq",
    ];

    [Theory]
    [MemberData(nameof(Transitions))]
    public void Touching_an_MMX_register_sets_TOP_to_0_and_all_tags_to_valid(string instruction)
    {
        using BareCpu cpu = Run(a => Emit(a, instruction));
        Assert.Equal(0, cpu.Core.State->Fsw);
        Assert.Equal(0xFF, cpu.Core.State->Ftw);
    }

    [Theory]
    [InlineData("cvtpi2ps m64")]
    [InlineData("cvtpi2pd m64")]
    public void A_conversion_from_memory_leaves_the_x87_alone(string instruction)
    {
        using BareCpu cpu = Run(a => Emit(a, instruction));
        Assert.Equal(0x2800, cpu.Core.State->Fsw);
        Assert.Equal(0xE0, cpu.Core.State->Ftw);
    }

    [Fact]
    public void EMMS_empties_the_stack_at_TOP_0()
    {
        using BareCpu cpu = Run(a => a.emms());
        Assert.Equal((0, 0), (cpu.Core.State->Fsw, cpu.Core.State->Ftw));
    }

    [Fact]
    public void A_conversion_that_ends_in_XM_has_made_the_transition()
    {
        using BareCpu cpu = Start(a => a.cvtps2pi(mm0, __qword_ptr[Data]));
        cpu.Write(Data, 0x40000000_7F800000);
        cpu.Core.State->Mxcsr = 0;
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal(19, cpu.Core.Pending.Vector);
        Assert.Equal((0, 0xFF, 1u), (cpu.Core.State->Fsw, cpu.Core.State->Ftw, cpu.Core.State->Mxcsr));
    }

    [Fact]
    public void A_fault_comes_before_the_transition()
    {
        using BareCpu cpu = Start(a => a.paddb(mm0, __qword_ptr[rax]));
        cpu[0] = 1UL << 46;
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal((0x2800, 0xE0), (cpu.Core.State->Fsw, cpu.Core.State->Ftw));
    }

    [Fact]
    public void Writing_an_MMX_register_makes_the_x87_register_a_NaN()
    {
        using BareCpu cpu = Run(a => a.movd(mm3, eax));
        Assert.Equal(0xFFFFUL, cpu.Core.State->X87[7]);
    }

    [Fact]
    public void Conversions_round_as_MXCSR_says()
    {
        // 2.5 and -1.5 to nearest-even and truncated.
        using BareCpu cpu = Start(a =>
        {
            a.cvtps2pi(mm0, __qword_ptr[Data]);
            a.cvttps2pi(mm1, __qword_ptr[Data]);
            a.cvtpi2ps(xmm0, mm1);
            a.cvtpi2pd(xmm1, mm1);
            a.cvttpd2pi(mm2, xmm1);
        });
        cpu.Write(Data, 0xBFC00000_40200000);
        Assert.Equal(RunExit.Halt, cpu.Run());
        CpuState* s = cpu.Core.State;
        Assert.Equal(0xFFFFFFFE_00000002, s->X87[0]);
        Assert.Equal(0xFFFFFFFF_00000002, s->X87[2]);
        Assert.Equal(0xBF800000_40000000, s->Vector[0]);
        Assert.Equal(0x4000000000000000UL, s->Vector[4]);
        Assert.Equal(0xBFF0000000000000UL, s->Vector[5]);
        Assert.Equal(0xFFFFFFFF_00000002, s->X87[4]);
    }

    [Fact]
    public void MASKMOVQ_writes_the_bytes_whose_mask_bit_is_set_and_with_none_accesses_nothing()
    {
        using BareCpu cpu = Start(a =>
        {
            a.maskmovq(mm0, mm1);
            a.mov(rdi, 1UL << 46);
            a.maskmovq(mm0, mm2);
        });
        cpu.Write(Data, 0x1111111111111111);
        cpu[7] = Data;
        CpuState* s = cpu.Core.State;
        s->X87[0] = 0x8877665544332211;
        s->X87[2] = 0x80007F00FF000080;
        s->X87[4] = 0x7F7F7F7F7F7F7F7F;
        Assert.Equal(RunExit.Halt, cpu.Run());
        Assert.Equal(0x8811111144111111, cpu.Read(Data));
    }

    /// <summary>Three values on the stack, so TOP is 5, then <paramref name="code"/>.</summary>
    private static BareCpu Start(Action<Assembler> code)
    {
        var cpu = new BareCpu();
        cpu.Load(a =>
        {
            a.fld1();
            a.fldpi();
            a.fldz();
            code(a);
        });
        cpu.Core.State->Fcw = 0x37F;
        cpu.Core.State->Mxcsr = 0x1F80;
        cpu[7] = Data;
        return cpu;
    }

    private static BareCpu Run(Action<Assembler> code)
    {
        BareCpu cpu = Start(code);
        Assert.Equal(RunExit.Halt, cpu.Run());
        return cpu;
    }

    private static void Emit(Assembler a, string instruction)
    {
        switch (instruction)
        {
            case "cvtpi2ps mm": a.cvtpi2ps(xmm0, mm0); break;
            case "cvtpi2pd mm": a.cvtpi2pd(xmm0, mm0); break;
            case "cvtpi2ps m64": a.cvtpi2ps(xmm0, __qword_ptr[Data]); break;
            case "cvtpi2pd m64": a.cvtpi2pd(xmm0, __qword_ptr[Data]); break;
            case "cvtps2pi": a.cvtps2pi(mm1, xmm0); break;
            case "cvttpd2pi": a.cvttpd2pi(mm1, xmm0); break;
            case "movq2dq": a.movq2dq(xmm0, mm0); break;
            case "movdq2q": a.movdq2q(mm0, xmm0); break;
            case "movd": a.movd(eax, mm0); break;
            case "pmovmskb": a.pmovmskb(eax, mm0); break;
            case "pextrw": a.pextrw(eax, mm0, 1); break;
            case "movntq": a.movntq(__qword_ptr[Data], mm0); break;
            case "maskmovq": a.maskmovq(mm1, mm0); break;
            default: throw new ArgumentException(instruction);
        }
    }
}
