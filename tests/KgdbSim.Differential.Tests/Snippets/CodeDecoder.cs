using Iced.Intel;

namespace KgdbSim.Differential.Tests.Snippets;

/// <summary>Iced's decoders for 16-, 32- and 64-bit code over one buffer of a snippet and the INT3s behind it.</summary>
internal sealed class CodeDecoder
{
    private readonly byte[] _bytes = new byte[Layout.SnippetMax + 16];
    private readonly ByteArrayCodeReader _reader;
    private readonly Decoder[] _decoders;

    public CodeDecoder(bool amd)
    {
        DecoderOptions options = amd ? DecoderOptions.AMD : DecoderOptions.None;
        _reader = new ByteArrayCodeReader(_bytes);
        _decoders = [Decoder.Create(16, _reader, options), Decoder.Create(32, _reader, options), Decoder.Create(64, _reader, options)];
    }

    public void Fill(ReadOnlySpan<byte> code)
    {
        code.CopyTo(_bytes);
        _bytes.AsSpan(code.Length).Fill(Layout.Filler);
    }

    /// <param name="at">Offset in the code.</param>
    /// <param name="bits">16, 32 or 64.</param>
    public void Decode(int at, ulong rip, int bits, out Instruction instruction)
    {
        Decoder decoder = _decoders[bits >> 5];
        _reader.Position = at;
        decoder.IP = rip;
        decoder.Decode(out instruction);
    }
}
