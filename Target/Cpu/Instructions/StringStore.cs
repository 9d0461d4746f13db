using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>STOS (SDM vol. 2).</summary>
internal static unsafe class StringStore
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Stosb, &StringRepeat.Run<Stos<byte>>);
        table.Add(Mnemonic.Stosw, &StringRepeat.Run<Stos<ushort>>);
        table.Add(Mnemonic.Stosd, &StringRepeat.Run<Stos<uint>>);
        table.Add(Mnemonic.Stosq, &StringRepeat.Run<Stos<ulong>>);
    }

    private readonly struct Stos<T> : IStringOp
        where T : unmanaged, IBinaryInteger<T>
    {
        public static bool Compares => false;

        public static bool One(CpuCore cpu, DecodedOp* op, ref StringFlags flags)
        {
            if (!StringIndex.Destination(cpu, op, sizeof(T), true, out ulong linear)
                || !cpu.Mmu.Store(linear, false, Gpr.Read<T>(cpu.State, Gpr.Rax)))
            {
                return false;
            }

            StringIndex.Advance(cpu.State, op, Gpr.Rdi, 1, sizeof(T));
            return true;
        }

        public static ulong Bulk(CpuCore cpu, DecodedOp* op, ulong count, bool whileZero, ref StringFlags flags)
        {
            CpuState* s = cpu.State;
            ulong linear = s->Gpr[Gpr.Rdi];
            ulong elements = StringIndex.BulkCount(s, op, count, linear, sizeof(T));
            byte* to = cpu.Mmu.BulkWrite(linear);
            if (elements == 0 || to == null)
            {
                return 0;
            }

            new Span<T>(to, (int)elements).Fill(Gpr.Read<T>(s, Gpr.Rax));
            StringIndex.Advance(s, op, Gpr.Rdi, elements, sizeof(T));
            return elements;
        }
    }
}
