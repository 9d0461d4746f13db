using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>XSAVE, XSAVEOPT, XRSTOR, XGETBV, XSETBV (SDM vol. 1, 13.3 and 13.6 to 13.9).</summary>
public sealed unsafe class XSaveTests
{
    private const int HeaderOffset = 512;
    private static readonly byte[] Save = [0x48, 0x0F, 0xAE, 0x26];
    private static readonly byte[] SaveOptimized = [0x48, 0x0F, 0xAE, 0x36];
    private static readonly byte[] SaveCompacted = [0x48, 0x0F, 0xC7, 0x26];
    private static readonly byte[] Restore = [0x48, 0x0F, 0xAE, 0x2E];
    private static readonly byte[] GetControl = [0x0F, 0x01, 0xD0];
    private static readonly byte[] SetControl = [0x0F, 0x01, 0xD1];

    [Theory]
    [InlineData(3, 0b10)]
    [InlineData(2, 0b10)]
    [InlineData(1, 0b00)]
    [InlineData(0, 0b00)]
    public void Save_notes_the_requested_components_in_use(uint mask, byte expected)
    {
        using VectorMachine machine = WithSseInUse();
        machine.Cpu.State->Gpr[0] = mask;
        Assert.Null(machine.Step(Save));
        Assert.Equal(expected, machine.ReadData(HeaderOffset, 1)[0]);
        byte xmm0 = machine.ReadData(160, 1)[0];
        Assert.Equal((mask & 2) != 0 ? 0x11 : 0xEE, xmm0);
        Assert.Equal((mask & 1) != 0 ? 0x7F : 0xEE, machine.ReadData(0, 1)[0]);
    }

    [Fact]
    public void Optimized_save_skips_a_component_in_its_initial_configuration()
    {
        using VectorMachine machine = WithSseInUse();
        Assert.Null(machine.Step(SaveOptimized));
        Assert.Equal(2, machine.ReadData(HeaderOffset, 1)[0]);
        Assert.Equal(0xEE, machine.ReadData(0, 1)[0]);
        Assert.Equal(0x11, machine.ReadData(160, 1)[0]);
    }

    [Theory]
    [InlineData(0x1F80u, 3, 2)]
    [InlineData(0x1FA0u, 3, 2)]
    [InlineData(0x1FA0u, 1, 0)]
    public void Compacted_save_writes_what_is_in_use(uint mxcsr, uint mask, byte present)
    {
        using VectorMachine machine = WithSseInUse();
        machine.Cpu.State->Gpr[0] = mask;
        machine.Cpu.State->Mxcsr = mxcsr;
        machine.WriteData(HeaderOffset, [0xFF, 0xFF, 0xFF]);
        Assert.Null(machine.Step(SaveCompacted));
        Assert.Equal(present, BitConverter.ToUInt64(machine.ReadData(HeaderOffset, 8)));
        Assert.Equal((1ul << 63) | mask, BitConverter.ToUInt64(machine.ReadData(HeaderOffset + 8, 8)));
        Assert.Equal(present != 0 ? 0x11 : 0xEE, machine.ReadData(160, 1)[0]);
        Assert.Equal(0xEE, machine.ReadData(0, 1)[0]);
    }

    [Fact]
    public void Compacted_save_counts_mxcsr_as_sse()
    {
        using VectorMachine machine = WithSseInUse();
        machine.SetXmm(0, default);
        machine.Cpu.State->Mxcsr = 0x1FA0;
        Assert.Null(machine.Step(SaveCompacted));
        Assert.Equal(2, machine.ReadData(HeaderOffset, 1)[0]);
        Assert.Null(machine.Step(Save));
        Assert.Equal(0, machine.ReadData(HeaderOffset, 1)[0]);
    }

    [Fact]
    public void Compacted_restore_initialises_mxcsr_with_sse()
    {
        using VectorMachine machine = WithSseInUse();
        machine.WriteData(0, new byte[576]);
        machine.WriteData(HeaderOffset + 15, [0x80]);
        machine.Cpu.State->Mxcsr = 0x1FA0;
        Assert.Null(machine.Step(Restore));
        Assert.Equal(0x1F80u, machine.Cpu.State->Mxcsr);
        Assert.Equal(Vector128<byte>.Zero, machine.GetXmm(0));
    }

    [Theory]
    [InlineData(0, 2, 1)]
    [InlineData(8, 4, 0)]
    [InlineData(40, 1, 0)]
    public void Compacted_restore_refuses_a_bad_header(int headerByte, byte value, byte format)
    {
        using VectorMachine machine = WithSseInUse();
        machine.WriteData(0, new byte[576]);
        machine.WriteData(HeaderOffset + 8, [format]);
        machine.WriteData(HeaderOffset + 15, [0x80]);
        machine.WriteData(HeaderOffset + headerByte, [value]);
        Assert.Equal(13, machine.Step(Restore));
    }

