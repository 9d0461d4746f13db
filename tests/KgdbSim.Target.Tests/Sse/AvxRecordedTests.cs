using System.Globalization;
using System.IO.Compression;
using System.Runtime.Intrinsics;
using System.Text.Json;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>
/// AVX, AVX2, FMA and F16C against results recorded on a real CPU (AMD Zen 4), one of every encoding. A record has the
/// instruction's bytes b, MXCSR mx, YMM0-YMM4 y, RAX RCX RDX r and the memory m at RSI and RDI before, zero bytes at an
/// end left out; o has what it changed, the status flags fl, and f for a numeric exception.
/// </summary>
public sealed unsafe class AvxRecordedTests
{
    private const int MemorySize = 320;

    [Fact]
    public void Every_encoding_agrees_with_the_recorded_cpu()
    {
        using var machine = new VectorMachine();
        machine.Cpu.State->Xcr0 = 7;
        var failures = new List<string>();
        int count = 0;
        foreach (JsonElement record in Records())
        {
            count++;
            string? failure = Run(machine, record);
            if (failure is not null)
            {
                failures.Add(failure);
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.NotEqual(0, count);
    }

    private static IEnumerable<JsonElement> Records()
    {
        Stream stream = typeof(AvxRecordedTests).Assembly.GetManifestResourceStream("Sse.Avx.jsonl.gz")
            ?? throw new InvalidOperationException("the recorded AVX results are not embedded in this assembly");
        using var reader = new StreamReader(new GZipStream(stream, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    private static string? Run(VectorMachine machine, JsonElement record)
    {
        CpuState* s = machine.Cpu.State;
        byte[] code = Convert.FromHexString(record.GetProperty("b").GetString()!);
        for (int i = 0; i < 5; i++)
        {
            *AvxAccess.Ymm(s, i) = Vector256.Create(Bytes(record.GetProperty("y")[i], 32));
        }

        for (int i = 0; i < 3; i++)
        {
            s->Gpr[i] = Number(record.GetProperty("r")[i]);
        }

        s->Gpr[6] = s->Gpr[7] = VectorMachine.DataAddress;
        s->Mxcsr = (uint)Number(record.GetProperty("mx"));
        machine.WriteData(0, Bytes(record.GetProperty("m"), MemorySize));
        machine.Cpu.SetRflags(Flags.Reserved1);
        int? raised = machine.Step(code);
        string differences = string.Join("; ", Differences(machine, record, raised));
        return differences.Length == 0
            ? null
            : $"{record.GetProperty("n").GetString()} {InstructionDecoder.Disassemble(code, 0, 64)} "
                + $"({Convert.ToHexString(code)}): {differences}";
    }

    private static IEnumerable<string> Differences(VectorMachine machine, JsonElement record, int? raised)
    {
        JsonElement outcome = record.GetProperty("o");
        bool faults = outcome.TryGetProperty("f", out _);
        if (raised != (faults ? 19 : null))
        {
            yield return $"expected {(faults ? "#XM" : "no fault")}, got vector {raised?.ToString() ?? "none"}";
        }

        JsonElement mxcsr = outcome.TryGetProperty("mx", out JsonElement changed) ? changed : record.GetProperty("mx");
        if (Number(mxcsr) != State(machine).Mxcsr)
        {
            yield return $"mxcsr expected {mxcsr}, got {State(machine).Mxcsr:x}";
        }

        for (int i = 0; i < 5; i++)
        {
            byte[] expected = Bytes(Changed(outcome, "y", i) ?? record.GetProperty("y")[i], 32);
            byte[] got = Ymm(machine, i);
            if (!expected.AsSpan().SequenceEqual(got))
            {
                yield return $"ymm{i} expected {Convert.ToHexString(expected)}, got {Convert.ToHexString(got)}";
            }
        }

        for (int i = 0; i < 3; i++)
        {
            ulong expected = Number(Changed(outcome, "r", i) ?? record.GetProperty("r")[i]);
            if (expected != Gpr(machine, i))
            {
                yield return $"gpr {i} expected {expected:x}, got {Gpr(machine, i):x}";
            }
        }

        ulong flags = outcome.TryGetProperty("fl", out JsonElement fl) ? Number(fl) : 0;
        if (!faults && (State(machine).Rflags & Flags.Status) != flags)
        {
            yield return $"flags expected {flags:x}, got {State(machine).Rflags & Flags.Status:x}";
        }

        byte[] memory = Bytes(outcome.TryGetProperty("m", out JsonElement m) ? m : record.GetProperty("m"), MemorySize);
        if (!memory.AsSpan().SequenceEqual(machine.ReadData(0, MemorySize)))
        {
            yield return "memory differs";
        }
    }

    private static CpuState State(VectorMachine machine) => *machine.Cpu.State;

    private static ulong Gpr(VectorMachine machine, int index) => machine.Cpu.State->Gpr[index];

    private static byte[] Ymm(VectorMachine machine, int index)
    {
        byte[] bytes = new byte[32];
        AvxAccess.Ymm(machine.Cpu.State, index)->CopyTo(bytes);
        return bytes;
    }

    private static JsonElement? Changed(JsonElement outcome, string name, int index) =>
        outcome.TryGetProperty(name, out JsonElement changes)
        && changes.TryGetProperty(index.ToString(CultureInfo.InvariantCulture), out JsonElement value)
            ? value
            : null;

    private static byte[] Bytes(JsonElement element, int size)
    {
        byte[] bytes = new byte[size];
        Convert.FromHexString(element.GetString()!).CopyTo(bytes, 0);
        return bytes;
    }

    private static ulong Number(JsonElement element) =>
        ulong.Parse(element.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
