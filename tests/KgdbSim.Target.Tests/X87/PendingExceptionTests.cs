using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Testing;
using static Iced.Intel.AssemblerRegisters;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Tests.X87;

/// <summary>
/// When #MF, #NM and #UD come (SDM vol. 1, section 8.7; vol. 3, table 2-2 and section 12.5).
/// </summary>
public sealed unsafe class PendingExceptionTests
{
    // Everything but invalid operation masked.
    private const ushort InvalidUnmasked = 0x037E;

    public static TheoryData<string> Waiting =>
        ["fwait", "fld1", "fnop", "fldcw", "fldenv", "frstor", "emms", "movq2dq", "cvtpi2ps mm", "cvtps2pi"];

    public static TheoryData<string> NotWaiting =>
        ["fnclex", "fninit", "fnstcw", "fnstsw", "fnstenv", "fnsave", "cvtpi2ps m64", "cvtpi2pd m64", "addps"];

    [Theory]
    [MemberData(nameof(Waiting))]
    public void A_waiting_instruction_reports_the_pending_exception(string instruction)
    {
        using BareCpu cpu = WithPendingInvalid(a => Emit(a, instruction));
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal(Vector.FloatingPoint, cpu.Core.Pending.Vector);
    }

    [Theory]
    [MemberData(nameof(NotWaiting))]
    public void An_instruction_that_does_not_wait_passes(string instruction)
    {
        using BareCpu cpu = WithPendingInvalid(a => Emit(a, instruction));
        Assert.Equal(RunExit.Halt, cpu.Run());
    }

    [Fact]
    public void The_faulting_instruction_itself_completes_and_marks_ES_and_B()
    {
        using BareCpu cpu = WithPendingInvalid(a => a.nop());
        Assert.Equal(RunExit.Halt, cpu.Run());
        Assert.Equal(0x8081, cpu.Core.State->Fsw & 0x80FF);
    }

    [Fact]
    public void Without_NE_the_exception_is_not_reported_by_vector_16()
    {
        using BareCpu cpu = WithPendingInvalid(a => a.fld1());
        cpu.Core.State->Cr0 &= ~ControlBits.Cr0Ne;
        Assert.Equal(RunExit.Halt, cpu.Run());
    }

    [Theory]
    [InlineData("fld1", ControlBits.Cr0Ts, Vector.DeviceNotAvailable)]
    [InlineData("fld1", ControlBits.Cr0Em, Vector.DeviceNotAvailable)]
    [InlineData("fninit", ControlBits.Cr0Ts, Vector.DeviceNotAvailable)]
    [InlineData("fnstsw", ControlBits.Cr0Em, Vector.DeviceNotAvailable)]
    [InlineData("fwait", ControlBits.Cr0Ts | ControlBits.Cr0Mp, Vector.DeviceNotAvailable)]
    [InlineData("emms", ControlBits.Cr0Ts, Vector.DeviceNotAvailable)]
    [InlineData("emms", ControlBits.Cr0Em, Vector.InvalidOpcode)]
    [InlineData("cvtps2pi", ControlBits.Cr0Em, Vector.InvalidOpcode)]
    [InlineData("cvtps2pi", ControlBits.Cr0Ts, Vector.DeviceNotAvailable)]
    public void CR0_makes_instructions_unavailable(string instruction, ulong bits, byte vector)
    {
        using var cpu = new BareCpu();
        cpu.Load(a => Emit(a, instruction));
        cpu.Core.State->Cr0 |= bits;
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal(vector, cpu.Core.Pending.Vector);
    }

    [Theory]
    [InlineData(ControlBits.Cr0Ts)]
    [InlineData(ControlBits.Cr0Em)]
    [InlineData(ControlBits.Cr0Mp)]
    public void WAIT_needs_both_TS_and_MP_to_be_refused(ulong bits)
    {
        using var cpu = new BareCpu();
        cpu.Load(a => a.wait());
        cpu.Core.State->Cr0 |= bits;
        Assert.Equal(RunExit.Halt, cpu.Run());
    }

    [Fact]
    public void Unmasking_a_flag_that_is_up_makes_it_pending()
    {
        using var cpu = new BareCpu();
        cpu.Load(a =>
        {
            a.fldz();
            a.fldz();
            a.fdivp(st1, st0);
            a.fldcw(__word_ptr[BareCpu.DataStart]);
            a.fnop();
        }).LoadBytes(BareCpu.DataStart, BitConverter.GetBytes(InvalidUnmasked));
        cpu.Core.State->Fcw = 0x37F;
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal(Vector.FloatingPoint, cpu.Core.Pending.Vector);
    }

    /// <summary>A program that divides zero by zero with IE unmasked and goes on.</summary>
    private static BareCpu WithPendingInvalid(Action<Assembler> then)
    {
        var cpu = new BareCpu();
        cpu.Load(a =>
        {
            a.fldz();
            a.fldz();
            a.fdivp(st1, st0);
            then(a);
        });
        cpu.Core.State->Fcw = InvalidUnmasked;
        return cpu;
    }

    private static void Emit(Assembler a, string instruction)
    {
        AssemblerMemoryOperand memory = __[BareCpu.DataStart];
        switch (instruction)
        {
            case "fwait": a.wait(); break;
            case "fld1": a.fld1(); break;
            case "fnop": a.fnop(); break;
            case "fldcw": a.fldcw(__word_ptr[BareCpu.DataStart]); break;
            case "fldenv": a.AddInstruction(Instruction.Create(Code.Fldenv_m28byte, Memory())); break;
            case "frstor": a.AddInstruction(Instruction.Create(Code.Frstor_m108byte, Memory())); break;
            case "emms": a.emms(); break;
            case "movq2dq": a.movq2dq(xmm0, mm0); break;
            case "cvtpi2ps mm": a.cvtpi2ps(xmm0, mm0); break;
            case "cvtps2pi": a.cvtps2pi(mm0, xmm0); break;
            case "fnclex": a.fnclex(); break;
            case "fninit": a.fninit(); break;
            case "fnstcw": a.fnstcw(__word_ptr[BareCpu.DataStart]); break;
            case "fnstsw": a.fnstsw(ax); break;
            case "fnstenv": a.AddInstruction(Instruction.Create(Code.Fnstenv_m28byte, Memory())); break;
            case "fnsave": a.AddInstruction(Instruction.Create(Code.Fnsave_m108byte, Memory())); break;
            case "cvtpi2ps m64": a.cvtpi2ps(xmm0, memory); break;
            case "cvtpi2pd m64": a.cvtpi2pd(xmm0, memory); break;
            case "addps": a.addps(xmm0, xmm0); break;
            default: throw new ArgumentException(instruction);
        }
    }

    private static MemoryOperand Memory() => new(Register.None, (long)BareCpu.DataStart, 4);
}
