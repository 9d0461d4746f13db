using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Decode;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>The encodings that both processors have, by family.</summary>
internal sealed class CodeCatalog
{
    private readonly Dictionary<(int Bits, Family Family), Code[]> _byFamily = [];
    private readonly Func<Code, bool?> _host;
    private readonly CpuModel _model;

    /// <param name="host">Whether the host has an encoding; null if it isn't known.</param>
    public CodeCatalog(Func<Code, bool?> host, CpuModel model)
    {
        _host = host;
        _model = model;
        foreach (int bits in (ReadOnlySpan<int>)[16, 32, 64])
        {
            Code[] all = [.. Enum.GetValues<Code>().Where(code => Generated(code, bits))];
            foreach (Family family in Enum.GetValues<Family>())
            {
                _byFamily.Add((bits, family), [.. all.Where(code => Families.Of(code) == family)]);
            }
        }
    }

    /// <summary>Everything of a family that is generated for 16-, 32- or 64-bit code.</summary>
    public ReadOnlySpan<Code> Of(int bits, Family family) => _byFamily[(bits, family)];

    /// <summary>
    /// An instruction, wanted or come upon, may be run: it is nothing excluded, and the two processors agree that they have
    /// it or that they don't.
    /// </summary>
    public bool MayRun(in Instruction instruction) =>
        instruction.IsInvalid
        || (Exclusions.Reason(instruction) == null && _host(instruction.Code) == CpuidGate.Allows(_model, instruction.Code));

    private bool Generated(Code code, int bits)
    {
        OpCodeInfo info = code.ToOpCode();
        bool amd = _model.Vendor == CpuVendor.Amd;
        bool decoded = bits switch
        {
            64 => info.Mode64 && (amd ? info.AmdDecoder64 : info.IntelDecoder64),
            32 => info.Mode32 && (amd ? info.AmdDecoder32 : info.IntelDecoder32),
            _ => info.Mode16 && (amd ? info.AmdDecoder16 : info.IntelDecoder16),
        };
        return info.IsInstruction && decoded && !info.Fwait && info.DecoderOption == DecoderOptions.None
            && info.Encoding is EncodingKind.Legacy or EncodingKind.VEX
            && Exclusions.Reason(code) == null && _host(code) == true && CpuidGate.Allows(_model, code);
    }
}
