using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VEX-encoded floating-point arithmetic and comparison rows.</summary>
internal static unsafe class AvxFloatRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Vaddps, &AvxFloatForms.PackedSingle<FloatAdd>);
        table.Add(Mnemonic.Vaddpd, &AvxFloatForms.PackedDouble<FloatAdd>);
        table.Add(Mnemonic.Vaddss, &AvxFloatForms.ScalarSingle<FloatAdd>);
        table.Add(Mnemonic.Vaddsd, &AvxFloatForms.ScalarDouble<FloatAdd>);
        table.Add(Mnemonic.Vsubps, &AvxFloatForms.PackedSingle<FloatSubtract>);
        table.Add(Mnemonic.Vsubpd, &AvxFloatForms.PackedDouble<FloatSubtract>);
        table.Add(Mnemonic.Vsubss, &AvxFloatForms.ScalarSingle<FloatSubtract>);
        table.Add(Mnemonic.Vsubsd, &AvxFloatForms.ScalarDouble<FloatSubtract>);
        table.Add(Mnemonic.Vmulps, &AvxFloatForms.PackedSingle<FloatMultiply>);
        table.Add(Mnemonic.Vmulpd, &AvxFloatForms.PackedDouble<FloatMultiply>);
        table.Add(Mnemonic.Vmulss, &AvxFloatForms.ScalarSingle<FloatMultiply>);
        table.Add(Mnemonic.Vmulsd, &AvxFloatForms.ScalarDouble<FloatMultiply>);
        table.Add(Mnemonic.Vdivps, &AvxFloatForms.PackedSingle<FloatDivide>);
        table.Add(Mnemonic.Vdivpd, &AvxFloatForms.PackedDouble<FloatDivide>);
        table.Add(Mnemonic.Vdivss, &AvxFloatForms.ScalarSingle<FloatDivide>);
        table.Add(Mnemonic.Vdivsd, &AvxFloatForms.ScalarDouble<FloatDivide>);
        table.Add(Mnemonic.Vsqrtps, &AvxFloatForms.UnarySingle<FloatSquareRoot>);
        table.Add(Mnemonic.Vsqrtpd, &AvxFloatForms.UnaryDouble<FloatSquareRoot>);
        table.Add(Mnemonic.Vsqrtss, &AvxFloatForms.ScalarSingle<FloatSquareRoot>);
        table.Add(Mnemonic.Vsqrtsd, &AvxFloatForms.ScalarDouble<FloatSquareRoot>);
        table.Add(Mnemonic.Vminps, &AvxFloatForms.SelectSingle<FloatMinimum>);
        table.Add(Mnemonic.Vminpd, &AvxFloatForms.SelectDouble<FloatMinimum>);
        table.Add(Mnemonic.Vminss, &AvxFloatForms.ScalarLaneSingle<FloatMinimum>);
        table.Add(Mnemonic.Vminsd, &AvxFloatForms.ScalarLaneDouble<FloatMinimum>);
        table.Add(Mnemonic.Vmaxps, &AvxFloatForms.SelectSingle<FloatMaximum>);
        table.Add(Mnemonic.Vmaxpd, &AvxFloatForms.SelectDouble<FloatMaximum>);
        table.Add(Mnemonic.Vmaxss, &AvxFloatForms.ScalarLaneSingle<FloatMaximum>);
        table.Add(Mnemonic.Vmaxsd, &AvxFloatForms.ScalarLaneDouble<FloatMaximum>);
        table.Add(Mnemonic.Vcmpps, &AvxFloatImmediate.CompareSingle);
        table.Add(Mnemonic.Vcmppd, &AvxFloatImmediate.CompareDouble);
        table.Add(Mnemonic.Vcmpss, &AvxFloatImmediate.CompareScalarSingle);
        table.Add(Mnemonic.Vcmpsd, &AvxFloatImmediate.CompareScalarDouble);
        table.Add(Mnemonic.Vroundps, &AvxFloatImmediate.RoundSingle);
        table.Add(Mnemonic.Vroundpd, &AvxFloatImmediate.RoundDouble);
        table.Add(Mnemonic.Vroundss, &AvxFloatImmediate.RoundScalarSingle);
        table.Add(Mnemonic.Vroundsd, &AvxFloatImmediate.RoundScalarDouble);
        table.Add(Mnemonic.Vrcpss, &AvxFloatImmediate.ReciprocalScalar);
        table.Add(Mnemonic.Vrsqrtss, &AvxFloatImmediate.ReciprocalSquareRootScalar);
        table.Add(Mnemonic.Vrcpps, &AvxForms.Unary<PackedReciprocal>);
        table.Add(Mnemonic.Vrsqrtps, &AvxForms.Unary<PackedReciprocalSquareRoot>);
        table.Add(Mnemonic.Vdpps, &AvxFloatDot.PackedSingle);
        table.Add(Mnemonic.Vdppd, &AvxFloatDot.PackedDouble);
        table.Add(Mnemonic.Vcomiss, &SseFloatOrder.OrderedSingle);
        table.Add(Mnemonic.Vcomisd, &SseFloatOrder.OrderedDouble);
        table.Add(Mnemonic.Vucomiss, &SseFloatOrder.UnorderedSingle);
        table.Add(Mnemonic.Vucomisd, &SseFloatOrder.UnorderedDouble);
        table.Add(Mnemonic.Vhaddps, &AvxFloatForms.Mix<HorizontalSingles<FloatAdd>>);
        table.Add(Mnemonic.Vhaddpd, &AvxFloatForms.Mix<HorizontalDoubles<FloatAdd>>);
        table.Add(Mnemonic.Vhsubps, &AvxFloatForms.Mix<HorizontalSingles<FloatSubtract>>);
        table.Add(Mnemonic.Vhsubpd, &AvxFloatForms.Mix<HorizontalDoubles<FloatSubtract>>);
        table.Add(Mnemonic.Vaddsubps, &AvxFloatForms.Mix<AddSubtractSingles>);
        table.Add(Mnemonic.Vaddsubpd, &AvxFloatForms.Mix<AddSubtractDoubles>);
    }
}
