using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>LODS (SDM vol. 2).</summary>
internal static unsafe class StringLoad
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Lodsb, &StringRepeat.Run<Lods<byte>>);
        table.Add(Mnemonic.Lodsw, &StringRepeat.Run<Lods<ushort>>);
        table.Add(Mnemonic.Lodsd, &StringRepeat.Run<Lods<uint>>);
        table.Add(Mnemonic.Lodsq, &StringRepeat.Run<Lods<ulong>>);
    }

    private readonly struct Lods<T> : IStringOp
        where T : unmanaged, IBinaryInteger<T>
    {
        public static bool Compares => false;

        public static bool One(CpuCore cpu, DecodedOp* op, ref StringFlags flags)
        {
            if (!StringIndex.Source(cpu, op, sizeof(T), out ulong linear)
                || !cpu.Mmu.Load(linear, Operands.Stack(op), out T value))
            {
                return false;
            }

            Gpr.Write(cpu.State, Gpr.Rax, value);
            StringIndex.Advance(cpu.State, op, Gpr.Rsi, 1, sizeof(T));
            return true;
        }

        /// <summary>Of many loads only the last one is seen.</summary>
        public static ulong Bulk(CpuCore cpu, DecodedOp* op, ulong count, bool whileZero, ref StringFlags flags)
        {
            CpuState* s = cpu.State;
            if (!StringIndex.Source(cpu, op, sizeof(T), out ulong linear))
            {
                return 0;
            }

            ulong elements = StringIndex.BulkCount(s, op, count, linear, sizeof(T));
            byte* from = cpu.Mmu.BulkRead(linear);
            if (elements == 0 || from == null)
            {
                return 0;
            }

            Gpr.Write(s, Gpr.Rax, Unsafe.ReadUnaligned<T>(from + (elements - 1) * (ulong)sizeof(T)));
            StringIndex.Advance(s, op, Gpr.Rsi, elements, sizeof(T));
            return elements;
        }
    }
}
