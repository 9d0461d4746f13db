using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>LDS, LES, LFS, LGS, LSS: a segment register and a general register from memory (SDM vol. 2).</summary>
internal static unsafe class FarPointer
{
    private interface IDestination
    {
        static abstract SegmentIndex Segment { get; }
    }

    public static void Register(InstructionTable table)
    {
        Rows<ToEs>(table, Mnemonic.Les);
        Rows<ToDs>(table, Mnemonic.Lds);
        Rows<ToSs>(table, Mnemonic.Lss);
        Rows<ToFs>(table, Mnemonic.Lfs);
        Rows<ToGs>(table, Mnemonic.Lgs);
    }

    private static void Rows<TDestination>(InstructionTable table, Mnemonic mnemonic)
        where TDestination : struct, IDestination =>
        table.Add(mnemonic, null, &Load<TDestination, ushort>, &Load<TDestination, uint>, &Load<TDestination, ulong>);

    private static StepStatus Load<TDestination, T>(CpuCore cpu, DecodedOp* op)
        where TDestination : struct, IDestination
        where T : unmanaged, IBinaryInteger<T>
    {
        SegmentIndex index = TDestination.Segment;
        if (!Operands.Address(cpu, op, sizeof(T) + 2, false, out ulong linear)
            || !cpu.Mmu.Load(linear, Operands.Stack(op), out T offset)
            || !cpu.Mmu.Load(linear + (ulong)sizeof(T), Operands.Stack(op), out ushort selector)
            || !DescriptorLoad.Segment(cpu, index, selector))
        {
            return StepStatus.Fault;
        }

        Gpr.Write(cpu.State, op->R0, offset);

        // LSS loads stack and pointer together: it holds nothing off, as MOV SS must (SDM vol. 3, 6.8.3; so does a Zen 4).
        return StepStatus.Next;
    }

    private readonly struct ToEs : IDestination
    {
        public static SegmentIndex Segment => SegmentIndex.Es;
    }

    private readonly struct ToDs : IDestination
    {
        public static SegmentIndex Segment => SegmentIndex.Ds;
    }

    private readonly struct ToSs : IDestination
    {
        public static SegmentIndex Segment => SegmentIndex.Ss;
    }

    private readonly struct ToFs : IDestination
    {
        public static SegmentIndex Segment => SegmentIndex.Fs;
    }

    private readonly struct ToGs : IDestination
    {
        public static SegmentIndex Segment => SegmentIndex.Gs;
    }
}
