using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>CMPS (SDM vol. 2): flags as of CMP [rSI], [rDI].</summary>
internal static unsafe class StringElementCompare
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Cmpsb_m8_m8, &StringRepeat.Run<Cmps<byte>>);
        table.Add(Code.Cmpsw_m16_m16, &StringRepeat.Run<Cmps<ushort>>);
        table.Add(Code.Cmpsd_m32_m32, &StringRepeat.Run<Cmps<uint>>);
        table.Add(Code.Cmpsq_m64_m64, &StringRepeat.Run<Cmps<ulong>>);
    }

    private readonly struct Cmps<T> : IStringOp
        where T : unmanaged, IBinaryInteger<T>
    {
        public static bool Compares => true;

        public static bool One(CpuCore cpu, DecodedOp* op, ref StringFlags flags)
        {
            if (!StringIndex.Source(cpu, op, sizeof(T), out ulong first)
                || !cpu.Mmu.Load(first, Operands.Stack(op), out T a)
                || !StringIndex.Destination(cpu, op, sizeof(T), false, out ulong second)
                || !cpu.Mmu.Load(second, false, out T b))
            {
                return false;
            }

            StringScan.Compare(a, b, ref flags);
            StringIndex.Advance(cpu.State, op, Gpr.Rsi, 1, sizeof(T));
            StringIndex.Advance(cpu.State, op, Gpr.Rdi, 1, sizeof(T));
            return true;
        }

        public static ulong Bulk(CpuCore cpu, DecodedOp* op, ulong count, bool whileZero, ref StringFlags flags)
        {
            CpuState* s = cpu.State;
            if (!StringIndex.Source(cpu, op, sizeof(T), out ulong first))
            {
                return 0;
            }

            ulong second = s->Gpr[Gpr.Rdi];
            ulong elements = StringIndex.BulkCount(s, op, count, first, sizeof(T));
            elements = StringIndex.BulkCount(s, op, elements, second, sizeof(T));
            byte* from = cpu.Mmu.BulkRead(first);
            byte* with = cpu.Mmu.BulkRead(second);
            if (elements == 0 || from == null || with == null)
            {
                return 0;
            }

            var a = new ReadOnlySpan<T>(from, (int)elements);
            var b = new ReadOnlySpan<T>(with, (int)elements);
            int equal = whileZero ? a.CommonPrefixLength(b) : FirstEqual(a, b);
            ulong done = Math.Min((ulong)equal + 1, elements);
            StringScan.Compare(a[(int)done - 1], b[(int)done - 1], ref flags);
            StringIndex.Advance(s, op, Gpr.Rsi, done, sizeof(T));
            StringIndex.Advance(s, op, Gpr.Rdi, done, sizeof(T));
            return done;
        }

        private static int FirstEqual(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        {
            int i = 0;
            while (i < a.Length && a[i] != b[i])
            {
                i++;
            }

            return i;
        }
    }
}
