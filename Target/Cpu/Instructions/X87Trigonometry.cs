using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>FSIN FCOS FSINCOS FPTAN (SDM vol. 2).</summary>
internal static unsafe class X87Trigonometry
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fsin, &Single<Sine>);
        table.Add(Mnemonic.Fcos, &Single<Cosine>);
        table.Add(Mnemonic.Fsincos, &Pair<SineAndCosine>);
        table.Add(Mnemonic.Fptan, &Pair<TangentAndOne>);
    }

    private static StepStatus Single<TFunction>(CpuCore cpu, DecodedOp* op)
        where TFunction : struct, IX87Function
    {
        CpuState* s = cpu.State;
        if (!X87Functions.Begin(cpu, op, 1, out StepStatus outcome))
        {
            X87Functions.ClearC2(s, outcome);
            return outcome;
        }

        if (!InRange(s))
        {
            return StepStatus.Next;
        }

        FloatStatus status = X87Access.Status(s);
        Unpacked result = TFunction.Apply(X87Stack.Unpack(s, 0), ref status);
        if (!status.HasNoResult)
        {
            X87Stack.Write(s, 0, result);
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    private static StepStatus Pair<TPair>(CpuCore cpu, DecodedOp* op)
        where TPair : struct, IPair
    {
        CpuState* s = cpu.State;
        if (!X87Functions.BeginPair(cpu, op, out StepStatus outcome))
        {
            X87Functions.ClearC2(s, outcome);
            return outcome;
        }

        if (!InRange(s))
        {
            return StepStatus.Next;
        }

        FloatStatus status = X87Access.Status(s);
        Unpacked first = TPair.Apply(X87Stack.Unpack(s, 0), out Unpacked pushed, ref status);
        if (!status.HasNoResult)
        {
            X87Stack.Write(s, 0, first);
            X87Stack.Push(s, Float80.Pack(pushed));
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    /// <summary>Clears C2, or sets it for a magnitude of 2^63 or more, and the instruction ends there.</summary>
    private static bool InRange(CpuState* s)
    {
        bool inRange = ExtendedTrigonometry.IsInRange(X87Stack.Unpack(s, 0));
        s->Fsw = (ushort)((s->Fsw & ~X87Bits.C2) | (inRange ? 0 : X87Bits.C2));
        return inRange;
    }

    private interface IPair
    {
        static abstract Unpacked Apply(in Unpacked value, out Unpacked pushed, ref FloatStatus status);
    }

    private readonly struct SineAndCosine : IPair
    {
        public static Unpacked Apply(in Unpacked value, out Unpacked pushed, ref FloatStatus status)
        {
            // The sine comes last: C1 is about it, as recorded on hardware.
            pushed = ExtendedTrigonometry.Cosine(value, ref status);
            return ExtendedTrigonometry.Sine(value, ref status);
        }
    }

    private readonly struct TangentAndOne : IPair
    {
        public static Unpacked Apply(in Unpacked value, out Unpacked pushed, ref FloatStatus status)
        {
            Unpacked tangent = ExtendedTrigonometry.Tangent(value, ref status);
            bool isNumber = tangent.Class is FloatClass.Zero or FloatClass.Finite;
            pushed = isNumber ? new Unpacked(FloatClass.Finite, false, 0, Unpacked.LeadingBit) : tangent;
            return tangent;
        }
    }

    private readonly struct Sine : IX87Function
    {
        public static Unpacked Apply(in Unpacked value, ref FloatStatus status) =>
            ExtendedTrigonometry.Sine(value, ref status);
    }

    private readonly struct Cosine : IX87Function
    {
        public static Unpacked Apply(in Unpacked value, ref FloatStatus status) =>
            ExtendedTrigonometry.Cosine(value, ref status);
    }
}