    [Fact]
    public void Restore_initialises_what_the_header_leaves_out()
    {
        using VectorMachine machine = WithSseInUse();
        machine.WriteData(0, new byte[576]);
        machine.WriteData(24, [0x80, 0x1F, 0, 0]);
        machine.Cpu.State->Fcw = 0x027F;
        machine.Cpu.State->Mxcsr = 0x1FA0;
        Assert.Null(machine.Step(Restore));
        Assert.Equal(Vector128<byte>.Zero, machine.GetXmm(0));
        Assert.Equal(0x037F, machine.Cpu.State->Fcw);
        Assert.Equal(0x1F80u, machine.Cpu.State->Mxcsr);
    }

    [Fact]
    public void Restore_leaves_what_was_not_requested()
    {
        using VectorMachine machine = WithSseInUse();
        machine.WriteData(0, new byte[576]);
        machine.Cpu.State->Gpr[0] = 1;
        machine.Cpu.State->Mxcsr = 0x1FA0;
        Assert.Null(machine.Step(Restore));
        Assert.Equal(Vector128.Create((byte)0x11), machine.GetXmm(0));
        Assert.Equal(0x1FA0u, machine.Cpu.State->Mxcsr);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(8, 1)]
    [InlineData(16, 1)]
    [InlineData(23, 1)]
    public void Restore_refuses_a_bad_header(int headerByte, byte value)
    {
        using VectorMachine machine = WithSseInUse();
        machine.WriteData(0, new byte[576]);
        machine.WriteData(HeaderOffset + headerByte, [value]);
        Assert.Equal(13, machine.Step(Restore));
        Assert.Equal(Vector128.Create((byte)0x11), machine.GetXmm(0));
    }

    [Fact]
    public void Area_needs_a_64_byte_boundary()
    {
        using VectorMachine machine = WithSseInUse();
        machine.Cpu.State->Gpr[6] += 32;
        Assert.Equal(13, machine.Step(Save));
        Assert.Equal(13, machine.Step(Restore));
    }

    [Fact]
    public void Control_bits_refuse()
    {
        using VectorMachine machine = WithSseInUse();
        machine.Cpu.State->Cr0 |= ControlBits.Cr0Ts;
        Assert.Equal(7, machine.Step(Save));
        machine.Cpu.State->Cr4 &= ~ControlBits.Cr4OsXsave;
        Assert.Equal(6, machine.Step(Save));
        Assert.Equal(6, machine.Step(Restore));
        Assert.Equal(6, machine.Step(GetControl));
        Assert.Equal(6, machine.Step(SetControl));
    }

    [Theory]
    [InlineData(0, 0, 3u, 0u, null)]
    [InlineData(0, 0, 1u, 0u, null)]
    [InlineData(0, 0, 2u, 0u, 13)]
    [InlineData(0, 0, 0u, 0u, 13)]
    [InlineData(0, 0, 3u, 1u, 13)]
    [InlineData(0, 1, 3u, 0u, 13)]
    [InlineData(3, 0, 3u, 0u, 13)]
    public void Xsetbv_takes_only_valid_values(byte cpl, uint index, uint low, uint high, int? expected)
    {
        using VectorMachine machine = WithSseInUse();
        CpuState* s = machine.Cpu.State;
        s->Cpl = cpl;
        s->Gpr[0] = low;
        s->Gpr[1] = index;
        s->Gpr[2] = high;
        Assert.Equal(expected, machine.Step(SetControl));
        Assert.Equal(expected is null ? low : 3, s->Xcr0);
    }

    [Fact]
    public void Xgetbv_reads_xcr0_and_no_other()
    {
        using VectorMachine machine = WithSseInUse();
        CpuState* s = machine.Cpu.State;
        s->Gpr[0] = s->Gpr[2] = ulong.MaxValue;
        Assert.Null(machine.Step(GetControl));
        Assert.Equal((3ul, 0ul), (s->Gpr[0], s->Gpr[2]));
        s->Gpr[1] = 2;
        Assert.Equal(13, machine.Step(GetControl));
    }

    /// <summary>XCR0 = 3, all requested, an area of EEh; XMM0 is in use, the x87 as FNINIT leaves it.</summary>
    private static VectorMachine WithSseInUse()
    {
        var machine = new VectorMachine(CpuVendor.Intel);
        byte[] area = new byte[576];
        area.AsSpan(0, 512).Fill(0xEE);
        machine.WriteData(0, area);
        CpuState* s = machine.Cpu.State;
        s->Xcr0 = 3;
        s->Fcw = 0x037F;
        s->Gpr[0] = 3;
        s->Gpr[1] = s->Gpr[2] = 0;
        s->Gpr[6] = VectorMachine.DataAddress;
        machine.SetXmm(0, Vector128.Create((byte)0x11));
        return machine;
    }
}
