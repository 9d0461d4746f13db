using Iced.Intel;
using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Differential.Tests.Generation;

public sealed class InstructionWriterTests
{
    private static readonly CodeCatalog Catalog = new(_ => true, new CpuModel("amd", CpuVendor.Amd));

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    [InlineData(16)]
    public void Every_encoding_can_be_written(int bits)
    {
        string[] never = [.. All(bits).Where(code => !Written(code, bits)).Select(code => code.ToString())];
        Assert.True(never.Length == 0, $"never decoded as wanted: {string.Join(' ', never)}");
    }

    [Fact]
    public void What_was_excluded_is_not_in_the_catalog()
    {
        Assert.DoesNotContain(Code.Cpuid, All(64));
        Assert.DoesNotContain(Code.Syscall, All(64));
        Assert.DoesNotContain(Code.Vmmcall, All(64));
        Assert.DoesNotContain(Code.Pushaw, All(64));
        Assert.Contains(Code.Pushaw, All(16));
        Assert.Contains(Code.Add_rm8_r8, All(64));
        Assert.Contains(Code.Hlt, All(64));
    }

    private static IEnumerable<Code> All(int bits) =>
        Enum.GetValues<Family>().SelectMany(family => Catalog.Of(bits, family).ToArray());

    /// <summary>Iced's decoder finds the encoding that was wanted in at least one of many tries.</summary>
    private static bool Written(Code code, int bits)
    {
        Span<byte> buffer = stackalloc byte[Layout.SnippetMax];
        for (ulong entropy = 1; entropy < 200; entropy++)
        {
            var bytes = new InstructionBytes(buffer);
            InstructionWriter.Write(code, bits, new Dice(entropy * (ulong)code), RegisterPolicy.Any, noise: 0, ref bytes);
            var decoder = Decoder.Create(bits, new ByteArrayCodeReader(bytes.Bytes.ToArray()), DecoderOptions.AMD);
            if (decoder.Decode().Code == code && decoder.IP == (ulong)bytes.Length)
            {
                return true;
            }
        }

        return false;
    }
}
