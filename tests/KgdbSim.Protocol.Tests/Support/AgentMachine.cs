using System.Globalization;
using KgdbSim.Protocol.AgentExpressions;

namespace KgdbSim.Protocol.Tests.Support;

/// <summary>Registers and memory for agent expressions, as given in <c>Corpora/agent-expressions.txt</c>.</summary>
internal sealed class AgentMachine : IAgentContext
{
    private readonly Dictionary<int, ulong> _registers = [];
    private readonly List<(ulong Start, byte[] Bytes)> _memory = [];

    /// <summary>The machine that the corpus describes.</summary>
    public static AgentMachine FromCorpus()
    {
        var machine = new AgentMachine();
        foreach (string[] words in Corpus.Lines("agent-expressions.txt").Select(line => line.Split(' ')))
        {
            if (words[0] == "reg")
            {
                machine._registers.Add(int.Parse(words[1]), Number(words[2]));
            }
            else if (words[0] == "mem")
            {
                machine._memory.Add((Number(words[1]), Convert.FromHexString(words[2])));
            }
        }

        return machine;
    }

    /// <summary>Bytecode, value and text of every expression of the corpus.</summary>
    public static IEnumerable<(string Code, ulong Value, string Text)> Expressions() =>
        from line in Corpus.Lines("agent-expressions.txt")
        let words = line.Split(' ', 3)
        where words[0] is not ("reg" or "mem")
        select (words[0], Number(words[1]), words[2]);

    public bool TryReadRegister(int number, out ulong value) => _registers.TryGetValue(number, out value);

    public bool TryReadMemory(ulong address, scoped Span<byte> destination)
    {
        foreach ((ulong start, byte[] bytes) in _memory)
        {
            if (address >= start && address - start + (uint)destination.Length <= (uint)bytes.Length)
            {
                bytes.AsSpan((int)(address - start), destination.Length).CopyTo(destination);
                return true;
            }
        }

        return false;
    }

    private static ulong Number(string digits) => ulong.Parse(digits, NumberStyles.HexNumber);
}
