using System.Numerics;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Faults;

namespace KgdbSim.Target.Tests.Instructions;

/// <summary>Instructions that 64-bit mode does not have, in 32-bit code: no recording covers them, so the manual's text does.</summary>
public sealed unsafe class LegacyInstructionTests : IDisposable
{
    private const ulong Data = DemandPagedCpu.Region + 0x1000;
    private const ulong Stack = DemandPagedCpu.Region + 0x1_0000;

    private readonly DemandPagedCpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    /// <summary>SDM vol. 2, "DAA": old AL and CF decide, whatever the low adjustment did.</summary>
    [Fact]
    public void Daa_is_the_manuals_operation() => EveryByte(0x27, (al, cf, af) =>
    {
        byte oldAl = al;
        bool oldCf = cf;
        cf = false;
        if ((al & 0xF) > 9 || af)
        {
            cf = oldCf || al + 6 > 0xFF;
            al += 6;
            af = true;
        }
        else
        {
            af = false;
        }

        if (oldAl > 0x99 || oldCf)
        {
            al += 0x60;
            cf = true;
        }
        else
        {
            cf = false;
        }

        return (al, cf, af);
    });

    /// <summary>SDM vol. 2, "DAS".</summary>
    [Fact]
    public void Das_is_the_manuals_operation() => EveryByte(0x2F, (al, cf, af) =>
    {
        byte oldAl = al;
        bool oldCf = cf;
        cf = false;
        if ((al & 0xF) > 9 || af)
        {
            cf = oldCf || al < 6;
            al -= 6;
            af = true;
        }
        else
        {
            af = false;
        }

        if (oldAl > 0x99 || oldCf)
        {
            al -= 0x60;
            cf = true;
        }

        return (al, cf, af);
    });

    /// <summary>SDM vol. 2, "AAA" and "AAS": 106H is added to AX or subtracted, then AL is masked.</summary>
    [Theory]
    [InlineData(0x37, false, 0x3A0A, 0x3B00, true)]
    [InlineData(0x37, false, 0x3A05, 0x3A05, false)]
    [InlineData(0x37, true, 0x3A05, 0x3B0B, true)]
    [InlineData(0x3F, false, 0x3A0C, 0x3906, true)]
    [InlineData(0x3F, true, 0x3A05, 0x380F, true)]
    [InlineData(0x3F, false, 0x3A79, 0x3A09, false)]
    public void Unpacked_adjustments_carry_into_ah(byte opcode, bool adjust, int ax, int expected, bool carry)
    {
        CpuState end = Run([opcode], s => s with { FlagAux = LazyFlags.Aux(0, 0, adjust ? 1UL : 0) }, rax: (ulong)ax);
        Assert.Equal((ulong)expected, end.Gpr[Gpr.Rax]);
        Assert.Equal(carry, (end.Rflags & Flags.Cf) != 0);
        Assert.Equal(carry, (end.Rflags & Flags.Af) != 0);
    }

    [Fact]
    public void Aam_divides_and_aad_multiplies_by_any_base()
    {
        Assert.Equal(0x0709UL, Accumulator([0xD4, 10], 79));
        Assert.Equal(0x040FUL, Accumulator([0xD4, 16], 0x4F));
        Assert.Equal(79UL, Accumulator([0xD5, 10], 0x0709));
        _cpu.Load(_cpu.Initial(32) with { Rip = GeneratedInstructions.CodeAddress }, [0xD4, 0], mapped: true);
        Assert.Equal(RunExit.Fault, _cpu.Step());
        Assert.Equal(0, _cpu.Core.Pending.Vector);
    }

