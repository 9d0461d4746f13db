using System.Text.RegularExpressions;
using KgdbSim.Oracle.Tests.Fakes;

namespace KgdbSim.Oracle.Tests.Facts;

/// <summary>The table's rules beyond any sample: packets by the thousand, on the rebuilt stage.</summary>
public sealed class GeneratedPacketTests
{
    private const int PacketCount = 1500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Each_reply_is_the_table_s_and_an_error_changes_nothing(int seed)
    {
        using var bench = StageBench.Stopped();
        var model = new FactModel();
        var grammar = new PacketGrammar(seed);
        string before = State(bench);
        for (int i = 0; i < PacketCount; i++)
        {
            string packet = grammar.Next();
            string? expected = model.Predict(packet);
            string actual = bench.Ask(packet);
            string repeat = $"seed {seed}, packet {i}: {packet} -> {actual}";
            if (expected is not null)
            {
                Assert.True(Regex.IsMatch(actual, $"^({expected})$"), $"{repeat}, the facts say {expected}");
            }

            model.Observe(packet, actual);
            string after = State(bench);
            bool writes = packet.Length > 0 && packet[0] is 'M' or 'X' or 'P' or 'G' && actual == "OK";
            Assert.True(writes || before == after, $"{repeat} changed {before}\nto {after}");
            before = after;
        }
    }

    /// <summary>What packets can show and none of those above may change but by saying OK; DR7 is as kgdb left it at the stop.</summary>
    private static string State(StageBench bench) =>
        $"{bench.Controls()} {bench.Ask($"m{FactModel.Buffer:x},10")} {bench.Ask($"m{FactModel.Buffer + 0x7f8:x},10")}"
        + $" {bench.Ask($"m{FactModel.Buffer + 0xff0:x},10")} {bench.Ask($"m{FactModel.Code:x},40")} {bench.Ask($"m{FactModel.ReadOnly:x},8")}";
}
