using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>AAA AAS AAM AAD DAA DAS (SDM vol. 2): not in 64-bit mode, where the decoder makes them #UD.</summary>
internal static unsafe class Bcd
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Aaa, &Aaa);
        table.Add(Mnemonic.Aas, &Aas);
        table.Add(Mnemonic.Aam, &Aam);
        table.Add(Mnemonic.Aad, &Aad);
        table.Add(Mnemonic.Daa, &Daa);
        table.Add(Mnemonic.Das, &Das);
    }

    private static StepStatus Aaa(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        ushort ax = Gpr.Read<ushort>(s, Gpr.Rax);
        bool adjust = NeedsAdjust(s, ax);
        return SetUnpacked(s, adjust ? (ushort)(ax + 0x106) : ax, adjust);
    }

    private static StepStatus Aas(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        ushort ax = Gpr.Read<ushort>(s, Gpr.Rax);
        bool adjust = NeedsAdjust(s, ax);
        return SetUnpacked(s, adjust ? (ushort)(ax - 0x106) : ax, adjust);
    }

    private static StepStatus Aam(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        var divisor = (byte)op->Imm;
        if (divisor == 0)
        {
            return cpu.Fault(Vector.DivideError);
        }

        byte al = Gpr.Read<byte>(s, Gpr.Rax);
        Gpr.Write(s, Gpr.Rax, (ushort)((al % divisor) | ((al / divisor) << 8)));
        SetFlags(s, (byte)(al % divisor), false, false);
        return StepStatus.Next;
    }

    private static StepStatus Aad(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        ushort ax = Gpr.Read<ushort>(s, Gpr.Rax);
        var result = (byte)((byte)ax + (ax >> 8) * (byte)op->Imm);
        Gpr.Write(s, Gpr.Rax, (ushort)result);
        SetFlags(s, result, false, false);
        return StepStatus.Next;
    }

    private static StepStatus Daa(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        byte al = Gpr.Read<byte>(s, Gpr.Rax);
        bool low = NeedsAdjust(s, al);
        bool high = al > 0x99 || LazyFlags.Carry(s->FlagAux);
        byte result = (byte)(al + (low ? 6 : 0) + (high ? 0x60 : 0));
        Gpr.Write(s, Gpr.Rax, result);
        SetFlags(s, result, high, low);
        return StepStatus.Next;
    }

    private static StepStatus Das(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        byte al = Gpr.Read<byte>(s, Gpr.Rax);
        bool low = NeedsAdjust(s, al);
        bool carry = LazyFlags.Carry(s->FlagAux);
        bool high = al > 0x99 || carry;
        byte result = (byte)(al - (low ? 6 : 0) - (high ? 0x60 : 0));
        Gpr.Write(s, Gpr.Rax, result);

        // The subtraction of 6 may borrow by itself.
        SetFlags(s, result, high || (low && al < 6), low);
        return StepStatus.Next;
    }

    private static bool NeedsAdjust(CpuState* s, int al) => (al & 0xF) > 9 || LazyFlags.Adjust(s->FlagAux);

    private static StepStatus SetUnpacked(CpuState* s, ushort ax, bool adjusted)
    {
        Gpr.Write(s, Gpr.Rax, (ushort)(ax & 0xFF0F));
        SetFlags(s, (byte)(ax & 0xF), adjusted, adjusted);
        return StepStatus.Next;
    }

    private static void SetFlags(CpuState* s, byte result, bool carry, bool adjust)
    {
        s->FlagResult = LazyFlags.Result(result);
        s->FlagAux = LazyFlags.Aux(carry ? 1UL : 0, 0, adjust ? 1UL : 0);
    }
}
