using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;
using KgdbSim.Target.Cpu.Instructions;
using KgdbSim.Testing;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.X87;

/// <summary>
/// FNSTENV, FLDENV, FNSAVE, FRSTOR and the pointers to the last instruction. The images are those that a Zen 4 stored,
/// selectors and addresses being this machine's.
/// </summary>
public sealed unsafe class EnvironmentTests
{
    private const ulong Data = BareCpu.DataStart;

    private static MemoryOperand Area => new(Register.None, (long)Data, 4);

    [Fact]
    public void FNSTENV_stores_28_bytes_masks_all_and_clears_ES()
    {
        // Divide 0 by 0 with all but IE masked: FOP is that of the instruction with the unmasked exception.
        using BareCpu cpu = Run(0x37E, a =>
        {
            a.fldz();
            a.fldz();
            a.fdivp(st1, st0);
            a.AddInstruction(Instruction.Create(Code.Fnstenv_m28byte, Area));
        });
        ulong fdivp = BareCpu.CodeStart + 4;
        Assert.Equal(
            "7E03FFFF" + "81B0FFFF" + "FF5FFFFF" + Hex((uint)fdivp) + "0800F906" + "00000000" + "0000FFFF",
            Memory(cpu, 28));
        Assert.Equal(0x37F, cpu.Core.State->Fcw);
        Assert.Equal(0x3001, cpu.Core.State->Fsw);
    }

    [Fact]
    public void FNSTENV_with_an_operand_size_prefix_stores_14_bytes_without_the_opcode()
    {
        using BareCpu cpu = Run(0x37F, a =>
        {
            a.fldpi();
            a.fldz();
            a.AddInstruction(Instruction.Create(Code.Fnstenv_m14byte, Area));
        });
        Assert.Equal("7F03" + "0030" + "FF1F" + "0200" + "0800" + "0000" + "0000", Memory(cpu, 14));
    }

    [Fact]
    public void FNSAVE_stores_the_stack_from_its_top_and_initialises()
    {
        using BareCpu cpu = Run(0x27F, a =>
        {
            a.fldpi();
            a.fldz();
            a.fld1();
            a.AddInstruction(Instruction.Create(Code.Fnsave_m108byte, Area));
        });
        string image = Memory(cpu, 108);
        Assert.Equal("7F02FFFF" + "0028FFFF" + "FF13FFFF", image[..24]);
        Assert.Equal("0000000000000080FF3F" + "00000000000000000000" + "35C26821A2DA0FC90040", image[56..116]);
        Assert.Equal(new string('0', 100), image[116..]);
        CpuState* s = cpu.Core.State;
        Assert.Equal((0x37F, 0, 0), (s->Fcw, s->Fsw, s->Ftw));
    }

    [Theory]
    [InlineData(Code.Fnsave_m108byte, Code.Frstor_m108byte, uint.MaxValue)]
    [InlineData(Code.Fnsave_m94byte, Code.Frstor_m94byte, ushort.MaxValue)]
    public void FRSTOR_brings_back_what_FNSAVE_stored(Code save, Code restore, uint pointerMask)
    {
        using BareCpu before = Run(0xC7F, Program);
        using BareCpu after = Run(0xC7F, a =>
        {
            Program(a);
            a.AddInstruction(Instruction.Create(save, Area));
            a.fld1();
            a.AddInstruction(Instruction.Create(restore, Area));
        });
        Assert.Equal(FpuImage.Of(before.Core.State).ToString(), FpuImage.Of(after.Core.State).ToString());
        Assert.Equal(before.Core.State->Fip & pointerMask, after.Core.State->Fip);
        Assert.Equal(before.Core.State->Fdp & pointerMask, after.Core.State->Fdp);

        static void Program(Assembler a)
        {
            a.fldpi();
            a.fldl2e();
            a.fild(__dword_ptr[Data + 0x200]);
            a.fdivrp(st1, st0);
            a.fdecstp();
            a.ffree(st3);
        }
    }

