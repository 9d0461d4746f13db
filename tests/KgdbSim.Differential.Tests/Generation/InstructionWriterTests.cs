using Iced.Intel;
using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Differential.Tests.Generation;

public sealed class InstructionWriterTests
{
    private static readonly CodeCatalog Catalog = new(_ => true, new CpuModel("amd", CpuVendor.Amd));

    [Fact]
    public void Every_encoding_can_be_written()
    {
        string[] never = [.. Catalog.All.Where(code => !Written(code)).Select(code => code.ToString())];
        Assert.True(never.Length == 0, $"never decoded as wanted: {string.Join(' ', never)}");
    }

    [Fact]
    public void What_was_excluded_is_not_in_the_catalog()
    {
        Assert.DoesNotContain(Code.Cpuid, Catalog.All);
        Assert.DoesNotContain(Code.Syscall, Catalog.All);
        Assert.DoesNotContain(Code.Vmmcall, Catalog.All);
        Assert.Contains(Code.Add_rm8_r8, Catalog.All);
        Assert.Contains(Code.Hlt, Catalog.All);
    }

    /// <summary>Iced's decoder finds the encoding that was wanted in at least one of many tries.</summary>
    private static bool Written(Code code)
    {
        Span<byte> buffer = stackalloc byte[Layout.SnippetMax];
        for (ulong entropy = 1; entropy < 50; entropy++)
        {
            var bytes = new InstructionBytes(buffer);
            InstructionWriter.Write(code, new Dice(entropy * (ulong)code), RegisterPolicy.Any, noise: 0, ref bytes);
            var decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes.Bytes.ToArray()), DecoderOptions.AMD);
            if (decoder.Decode().Code == code && decoder.IP == (ulong)bytes.Length)
            {
                return true;
            }
        }

        return false;
    }
}
