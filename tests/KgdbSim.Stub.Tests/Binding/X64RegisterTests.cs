using System.Buffers.Binary;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Stub.Binding;
using KgdbSim.Target.Cpu;
using KgdbSim.Testing;

namespace KgdbSim.Stub.Tests.Binding;

/// <summary>gdb's registers of a simulated CPU. Numbers of encodings and reserved bits are the SDM's.</summary>
public sealed unsafe class X64RegisterTests : IDisposable
{
    private readonly BareCpu _cpu = new();
    private readonly X64RegisterTable _table = new(X64Registers.Create(avx: true, linux: false));

    private CpuState* State => _cpu.Core.State;

    public void Dispose() => _cpu.Dispose();

    [Fact]
    public void Every_register_of_the_description_can_be_read_in_its_size()
    {
        byte[] value = new byte[64];
        foreach (RegisterDescription register in _table.Description.All)
        {
            Assert.Equal(register.Size, X64RegisterReader.Read(State, _table[register.Number], value));
        }
    }

    [Fact]
    public void Every_register_can_be_written_back_as_it_was_read()
    {
        byte[] value = new byte[64];
        foreach (RegisterDescription register in _table.Description.All)
        {
            int size = X64RegisterReader.Read(State, _table[register.Number], value);
            Assert.True(
                X64RegisterWriter.Write(_cpu.Core, _table[register.Number], value.AsSpan(0, size)) == RegisterWriteResult.Done,
                register.Name);
        }
    }

    [Theory]
    [InlineData("rax", 0)]
    [InlineData("rcx", 1)]
    [InlineData("rdx", 2)]
    [InlineData("rbx", 3)]
    [InlineData("rsp", 4)]
    [InlineData("rbp", 5)]
    [InlineData("rsi", 6)]
    [InlineData("rdi", 7)]
    [InlineData("r8", 8)]
    [InlineData("r15", 15)]
    public void General_registers_by_their_encoding(string name, int encoding)
    {
        Assert.Equal(RegisterWriteResult.Done, Write(name, 0x1122334455667788));
        Assert.Equal(0x1122334455667788ul, State->Gpr[encoding]);
        Assert.Equal(0x1122334455667788ul, Read(name));
    }

    [Fact]
    public void Flags_are_written_and_read_with_bit_1_set()
    {
        Assert.Equal(RegisterWriteResult.Done, Write("eflags", 0x8d5, 4));
        Assert.Equal(0x8d7ul, Read("eflags"));
    }

    [Theory]
    [InlineData("rip", 0x0000_8000_0000_0000ul, 8)]
    [InlineData("fs_base", 0x1234_0000_0000_0000ul, 8)]
    [InlineData("mxcsr", 0x0001_1f80ul, 4)]
    [InlineData("cs", 0x33ul, 4)]
    [InlineData("cr0", 0x0000_0001_8005_0033ul, 8)]
    [InlineData("cr3", 0x8000_0000_0000_0000ul, 8)]
    [InlineData("efer", 0ul, 8)]
    [InlineData("cr4", 0ul, 8)]
    [InlineData("dr7", 0x1_0000_0400ul, 8)]
    [InlineData("dr6", 0x1_0000_0000ul, 8)]
    [InlineData("fctrl", 0x1_0000ul, 4)]
    public void What_no_instruction_could_load_is_refused(string name, ulong value, int size)
    {
        ulong before = Read(name);
        Assert.Equal(RegisterWriteResult.Refused, Write(name, value, size));
        Assert.Equal(before, Read(name));
    }

    [Fact]
    public void Debug_registers_are_the_guests_own()
    {
        Assert.Equal(RegisterWriteResult.Done, Write("dr2", 0x1234));
        Assert.Equal(RegisterWriteResult.Done, Write("dr7", 0xffff_ffff));
        Assert.Equal(0x1234ul, State->Dr[2]);

        // DR7: bit 10 is 1, bits 11, 12, 14 and 15 are 0 (SDM vol. 3B, figure 18-1).
        Assert.Equal(0xffff_27fful, State->Dr7);
        Assert.Equal(RegisterWriteResult.Done, Write("dr6", 0));
        Assert.Equal(0xffff_0ff0ul, State->Dr6);
    }

    [Fact]
    public void The_x87_stack_is_counted_from_its_top()
    {
        State->Fsw = 6 << 11;
        byte[] pi = [0x35, 0xc2, 0x68, 0x21, 0xa2, 0xda, 0x0f, 0xc9, 0x00, 0x40];
        Assert.Equal(RegisterWriteResult.Done, X64RegisterWriter.Write(_cpu.Core, Find("st3"), pi));

        // ST(3) with TOP 6 is physical register 1.
        Assert.Equal(0xc90fdaa22168c235ul, State->X87[2]);
        Assert.Equal(0x4000ul, State->X87[3]);
    }

    [Fact]
    public void The_x87_tag_word_is_told_in_full()
    {
        // Physical registers 0 (a normal number), 1 (zero) and 2 (infinity) are in use (SDM vol. 1, 8.1.7).
        State->Ftw = 0b111;
        State->X87[0] = 1ul << 63;
        State->X87[1] = 0x3fff;
        State->X87[4] = 1ul << 63;
        State->X87[5] = 0x7fff;
        Assert.Equal(0xffe4ul, Read("ftag"));
        Assert.Equal(RegisterWriteResult.Done, Write("ftag", 0xfffc, 4));
        Assert.Equal(0b1, State->Ftw);
    }

    [Fact]
    public void Vectors_are_told_in_halves()
    {
        byte[] low = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        byte[] high = [.. low.Select(value => (byte)(value + 100))];
        Assert.Equal(RegisterWriteResult.Done, X64RegisterWriter.Write(_cpu.Core, Find("xmm15"), low));
        Assert.Equal(RegisterWriteResult.Done, X64RegisterWriter.Write(_cpu.Core, Find("ymm15h"), high));
        Assert.Equal(0x0807060504030201ul, State->Vector[60]);
        byte[] read = new byte[16];
        X64RegisterReader.Read(State, Find("ymm15h"), read);
        Assert.Equal(high, read);
    }

    [Fact]
    public void Real_mode_selectors_bring_their_base()
    {
        State->Cr0 &= ~ControlBits.Cr0Pe;
        Assert.Equal(RegisterWriteResult.Done, Write("ds", 0x1234, 4));
        Assert.Equal(0x12340ul, State->Ds.Base);
    }

    private X64Register Find(string name) => _table[_table.Description.Find(name)!.Number];

    private ulong Read(string name)
    {
        byte[] value = new byte[16];
        X64RegisterReader.Read(State, Find(name), value);
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    private RegisterWriteResult Write(string name, ulong value, int size = 8)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return X64RegisterWriter.Write(_cpu.Core, Find(name), bytes.AsSpan(0, size));
    }
}
