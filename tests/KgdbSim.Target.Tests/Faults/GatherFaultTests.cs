using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Instructions;

namespace KgdbSim.Target.Tests.Faults;

/// <summary>
/// A gather that faults has gathered the elements before the one that faulted, whose mask elements are zero then, and
/// nothing of the others (SDM vol. 2, "VPGATHERDD/VPGATHERQD" and the like).
/// </summary>
public sealed unsafe class GatherFaultTests
{
    private const int Destination = 1;
    private const int Index = 2;
    private const int Mask = 3;

    /// <summary>Element size, index size, elements.</summary>
    public static TheoryData<Code, int, int, int> Gathers => new()
    {
        { Code.VEX_Vpgatherdd_xmm_vm32x_xmm, 4, 4, 4 },
        { Code.VEX_Vpgatherdd_ymm_vm32y_ymm, 4, 4, 8 },
        { Code.VEX_Vpgatherdq_xmm_vm32x_xmm, 8, 4, 2 },
        { Code.VEX_Vpgatherdq_ymm_vm32x_ymm, 8, 4, 4 },
        { Code.VEX_Vpgatherqd_xmm_vm64x_xmm, 4, 8, 2 },
        { Code.VEX_Vpgatherqd_xmm_vm64y_xmm, 4, 8, 4 },
        { Code.VEX_Vpgatherqq_xmm_vm64x_xmm, 8, 8, 2 },
        { Code.VEX_Vpgatherqq_ymm_vm64y_ymm, 8, 8, 4 },
        { Code.VEX_Vgatherdps_xmm_vm32x_xmm, 4, 4, 4 },
        { Code.VEX_Vgatherdps_ymm_vm32y_ymm, 4, 4, 8 },
        { Code.VEX_Vgatherdpd_xmm_vm32x_xmm, 8, 4, 2 },
        { Code.VEX_Vgatherdpd_ymm_vm32x_ymm, 8, 4, 4 },
        { Code.VEX_Vgatherqps_xmm_vm64x_xmm, 4, 8, 2 },
        { Code.VEX_Vgatherqps_xmm_vm64y_xmm, 4, 8, 4 },
        { Code.VEX_Vgatherqpd_xmm_vm64x_xmm, 8, 8, 2 },
        { Code.VEX_Vgatherqpd_ymm_vm64y_ymm, 8, 8, 4 },
    };

    [Theory]
    [MemberData(nameof(Gathers))]
    public void Each_fault_leaves_what_has_been_gathered_so_far(Code code, int size, int indexSize, int count)
    {
        using var cpu = new DemandPagedCpu();
        byte[] bytes = Encode(code, indexSize * count > 16);
        CpuState start = Start(cpu, size, indexSize, count);
        cpu.Load(start, bytes, mapped: true);
        Assert.NotEqual(RunExit.Fault, cpu.Step());
        CpuState whole = *cpu.Core.State;

        cpu.Load(start, bytes, mapped: false);
        int faults = 0;
        while (cpu.Step() == RunExit.Fault)
        {
            Assert.Equal(14, cpu.Core.Pending.Vector);
            CpuState* now = cpu.Core.State;
            Assert.Equal(start.Rip, now->Rip);
            for (int i = 0; i < count; i++)
            {
                // Every element crosses into a page of its own, so that it faults twice.
                bool done = i < faults / 2;
                Assert.True(
                    Element(now, Destination, size, i) == Element(done ? &whole : &start, Destination, size, i)
                    && Element(now, Mask, size, i) == (done ? 0 : Element(&start, Mask, size, i)),
                    $"{code}: fault {faults}: element {i} is {Element(now, Destination, size, i):x}, mask {Element(now, Mask, size, i):x}");
            }

            faults++;
            Assert.True(cpu.MapWhatFaulted());
        }

        Assert.Equal(2 * count, faults);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(whole.Vector[(4 * Destination) + i], cpu.Core.State->Vector[(4 * Destination) + i]);
            Assert.Equal(0UL, cpu.Core.State->Vector[(4 * Mask) + i]);
        }
    }

    private static ulong Element(CpuState* s, int register, int size, int index) => size == 8
        ? s->Vector[(4 * register) + index]
        : ((uint*)&s->Vector[4 * register])[index];

    private static CpuState Start(DemandPagedCpu cpu, int size, int indexSize, int count)
    {
        CpuState state = cpu.Initial(64);
        CpuState* s = &state;
        s->Rip = GeneratedInstructions.CodeAddress;
        s->Gpr[Gpr.Rbx] = DemandPagedCpu.Region;
        for (int i = 0; i < 4; i++)
        {
            s->Vector[(4 * Destination) + i] = 0xD0D0_D0D0_D0D0_D0D0;
            s->Vector[(4 * Mask) + i] = ulong.MaxValue;
        }

        for (int i = 0; i < count; i++)
        {
            uint offset = (uint)((0x2000 * (i + 1)) - (size / 2));
            ((uint*)&s->Vector[4 * Index])[i * indexSize / 4] = offset;
        }

        // The upper halves of 64-bit indices.
        for (int i = 0; indexSize == 8 && i < count; i++)
        {
            ((uint*)&s->Vector[4 * Index])[(2 * i) + 1] = 0;
        }

        return state;
    }

    private static byte[] Encode(Code code, bool wideIndex)
    {
        bool wide = code.ToOpCode().GetOpKind(0).ToString().StartsWith("ymm", StringComparison.Ordinal);
        Register first = wide ? Register.YMM0 : Register.XMM0;
        var instruction = new Instruction { Code = code };
        instruction.SetOpKind(0, OpKind.Register);
        instruction.SetOpRegister(0, first + Destination);
        instruction.SetOpKind(1, OpKind.Memory);
        instruction.MemoryBase = Register.RBX;
        instruction.MemoryIndex = (wideIndex ? Register.YMM0 : Register.XMM0) + Index;
        instruction.MemoryIndexScale = 1;
        instruction.SetOpKind(2, OpKind.Register);
        instruction.SetOpRegister(2, first + Mask);
        var stream = new MemoryStream();
        Encoder.Create(64, new StreamCodeWriter(stream)).Encode(instruction, GeneratedInstructions.CodeAddress);
        return stream.ToArray();
    }
}
