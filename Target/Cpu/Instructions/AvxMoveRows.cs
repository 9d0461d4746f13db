using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VEX-encoded moves, masked and gathered ones too.</summary>
internal static unsafe class AvxMoveRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Vmovaps, &AvxMove.Aligned);
        table.Add(Mnemonic.Vmovapd, &AvxMove.Aligned);
        table.Add(Mnemonic.Vmovdqa, &AvxMove.Aligned);
        table.Add(Mnemonic.Vmovntps, &AvxMove.Aligned);
        table.Add(Mnemonic.Vmovntpd, &AvxMove.Aligned);
        table.Add(Mnemonic.Vmovntdq, &AvxMove.Aligned);
        table.Add(Mnemonic.Vmovntdqa, &AvxMove.Aligned);
        table.Add(Mnemonic.Vmovups, &AvxMove.Unaligned);
        table.Add(Mnemonic.Vmovupd, &AvxMove.Unaligned);
        table.Add(Mnemonic.Vmovdqu, &AvxMove.Unaligned);
        table.Add(Mnemonic.Vlddqu, &AvxMove.Unaligned);
        table.Add(Code.VEX_Vmovss_xmm_xmm_xmm, &AvxMove.MergeScalar<uint>);
        table.Add(Code.VEX_Vmovss_xmm_xmm_xmm_0F11, &AvxMove.MergeScalar<uint>);
        table.Add(Code.VEX_Vmovss_xmm_m32, &AvxMove.LoadScalar<uint>);
        table.Add(Code.VEX_Vmovss_m32_xmm, &SseMove.StoreScalar<uint>);
        table.Add(Code.VEX_Vmovsd_xmm_xmm_xmm, &AvxMove.MergeScalar<ulong>);
        table.Add(Code.VEX_Vmovsd_xmm_xmm_xmm_0F11, &AvxMove.MergeScalar<ulong>);
        table.Add(Code.VEX_Vmovsd_xmm_m64, &AvxMove.LoadScalar<ulong>);
        table.Add(Code.VEX_Vmovsd_m64_xmm, &SseMove.StoreScalar<ulong>);
        table.Add(Code.VEX_Vmovq_xmm_xmmm64, &AvxMove.LoadQuadword);
        table.Add(Code.VEX_Vmovq_xmmm64_xmm, &AvxMove.StoreQuadword);
        table.Add(Code.VEX_Vmovd_xmm_rm32, &AvxMove.FromGeneral<uint>);
        table.Add(Code.VEX_Vmovq_xmm_rm64, &AvxMove.FromGeneral<ulong>);
        table.Add(Code.VEX_Vmovd_rm32_xmm, &SseElementForms.ToGeneral<uint>);
        table.Add(Code.VEX_Vmovq_rm64_xmm, &SseElementForms.ToGeneral<ulong>);
        table.Add(Code.VEX_Vmovlps_xmm_xmm_m64, &AvxMove.LoadLow);
        table.Add(Code.VEX_Vmovlps_m64_xmm, &SseMoveHalf.StoreLow);
        table.Add(Code.VEX_Vmovlpd_xmm_xmm_m64, &AvxMove.LoadLow);
        table.Add(Code.VEX_Vmovlpd_m64_xmm, &SseMoveHalf.StoreLow);
        table.Add(Code.VEX_Vmovhps_xmm_xmm_m64, &AvxMove.LoadHigh);
        table.Add(Code.VEX_Vmovhps_m64_xmm, &SseMoveHalf.StoreHigh);
        table.Add(Code.VEX_Vmovhpd_xmm_xmm_m64, &AvxMove.LoadHigh);
        table.Add(Code.VEX_Vmovhpd_m64_xmm, &SseMoveHalf.StoreHigh);
        table.Add(Mnemonic.Vmovhlps, &AvxMove.HighToLow);
        table.Add(Mnemonic.Vmovlhps, &AvxMove.LowToHigh);
        table.Add(Mnemonic.Vmovsldup, &AvxForms.Unary<DuplicateEvenSingles>);
        table.Add(Mnemonic.Vmovshdup, &AvxForms.Unary<DuplicateOddSingles>);
        table.Add(Mnemonic.Vmovddup, &AvxForms.Unary<DuplicateLowDouble>);
        table.Add(Mnemonic.Vmaskmovdqu, &SseMoveHalf.MaskedStore);
        table.Add(Mnemonic.Vldmxcsr, &SseControl.Load);
        table.Add(Mnemonic.Vstmxcsr, &SseControl.Store);
        table.Add(Mnemonic.Vzeroupper, &AvxMove.ZeroUpper);
        table.Add(Mnemonic.Vzeroall, &AvxMove.ZeroAll);
        table.Add(Code.VEX_Vmaskmovps_xmm_xmm_m128, &AvxMaskMove.Load<int>);
        table.Add(Code.VEX_Vmaskmovps_m128_xmm_xmm, &AvxMaskMove.Store<int>);
        table.Add(Code.VEX_Vmaskmovps_ymm_ymm_m256, &AvxMaskMove.Load<int>);
        table.Add(Code.VEX_Vmaskmovps_m256_ymm_ymm, &AvxMaskMove.Store<int>);
        table.Add(Code.VEX_Vmaskmovpd_xmm_xmm_m128, &AvxMaskMove.Load<long>);
        table.Add(Code.VEX_Vmaskmovpd_m128_xmm_xmm, &AvxMaskMove.Store<long>);
        table.Add(Code.VEX_Vmaskmovpd_ymm_ymm_m256, &AvxMaskMove.Load<long>);
        table.Add(Code.VEX_Vmaskmovpd_m256_ymm_ymm, &AvxMaskMove.Store<long>);
        table.Add(Code.VEX_Vpmaskmovd_xmm_xmm_m128, &AvxMaskMove.Load<int>);
        table.Add(Code.VEX_Vpmaskmovd_m128_xmm_xmm, &AvxMaskMove.Store<int>);
        table.Add(Code.VEX_Vpmaskmovd_ymm_ymm_m256, &AvxMaskMove.Load<int>);
        table.Add(Code.VEX_Vpmaskmovd_m256_ymm_ymm, &AvxMaskMove.Store<int>);
        table.Add(Code.VEX_Vpmaskmovq_xmm_xmm_m128, &AvxMaskMove.Load<long>);
        table.Add(Code.VEX_Vpmaskmovq_m128_xmm_xmm, &AvxMaskMove.Store<long>);
        table.Add(Code.VEX_Vpmaskmovq_ymm_ymm_m256, &AvxMaskMove.Load<long>);
        table.Add(Code.VEX_Vpmaskmovq_m256_ymm_ymm, &AvxMaskMove.Store<long>);
        table.Add(Code.VEX_Vpgatherdd_xmm_vm32x_xmm, &AvxGather.Run<int, int, FourElements>);
        table.Add(Code.VEX_Vpgatherdd_ymm_vm32y_ymm, &AvxGather.Run<int, int, EightElements>);
        table.Add(Code.VEX_Vgatherdps_xmm_vm32x_xmm, &AvxGather.Run<int, int, FourElements>);
        table.Add(Code.VEX_Vgatherdps_ymm_vm32y_ymm, &AvxGather.Run<int, int, EightElements>);
        table.Add(Code.VEX_Vpgatherdq_xmm_vm32x_xmm, &AvxGather.Run<int, long, TwoElements>);
        table.Add(Code.VEX_Vpgatherdq_ymm_vm32x_ymm, &AvxGather.Run<int, long, FourElements>);
        table.Add(Code.VEX_Vgatherdpd_xmm_vm32x_xmm, &AvxGather.Run<int, long, TwoElements>);
        table.Add(Code.VEX_Vgatherdpd_ymm_vm32x_ymm, &AvxGather.Run<int, long, FourElements>);
        table.Add(Code.VEX_Vpgatherqd_xmm_vm64x_xmm, &AvxGather.Run<long, int, TwoElements>);
        table.Add(Code.VEX_Vpgatherqd_xmm_vm64y_xmm, &AvxGather.Run<long, int, FourElements>);
        table.Add(Code.VEX_Vgatherqps_xmm_vm64x_xmm, &AvxGather.Run<long, int, TwoElements>);
        table.Add(Code.VEX_Vgatherqps_xmm_vm64y_xmm, &AvxGather.Run<long, int, FourElements>);
        table.Add(Code.VEX_Vpgatherqq_xmm_vm64x_xmm, &AvxGather.Run<long, long, TwoElements>);
        table.Add(Code.VEX_Vpgatherqq_ymm_vm64y_ymm, &AvxGather.Run<long, long, FourElements>);
        table.Add(Code.VEX_Vgatherqpd_xmm_vm64x_xmm, &AvxGather.Run<long, long, TwoElements>);
        table.Add(Code.VEX_Vgatherqpd_ymm_vm64y_ymm, &AvxGather.Run<long, long, FourElements>);
    }
}
