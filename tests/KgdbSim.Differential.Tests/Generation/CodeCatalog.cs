using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Decode;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>The encodings that both processors have, by family.</summary>
internal sealed class CodeCatalog
{
    private readonly Code[][] _byFamily;
    private readonly Func<Code, bool?> _host;
    private readonly CpuModel _model;

    /// <param name="host">Whether the host has an encoding; null if it isn't known.</param>
    public CodeCatalog(Func<Code, bool?> host, CpuModel model)
    {
        _host = host;
        _model = model;
        Code[] all = [.. Enum.GetValues<Code>().Where(Generated)];
        _byFamily = [.. Enum.GetValues<Family>().Select(family => all.Where(code => Families.Of(code) == family).ToArray())];
        All = all;
    }

    /// <summary>Everything that is generated.</summary>
    public IReadOnlyList<Code> All { get; }

    public ReadOnlySpan<Code> Of(Family family) => _byFamily[(int)family];

    /// <summary>
    /// An instruction, wanted or come upon, may be run: it is nothing excluded, and the two processors agree that they have
    /// it or that they don't.
    /// </summary>
    public bool MayRun(in Instruction instruction) =>
        instruction.IsInvalid
        || (Exclusions.Reason(instruction) == null && _host(instruction.Code) == CpuidGate.Allows(_model, instruction.Code));

    private bool Generated(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        bool decoded = _model.Vendor == CpuVendor.Amd ? info.AmdDecoder64 : info.IntelDecoder64;
        return info.IsInstruction && info.Mode64 && decoded && !info.Fwait && info.DecoderOption == DecoderOptions.None
            && info.Encoding is EncodingKind.Legacy or EncodingKind.VEX
            && Exclusions.Reason(code) == null && _host(code) == true && CpuidGate.Allows(_model, code);
    }
}
