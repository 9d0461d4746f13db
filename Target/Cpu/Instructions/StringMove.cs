using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>MOVS (SDM vol. 2).</summary>
internal static unsafe class StringMove
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Movsb_m8_m8, &StringRepeat.Run<Movs<byte>>);
        table.Add(Code.Movsw_m16_m16, &StringRepeat.Run<Movs<ushort>>);
        table.Add(Code.Movsd_m32_m32, &StringRepeat.Run<Movs<uint>>);
        table.Add(Code.Movsq_m64_m64, &StringRepeat.Run<Movs<ulong>>);
    }

    private readonly struct Movs<T> : IStringOp
        where T : unmanaged, IBinaryInteger<T>
    {
        public static bool Compares => false;

        public static bool One(CpuCore cpu, DecodedOp* op, ref StringFlags flags)
        {
            if (!StringIndex.Source(cpu, op, sizeof(T), out ulong source)
                || !cpu.Mmu.Load(source, Operands.Stack(op), out T value)
                || !StringIndex.Destination(cpu, op, sizeof(T), true, out ulong destination)
                || !cpu.Mmu.Store(destination, false, value))
            {
                return false;
            }

            StringIndex.Advance(cpu.State, op, Gpr.Rsi, 1, sizeof(T));
            StringIndex.Advance(cpu.State, op, Gpr.Rdi, 1, sizeof(T));
            return true;
        }

        public static ulong Bulk(CpuCore cpu, DecodedOp* op, ulong count, bool whileZero, ref StringFlags flags)
        {
            CpuState* s = cpu.State;
            if (!StringIndex.Source(cpu, op, sizeof(T), out ulong source))
            {
                return 0;
            }

            ulong destination = s->Gpr[Gpr.Rdi];
            ulong elements = StringIndex.BulkCount(s, op, count, source, sizeof(T));
            elements = StringIndex.BulkCount(s, op, elements, destination, sizeof(T));
            byte* from = cpu.Mmu.BulkRead(source);
            byte* to = cpu.Mmu.BulkWrite(destination);
            if (elements == 0 || from == null || to == null)
            {
                return 0;
            }

            Copy(from, to, elements);
            StringIndex.Advance(s, op, Gpr.Rsi, elements, sizeof(T));
            StringIndex.Advance(s, op, Gpr.Rdi, elements, sizeof(T));
            return elements;
        }

        /// <summary>
        /// Element after element upwards: where the destination begins inside the source, what was copied is copied again.
        /// </summary>
        private static void Copy(byte* from, byte* to, ulong elements)
        {
            ulong bytes = elements * (ulong)sizeof(T);
            if ((ulong)(to - from) >= bytes)
            {
                Buffer.MemoryCopy(from, to, bytes, bytes);
                return;
            }

            for (ulong i = 0; i < bytes; i += (ulong)sizeof(T))
            {
                Unsafe.WriteUnaligned(to + i, Unsafe.ReadUnaligned<T>(from + i));
            }
        }
    }
}
