using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Vectors;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>#UD and #NM (SDM vol. 3, 2.5 and 13.1), alignment, and MXCSR's own rules.</summary>
public sealed unsafe class SseAvailabilityTests
{
    private static readonly byte[] Addps = [0x0F, 0x58, 0xC1];
    private static readonly byte[] AddpsMemory = [0x0F, 0x58, 0x06];
    private static readonly byte[] MovapsMemory = [0x0F, 0x28, 0x06];
    private static readonly byte[] Divps = [0x0F, 0x5E, 0xC1];
    private static readonly byte[] Ldmxcsr = [0x0F, 0xAE, 0x16];

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(ControlBits.Cr0Ts, 0, 7)]
    [InlineData(ControlBits.Cr0Em, 0, 6)]
    [InlineData(ControlBits.Cr0Em | ControlBits.Cr0Ts, 0, 6)]
    [InlineData(0, ControlBits.Cr4OsFxsr, 6)]
    [InlineData(ControlBits.Cr0Ts, ControlBits.Cr4OsFxsr, 6)]
    public void Control_bits_decide(ulong cr0Set, ulong cr4Clear, int? expected)
    {
        using var machine = new VectorMachine();
        machine.Cpu.State->Cr0 |= cr0Set;
        machine.Cpu.State->Cr4 &= ~cr4Clear;
        Assert.Equal(expected, machine.Step(Addps));
        Assert.Equal(expected, machine.Step(0x66, 0x0F, 0xEF, 0xC1));
        Assert.Equal(expected, machine.Step(0x0F, 0xAE, 0x1C, 0x25, 0, 0, 0, 0x50));
    }

    [Fact]
    public void Crc32_asks_no_control_bit()
    {
        using var machine = new VectorMachine();
        machine.Cpu.State->Cr0 |= ControlBits.Cr0Ts | ControlBits.Cr0Em;
        machine.Cpu.State->Cr4 &= ~ControlBits.Cr4OsFxsr;
        Assert.Null(machine.Step(0xF2, 0x0F, 0x38, 0xF0, 0xC1));
    }

    [Theory]
    [InlineData(ControlBits.Cr4OsXmmExcpt, 6)]
    [InlineData(0, 19)]
    public void Unmasked_exception_keeps_the_destination_and_sets_its_flag(ulong cr4Clear, int expected)
    {
        using var machine = new VectorMachine();
        machine.Cpu.State->Cr4 &= ~cr4Clear;
        machine.Cpu.State->Mxcsr = 0x1D80;
        machine.SetXmm(0, Vector128.Create(1f).AsByte());
        machine.SetXmm(1, default);
        Assert.Equal(expected, machine.Step(Divps));
        Assert.Equal(0x1D84u, machine.Cpu.State->Mxcsr);
        Assert.Equal(Vector128.Create(1f).AsByte(), machine.GetXmm(0));
    }

    [Theory]
    [InlineData(false, 0x1F80u, 13, 13)]
    [InlineData(true, 0x1F80u, 13, 13)]
    [InlineData(true, 0x21F80u, null, 13)]
    public void Misaligned_operand_faults_unless_masked(bool amd, uint mxcsr, int? compute, int? move)
    {
        using var machine = new VectorMachine(amd ? CpuVendor.Amd : CpuVendor.Intel);
        machine.Cpu.State->Gpr[6] = VectorMachine.DataAddress + 8;
        machine.Cpu.State->Mxcsr = mxcsr;
        Assert.Equal(compute, machine.Step(AddpsMemory));
        Assert.Equal(move, machine.Step(MovapsMemory));
        machine.Cpu.State->Gpr[6] = VectorMachine.DataAddress + 16;
        Assert.Null(machine.Step(AddpsMemory));
        Assert.Null(machine.Step(MovapsMemory));
    }

    [Theory]
    [InlineData(false, 0x0000FFFFu, null)]
    [InlineData(false, 0x00010000u, 13)]
    [InlineData(false, 0x00020000u, 13)]
    [InlineData(true, 0x00020000u, null)]
    [InlineData(true, 0x80000000u, 13)]
    public void Ldmxcsr_refuses_reserved_bits(bool amd, uint value, int? expected)
    {
        using var machine = new VectorMachine(amd ? CpuVendor.Amd : CpuVendor.Intel);
        uint before = machine.Cpu.State->Mxcsr;
        machine.WriteData(0, BitConverter.GetBytes(value));
        machine.Cpu.State->Gpr[6] = VectorMachine.DataAddress;
        Assert.Equal(expected, machine.Step(Ldmxcsr));
        Assert.Equal(expected is null ? value : before, machine.Cpu.State->Mxcsr);
    }

    [Fact]
    public void Every_recorded_instruction_needs_the_same_bits()
    {
        Stream stream = typeof(SseAvailabilityTests).Assembly.GetManifestResourceStream("Sse.Sample.jsonl.gz")!;
        using var machine = new VectorMachine();
        machine.Cpu.State->Cr0 |= ControlBits.Cr0Ts;
        using var reader = new VectorReader(stream);
        var vector = new VectorRecord();
        while (reader.TryRead(vector))
        {
            int? raised = machine.Step(vector.Bytes.ToArray());
            Assert.True(raised == 7, $"vector {vector.Id} {vector.Name}: with CR0.TS expected #NM, got {raised}");
        }
    }
}
