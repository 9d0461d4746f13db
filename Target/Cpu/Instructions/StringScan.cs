using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>SCAS (SDM vol. 2): flags as of CMP accumulator, element.</summary>
internal static unsafe class StringScan
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Scasb, &StringRepeat.Run<Scas<byte>>);
        table.Add(Mnemonic.Scasw, &StringRepeat.Run<Scas<ushort>>);
        table.Add(Mnemonic.Scasd, &StringRepeat.Run<Scas<uint>>);
        table.Add(Mnemonic.Scasq, &StringRepeat.Run<Scas<ulong>>);
    }

    /// <summary>The flags of CMP <paramref name="a"/>, <paramref name="b"/>.</summary>
    public static void Compare<T>(T a, T b, ref StringFlags flags)
        where T : unmanaged, IBinaryInteger<T>
    {
        T difference = a - b;
        flags.Result = LazyFlags.Result(difference);
        flags.Aux = LazyFlags.AuxFromCarries(Carry.OfDifference(a, b, difference));
    }

    private readonly struct Scas<T> : IStringOp
        where T : unmanaged, IBinaryInteger<T>
    {
        public static bool Compares => true;

        public static bool One(CpuCore cpu, DecodedOp* op, ref StringFlags flags)
        {
            if (!StringIndex.Destination(cpu, op, sizeof(T), false, out ulong linear)
                || !cpu.Mmu.Load(linear, false, out T value))
            {
                return false;
            }

            Compare(Gpr.Read<T>(cpu.State, Gpr.Rax), value, ref flags);
            StringIndex.Advance(cpu.State, op, Gpr.Rdi, 1, sizeof(T));
            return true;
        }

        public static ulong Bulk(CpuCore cpu, DecodedOp* op, ulong count, bool whileZero, ref StringFlags flags)
        {
            CpuState* s = cpu.State;
            ulong linear = s->Gpr[Gpr.Rdi];
            ulong elements = StringIndex.BulkCount(s, op, count, linear, sizeof(T));
            byte* from = cpu.Mmu.BulkRead(linear);
            if (elements == 0 || from == null)
            {
                return 0;
            }

            T wanted = Gpr.Read<T>(s, Gpr.Rax);
            var row = new ReadOnlySpan<T>(from, (int)elements);
            int end = whileZero ? row.IndexOfAnyExcept(wanted) : row.IndexOf(wanted);
            ulong done = end < 0 ? elements : (ulong)end + 1;
            Compare(wanted, row[(int)done - 1], ref flags);
            StringIndex.Advance(s, op, Gpr.Rdi, done, sizeof(T));
            return done;
        }
    }
}