    [Theory]
    [InlineData(-5, true)]
    [InlineData(-6, false)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Bound_takes_both_limits_as_signed_and_inclusive(int index, bool inside)
    {
        CpuState start = Start(rax: (uint)index);
        _cpu.Load(start, [0x62, 0x03], mapped: true);
        Write(Data, BitConverter.GetBytes(-5));
        Write(Data + 4, BitConverter.GetBytes(100));
        Assert.Equal(inside ? RunExit.Boundary : RunExit.Fault, _cpu.Step());
        Assert.True(inside || _cpu.Core.Pending.Vector == 5);
    }

    [Fact]
    public void Pusha_stores_the_stack_pointer_it_found_and_popa_skips_it()
    {
        CpuState pushed = Run([0x60]);
        Assert.Equal(Stack - 32, pushed.Gpr[Gpr.Rsp]);
        int[] order = [7, 6, 5, 4, 3, 2, 1, 0];
        CpuState start = Start();
        for (int i = 0; i < 8; i++)
        {
            int at = (int)(Stack - 32 - DemandPagedCpu.Region) + 4 * i;
            Assert.Equal((uint)start.Gpr[order[i]], BitConverter.ToUInt32(_cpu.Contents()[at..]));
        }

        CpuState popped = Run([0x61]);
        ReadOnlySpan<byte> top = _cpu.Contents()[(int)(Stack - DemandPagedCpu.Region)..];
        Assert.Equal(Stack + 32, popped.Gpr[Gpr.Rsp]);
        Assert.Equal(BitConverter.ToUInt32(top), popped.Gpr[7]);
        Assert.Equal(BitConverter.ToUInt32(top[28..]), popped.Gpr[0]);
    }

    /// <summary>SDM vol. 2, "ENTER": the enclosing frames' pointers are copied, then the new one's own is pushed.</summary>
    [Fact]
    public void Enter_copies_the_display()
    {
        CpuState start = Start();
        _cpu.Load(start, [0xC8, 0x20, 0, 3], mapped: true);
        Write(start.Gpr[Gpr.Rbp] - 4, [1, 0, 0, 0]);
        Write(start.Gpr[Gpr.Rbp] - 8, [2, 0, 0, 0]);
        Assert.Equal(RunExit.Boundary, _cpu.Step());
        CpuState* end = _cpu.Core.State;
        Assert.Equal(Stack - 4, end->Gpr[Gpr.Rbp]);
        Assert.Equal(Stack - 16 - 0x20, end->Gpr[Gpr.Rsp]);
        ReadOnlySpan<byte> frame = _cpu.Contents()[(int)(Stack - 16 - DemandPagedCpu.Region)..];
        Assert.Equal((uint)(Stack - 4), BitConverter.ToUInt32(frame));
        Assert.Equal(2U, BitConverter.ToUInt32(frame[4..]));
        Assert.Equal(1U, BitConverter.ToUInt32(frame[8..]));
        Assert.Equal((uint)start.Gpr[Gpr.Rbp], BitConverter.ToUInt32(frame[12..]));
    }

    [Fact]
    public void Salc_spreads_the_carry()
    {
        Assert.Equal(0x1200UL, Accumulator([0xD6], 0x1234));
        CpuState end = Run([0xD6], s => s with { FlagAux = LazyFlags.Aux(1, 0, 0) }, rax: 0x1234);
        Assert.Equal(0x12FFUL, end.Gpr[Gpr.Rax]);
    }

    private void EveryByte(byte opcode, Func<byte, bool, bool, (byte Al, bool Cf, bool Af)> manual)
    {
        for (int n = 0; n < 1024; n++)
        {
            var al = (byte)n;
            bool cf = (n & 256) != 0;
            bool af = (n & 512) != 0;
            ulong aux = LazyFlags.Aux(cf ? 1UL : 0, 0, af ? 1UL : 0);
            CpuState end = Run([opcode], s => s with { FlagAux = aux }, rax: al);
            (byte expected, bool carry, bool adjust) = manual(al, cf, af);
            ulong flags = (carry ? Flags.Cf : 0) | (adjust ? Flags.Af : 0) | (expected == 0 ? Flags.Zf : 0)
                | (expected >= 0x80 ? Flags.Sf : 0)
                | (BitOperations.PopCount(expected) % 2 == 0 ? Flags.Pf : 0);
            Assert.True(
                end.Gpr[Gpr.Rax] == expected && (end.Rflags & Flags.Status & ~Flags.Of) == flags,
                $"opcode {opcode:x} of AL {al:x2}, CF {cf}, AF {af}: AL {end.Gpr[Gpr.Rax]:x}, flags {end.Rflags:x}; "
                + $"expected {expected:x2}, {flags:x}");
        }
    }

    private CpuState Start(ulong rax = 0)
    {
        CpuState state = _cpu.Initial(32);
        for (int i = 0; i < 8; i++)
        {
            state.Gpr[i] = 0x1111_1111UL * (ulong)(i + 1);
        }

        state.Gpr[Gpr.Rax] = rax;
        state.Gpr[Gpr.Rbx] = Data;
        state.Gpr[Gpr.Rsp] = Stack;
        state.Gpr[Gpr.Rbp] = Stack + 0x100;
        state.Rip = GeneratedInstructions.CodeAddress;
        (state.FlagResult, state.FlagAux) = LazyFlags.FromStatus(0);
        return state;
    }

    private CpuState Run(byte[] code, Func<CpuState, CpuState>? change = null, ulong rax = 0)
    {
        CpuState start = Start(rax);
        _cpu.Load(change?.Invoke(start) ?? start, code, mapped: true);
        Assert.Equal(RunExit.Boundary, _cpu.Step());
        return *_cpu.Core.State;
    }

    private ulong Accumulator(byte[] code, ulong rax)
    {
        CpuState end = Run(code, rax: rax);
        return end.Gpr[Gpr.Rax];
    }

    private void Write(ulong address, ReadOnlySpan<byte> bytes) => _cpu.Core.Memory.Write(address, bytes);
}