    [Theory]
    [InlineData(Code.Fnstenv_m28byte, "7F03FFFF0000FFFFFFFFFFFF7856FFFFF9461300CDABFFFF00F02E00", 0x1345678UL, 0x2EFABCDUL)]
    [InlineData(Code.Fnstenv_m14byte, "7F030000FFFF7856F946CDAB00F0", 0x45678UL, 0xFABCDUL)]
    public void In_real_mode_the_pointers_are_linear_addresses_in_pieces(Code code, string image, ulong fip, ulong fdp)
    {
        // SDM vol. 1, figures 8-11 and 8-12: bits 31:16 (19:16) of the pointers at bit 12 of the word behind.
        using var cpu = new BareCpu();
        Code back = code == Code.Fnstenv_m28byte ? Code.Fldenv_m28byte : Code.Fldenv_m14byte;
        cpu.Load(a =>
        {
            a.AddInstruction(Instruction.Create(code, Area));
            a.AddInstruction(Instruction.Create(back, Area));
        });
        CpuState* s = cpu.Core.State;
        (s->Fcw, s->Fsw, s->Ftw, s->Fop) = (0x37F, 0, 0, 0x6F9);
        (s->Fcs, s->Fip, s->Fds, s->Fdp) = (0x1000, fip - 0x10000, 0x2000, fdp - 0x20000);

        // Only the layout goes by this bit here: translation and decoding keep their mode until they are told.
        s->Cr0 &= ~ControlBits.Cr0Pe;
        Assert.Equal(RunExit.Halt, cpu.Run());
        Assert.Equal(image, Memory(cpu, image.Length / 2));
        Assert.Equal((0x6F9, fip, fdp), (s->Fop, s->Fip, s->Fdp));
    }

    [Fact]
    public void FLDENV_that_unmasks_a_flag_makes_it_pending()
    {
        using var cpu = new BareCpu();
        uint[] environment = [0x37E, 0x0001, 0xFFFF, 0, 0, 0, 0];
        cpu.Memory.Write(Data, environment.SelectMany(BitConverter.GetBytes).ToArray());
        cpu.Load(a =>
        {
            a.AddInstruction(Instruction.Create(Code.Fldenv_m28byte, Area));
            a.fnop();
        });
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal(16, cpu.Core.Pending.Vector);
        Assert.Equal(0x8081, cpu.Core.State->Fsw);
    }

    [Fact]
    public void Pointers_follow_instructions_but_not_control_instructions()
    {
        using BareCpu cpu = Run(0x37F, a =>
        {
            a.fild(__dword_ptr[Data + 0x200]);
            a.fld1();
            a.fnstcw(__word_ptr[Data + 0x300]);
            a.fldcw(__word_ptr[Data + 0x300]);
            a.wait();
            a.nop();
        });
        CpuState* s = cpu.Core.State;
        Assert.Equal(BareCpu.CodeStart + 7, s->Fip);
        Assert.Equal(Data + 0x200, s->Fdp);
        Assert.Equal((8, 16), (s->Fcs, s->Fds));
        Assert.Equal(0, s->Fop);
    }

    [Fact]
    public void Full_tags_tell_zero_valid_special_and_empty_apart()
    {
        using var cpu = new BareCpu();
        CpuState* s = cpu.Core.State;
        s->Fsw = 0;
        Float80[] registers =
        [
            Float80.Zero, new(1UL << 63, 0x3FFF), Float80.Indefinite, new(1UL << 63, 0x7FFF),
            new(1, 0), new(1UL << 63, 0), new(1, 0x3FFF), Float80.Zero,
        ];
        for (int i = 0; i < 8; i++)
        {
            X87Stack.Write(s, i, registers[i]);
        }

        X87Stack.Free(s, 7);
        Assert.Equal(0b11_10_10_10_10_10_00_01, X87Environment.FullTags(s));
        Assert.Equal(s->Ftw, X87Environment.AbridgedTags(X87Environment.FullTags(s)));
    }

    private static BareCpu Run(ushort control, Action<Assembler> code)
    {
        var cpu = new BareCpu();
        cpu.Load(code).LoadBytes(Data + 0x200, 3, 0, 0, 0);
        cpu.Core.State->Fcw = control;
        Assert.Equal(RunExit.Halt, cpu.Run());
        return cpu;
    }

    private static string Memory(BareCpu cpu, int count)
    {
        byte[] bytes = new byte[count];
        cpu.Memory.Read(Data, bytes);
        return Convert.ToHexString(bytes);
    }

    private static string Hex(uint value) => Convert.ToHexString(BitConverter.GetBytes(value));
}
