using System.Text;
using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>CPUID tells what there is, and what it doesn't tell isn't there.</summary>
public sealed unsafe class CpuidTests
{
    [Theory]
    [InlineData("intel", "GenuineIntel", 0x16u)]
    [InlineData("amd", "AuthenticAMD", 0x16u)]
    public void Leaf_0_has_the_vendor(string model, string vendor, uint leafMax)
    {
        using var machine = new TrapMachine(model: CpuModel.Find(model));
        CpuidAnswer answer = CpuidAnswer.For(machine.Core, 0, 0);
        Assert.Equal(leafMax, answer.Eax);
        byte[] text = [.. BitConverter.GetBytes(answer.Ebx), .. BitConverter.GetBytes(answer.Edx), .. BitConverter.GetBytes(answer.Ecx)];
        Assert.Equal(vendor, Encoding.ASCII.GetString(text));
    }

    [Fact]
    public void The_names_for_the_command_line_are_distinct_and_found()
    {
        Assert.Equal(CpuModel.All.Count, CpuModel.All.Select(m => m.Name).Distinct().Count());
        Assert.All(CpuModel.All, model => Assert.Same(model, CpuModel.Find(model.Name)));
        Assert.Null(CpuModel.Find("486"));
    }

    [Fact]
    public void A_bit_stands_for_one_feature_and_each_feature_for_one_bit()
    {
        Assert.Equal(
            CpuidFeatureBits.All.Length,
            CpuidFeatureBits.All.Select(row => (row.Leaf, row.Subleaf, row.Register, row.Bit)).Distinct().Count());
        foreach (CpuFeatures feature in Enum.GetValues<CpuFeatures>())
        {
            Assert.Equal(feature == CpuFeatures.None ? 0 : 1, CpuidFeatureBits.All.Count(row => row.Feature == feature));
        }
    }

    [Theory]
    [InlineData("intel")]
    [InlineData("intel-v1")]
    [InlineData("intel-v2")]
    [InlineData("amd-v1")]
    public void Exactly_a_model_s_features_are_advertised_in_64_bit_mode(string name)
    {
        CpuModel model = CpuModel.Find(name)!;
        using var machine = new TrapMachine(model: model);
        foreach (CpuidFeatureBit row in CpuidFeatureBits.All)
        {
            CpuidAnswer answer = CpuidAnswer.For(machine.Core, row.Leaf, row.Subleaf);
            uint register = row.Register switch
            {
                CpuidRegister.Eax => answer.Eax,
                CpuidRegister.Ebx => answer.Ebx,
                CpuidRegister.Ecx => answer.Ecx,
                _ => answer.Edx,
            };
            Assert.True(model.Has(row.Feature) == (((register >> row.Bit) & 1) != 0), $"{name}: {row}");
        }
    }

    [Fact]
    public void OSXSAVE_and_the_APIC_s_bit_follow_the_state()
    {
        using var machine = new TrapMachine();
        Assert.Equal(0u, CpuidAnswer.For(machine.Core, 1, 0).Ecx & (1 << 27));
        Assert.NotEqual(0u, CpuidAnswer.For(machine.Core, 1, 0).Edx & (1 << 9));
        machine.State->Cr4 |= ControlBits.Cr4OsXsave;
        machine.Apic.WriteMsr(MsrNumber.ApicBase, 0xFEE0_0100);
        Assert.NotEqual(0u, CpuidAnswer.For(machine.Core, 1, 0).Ecx & (1 << 27));
        Assert.Equal(0u, CpuidAnswer.For(machine.Core, 1, 0).Edx & (1 << 9));
    }

    [Fact]
    public void Every_instruction_of_an_advertised_feature_has_a_row()
    {
        var table = new InstructionTable();
        string[] missing =
        [
            .. Enum.GetValues<Code>()
                .Where(code => code != Code.INVALID && code < Code.DeclareByte)
                .Where(code => code.ToOpCode().Mode64 && code.ToOpCode().IsInstruction)
                .Where(code => code.CpuidFeatures().Any(IsFeature) && CpuidGate.Allows(CpuModel.Default, code))
                .Where(code => !table.Covers(code))
                .Select(code => code.ToString()),
        ];
        Assert.Equal([], missing);
    }

    [Theory]
    [InlineData("intel-v1", 6)]
    [InlineData("intel", -1)]
    public void What_a_model_lacks_is_undefined(string model, int vector)
    {
        using TrapMachine machine = new TrapMachine(model: CpuModel.Find(model)).Load(a => a.popcnt(eax, ecx));
        machine.RunToHalt();
        Assert.Equal(vector < 0 ? TrapMachine.CodeStart + 5 : TrapMachine.Handler(vector) + 1, machine.State->Rip);
    }

    [Fact]
    public void Beyond_the_last_leaf_Intel_repeats_it_and_AMD_answers_nothing()
    {
        using var intel = new TrapMachine();
        Assert.Equal(CpuidAnswer.For(intel.Core, 0x16, 0), CpuidAnswer.For(intel.Core, 0x4000, 0));
        using var amd = new TrapMachine(model: CpuModel.Find("amd"));
        Assert.Equal(default, CpuidAnswer.For(amd.Core, 0x4000, 0));
    }

    // Features of a processor generation, which Iced lists too, are no CPUID bits.
    private static bool IsFeature(CpuidFeature feature) =>
        feature > CpuidFeature.INTEL486_A_ONLY && feature is not (CpuidFeature.X64 or CpuidFeature.CPUID);
}
