using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>When VEX-encoded instructions are there, and the rules that are theirs alone.</summary>
public sealed unsafe class AvxAvailabilityTests
{
    private static readonly byte[] Vaddps = [0xC5, 0xFC, 0x58, 0xC1];
    private static readonly byte[] VaddpsMemory = [0xC5, 0xFC, 0x58, 0x06];
    private static readonly byte[] VmovapsMemory = [0xC5, 0xFC, 0x28, 0x06];
    private static readonly byte[] Vucomiss = [0xC5, 0xF8, 0x2E, 0xC1];

    [Theory]
    [InlineData(0, 0, 7, null)]
    [InlineData(ControlBits.Cr0Ts, 0, 7, 7)]
    [InlineData(ControlBits.Cr0Em, 0, 7, null)]
    [InlineData(0, ControlBits.Cr4OsFxsr, 7, null)]
    [InlineData(0, ControlBits.Cr4OsXsave, 7, 6)]
    [InlineData(ControlBits.Cr0Ts, ControlBits.Cr4OsXsave, 7, 6)]
    [InlineData(0, 0, 3, 6)]
    [InlineData(0, 0, 1, 6)]
    public void Control_bits_decide(ulong cr0Set, ulong cr4Clear, ulong xcr0, int? expected)
    {
        using VectorMachine machine = Machine();
        machine.Cpu.State->Cr0 |= cr0Set;
        machine.Cpu.State->Cr4 &= ~cr4Clear;
        machine.Cpu.State->Xcr0 = xcr0;
        Assert.Equal(expected, machine.Step(Vaddps));
        Assert.Equal(expected, machine.Step(Vucomiss));
    }

    [Fact]
    public void Legacy_instruction_keeps_the_upper_half_and_a_vex_one_clears_it()
    {
        using VectorMachine machine = Machine();
        *AvxAccess.Ymm(machine.Cpu.State, 0) = Vector256<byte>.AllBitsSet;
        Assert.Null(machine.Step(0x0F, 0x57, 0xC0));
        Assert.Equal(
            Vector256.Create(Vector128<byte>.Zero, Vector128<byte>.AllBitsSet), *AvxAccess.Ymm(machine.Cpu.State, 0));
        Assert.Null(machine.Step(0xC5, 0xF8, 0x57, 0xC0));
        Assert.Equal(Vector256<byte>.Zero, *AvxAccess.Ymm(machine.Cpu.State, 0));
    }

    [Fact]
    public void Only_aligned_moves_want_alignment()
    {
        using VectorMachine machine = Machine();
        machine.Cpu.State->Gpr[6] = VectorMachine.DataAddress + 16;
        Assert.Null(machine.Step(VaddpsMemory));
        Assert.Equal(13, machine.Step(VmovapsMemory));
        machine.Cpu.State->Gpr[6] = VectorMachine.DataAddress + 32;
        Assert.Null(machine.Step(VmovapsMemory));
    }

    [Fact]
    public void Masked_load_faults_only_where_it_loads()
    {
        using VectorMachine machine = Machine();
        machine.Cpu.State->Gpr[6] = VectorMachine.DataAddress + 0x2000 - 16;
        machine.WriteData(0x2000 - 16, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        *AvxAccess.Ymm(machine.Cpu.State, 1) = Vector256.Create(-1, 0, 0, -1, 0, 0, 0, 0).AsByte();

        // VMASKMOVPS ymm0, ymm1, [rsi]
        Assert.Null(machine.Step(0xC4, 0xE2, 0x75, 0x2C, 0x06));
        Assert.Equal(
            Vector256.Create(0x04030201u, 0, 0, 0x100F0E0D, 0, 0, 0, 0).AsByte(),
            *AvxAccess.Ymm(machine.Cpu.State, 0));
        *AvxAccess.Ymm(machine.Cpu.State, 1) = Vector256.Create(0, 0, 0, 0, -1, 0, 0, 0).AsByte();
        Assert.Equal(14, machine.Step(0xC4, 0xE2, 0x75, 0x2C, 0x06));
    }

    [Fact]
    public void Gather_that_faults_keeps_what_it_has()
    {
        using VectorMachine machine = Machine();
        CpuState* s = machine.Cpu.State;
        s->Gpr[6] = VectorMachine.DataAddress;
        machine.WriteData(0, [0x11, 0x11, 0x11, 0x11]);
        *AvxAccess.Ymm(s, 0) = default;
        *AvxAccess.Ymm(s, 2) = Vector256.Create(0, 0x4000, 0, 0, 0, 0, 0, 0).AsByte();
        *AvxAccess.Ymm(s, 1) = Vector256<byte>.AllBitsSet;

        // VPGATHERDD ymm0, [rsi+ymm2*4], ymm1: the second element lies in an unmapped page.
        Assert.Equal(14, machine.Step(0xC4, 0xE2, 0x75, 0x90, 0x04, 0x96));
        Assert.Equal(0x11111111u, AvxAccess.Ymm(s, 0)->AsUInt32()[0]);
        Assert.Equal(0u, AvxAccess.Ymm(s, 1)->AsUInt32()[0]);
        Assert.Equal(uint.MaxValue, AvxAccess.Ymm(s, 1)->AsUInt32()[1]);
    }

    [Fact]
    public void Gather_with_a_register_twice_is_undefined()
    {
        using VectorMachine machine = Machine();

        // VPGATHERDD ymm0, [rsi+ymm2*4], ymm0
        Assert.Equal(6, machine.Step(0xC4, 0xE2, 0x7D, 0x90, 0x04, 0x96));
    }

    [Theory]
    [InlineData(7u, null)]
    [InlineData(3u, null)]
    [InlineData(5u, 13)]
    [InlineData(15u, 13)]
    public void Xcr0_takes_avx_only_with_sse(uint value, int? expected)
    {
        using VectorMachine machine = Machine();
        CpuState* s = machine.Cpu.State;
        s->Cpl = 0;
        s->Gpr[0] = value;
        s->Gpr[1] = s->Gpr[2] = 0;
        Assert.Equal(expected, machine.Step(0x0F, 0x01, 0xD1));
    }

    [Fact]
    public void Area_of_the_avx_component_follows_the_header()
    {
        using VectorMachine machine = Machine();
        CpuState* s = machine.Cpu.State;
        s->Gpr[6] = VectorMachine.DataAddress;
        s->Gpr[0] = 7;
        s->Gpr[2] = 0;
        machine.WriteData(0, new byte[832]);
        *AvxAccess.Ymm(s, 15) = Vector256.Create(Vector128<byte>.Zero, Vector128.Create((byte)0xA5));
        Assert.Null(machine.Step(0x48, 0x0F, 0xAE, 0x26));
        Assert.Equal(0xA5, machine.ReadData(576 + (15 * 16), 1)[0]);
        Assert.Equal(4, machine.ReadData(512, 1)[0] & 6);
        *AvxAccess.Ymm(s, 15) = default;
        Assert.Null(machine.Step(0x48, 0x0F, 0xAE, 0x2E));
        Assert.Equal(Vector128.Create((byte)0xA5), AvxAccess.Ymm(s, 15)->GetUpper());
    }

    private static VectorMachine Machine()
    {
        var machine = new VectorMachine();
        machine.Cpu.State->Xcr0 = 7;
        machine.Cpu.State->Gpr[6] = VectorMachine.DataAddress;
        return machine;
    }
}
