using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>FXSAVE and FXRSTOR: the layout of SDM vol. 1, table 10-2, and vol. 2A's faults.</summary>
public sealed unsafe class FxSaveTests
{
    private static readonly byte[] Save = [0x0F, 0xAE, 0x06];
    private static readonly byte[] SaveWide = [0x48, 0x0F, 0xAE, 0x06];
    private static readonly byte[] Restore = [0x0F, 0xAE, 0x0E];
    private static readonly byte[] RestoreWide = [0x48, 0x0F, 0xAE, 0x0E];

    [Fact]
    public void Layout_is_the_manuals()
    {
        using VectorMachine machine = WithState();
        Assert.Null(machine.Step(Save));
        byte[] area = machine.ReadData(0, 512);
        Assert.Equal(0x0272, BinaryPrimitives.ReadUInt16LittleEndian(area));
        Assert.Equal(0x3000, BinaryPrimitives.ReadUInt16LittleEndian(area.AsSpan(2)));
        Assert.Equal(0xC0, area[4]);
        Assert.Equal(0x0123, BinaryPrimitives.ReadUInt16LittleEndian(area.AsSpan(6)));
        Assert.Equal(0x0033_89AB_CDEFul, BinaryPrimitives.ReadUInt64LittleEndian(area.AsSpan(8)) & 0xFFFF_FFFF_FFFF);
        Assert.Equal(0x1FA0u, BinaryPrimitives.ReadUInt32LittleEndian(area.AsSpan(24)));
        Assert.Equal(0xFFFFu, BinaryPrimitives.ReadUInt32LittleEndian(area.AsSpan(28)));

        // TOP is 6: ST(0) is physical register 6.
        Assert.Equal(0x8000_0000_0000_0006ul, BinaryPrimitives.ReadUInt64LittleEndian(area.AsSpan(32)));
        Assert.Equal(0x4006, BinaryPrimitives.ReadUInt16LittleEndian(area.AsSpan(40)));
        Assert.Equal(machine.GetXmm(15), Vector128.Create(area.AsSpan(160 + (15 * 16), 16)));
        Assert.All(area[416..], value => Assert.Equal(0xEE, value));
    }

    [Fact]
    public void Wide_form_keeps_whole_pointers()
    {
        using VectorMachine machine = WithState();
        Assert.Null(machine.Step(SaveWide));
        Assert.Equal(0x0123_4567_89AB_CDEFul, BitConverter.ToUInt64(machine.ReadData(8, 8)));
    }

    [Fact]
    public void Restoring_gives_back_what_was_saved()
    {
        using VectorMachine machine = WithState();
        CpuState before = *machine.Cpu.State;
        machine.Step(SaveWide);
        Assert.Null(machine.Step(0x0F, 0x57, 0xFF));
        machine.Cpu.State->Mxcsr = 0x1F80;
        machine.Cpu.State->Fsw = 0;
        Assert.Null(machine.Step(RestoreWide));
        CpuState after = *machine.Cpu.State;
        Assert.Equal(before.Mxcsr, after.Mxcsr);
        Assert.Equal(before.Fsw, after.Fsw);
        Assert.Equal(before.Fip, after.Fip);
        Assert.Equal(new Span<ulong>(before.Vector, 64), new Span<ulong>(after.Vector, 64));
        Assert.Equal(new Span<ulong>(before.X87, 16), new Span<ulong>(after.X87, 16));
    }

    [Theory]
    [InlineData(ControlBits.Cr0Ts, 7)]
    [InlineData(ControlBits.Cr0Em, 6)]
    public void Control_bits_refuse(ulong cr0, int expected)
    {
        using VectorMachine machine = WithState();
        machine.Cpu.State->Cr0 |= cr0;
        Assert.Equal(expected, machine.Step(Save));
        Assert.Equal(expected, machine.Step(Restore));
    }

    [Fact]
    public void Area_off_its_boundary_faults()
    {
        using VectorMachine machine = WithState();
        machine.Cpu.State->Gpr[6] += 8;
        Assert.Equal(13, machine.Step(Save));
        Assert.Equal(13, machine.Step(Restore));
    }

    [Fact]
    public void Reserved_mxcsr_bit_faults_and_changes_nothing()
    {
        using VectorMachine machine = WithState();
        machine.Step(Save);
        machine.WriteData(24, [0, 0, 1, 0]);
        machine.SetXmm(3, Vector128<byte>.AllBitsSet);
        Assert.Equal(13, machine.Step(Restore));
        Assert.Equal(Vector128<byte>.AllBitsSet, machine.GetXmm(3));
        Assert.Equal(0x1FA0u, machine.Cpu.State->Mxcsr);
    }

    [Fact]
    public void Fault_in_the_second_page_leaves_the_first_one_alone()
    {
        using VectorMachine machine = WithState();
        machine.Cpu.State->Gpr[6] = VectorMachine.DataAddress + 0x2000 - 256;
        machine.WriteData(0x2000 - 256, new byte[256]);
        Assert.Equal(14, machine.Step(Save));
        Assert.All(machine.ReadData(0x2000 - 256, 256), value => Assert.Equal(0, value));
    }

    private static VectorMachine WithState()
    {
        var machine = new VectorMachine(CpuVendor.Intel);
        byte[] area = new byte[512];
        area.AsSpan().Fill(0xEE);
        machine.WriteData(0, area);
        CpuState* s = machine.Cpu.State;
        s->Gpr[6] = VectorMachine.DataAddress;
        s->Fcw = 0x0272;
        s->Fsw = 0x3000;
        s->Ftw = 0xC0;
        s->Fop = 0x0123;
        s->Fcs = 0x33;
        s->Fip = 0x0123_4567_89AB_CDEF;
        s->Mxcsr = 0x1FA0;
        for (int i = 0; i < 8; i++)
        {
            s->X87[2 * i] = 0x8000_0000_0000_0000 + (ulong)i;
            s->X87[(2 * i) + 1] = 0x4000 + (ulong)i;
        }

        for (int i = 0; i < 16; i++)
        {
            machine.SetXmm(i, Vector128.Create((byte)(i + 1)));
        }

        return machine;
    }
}
