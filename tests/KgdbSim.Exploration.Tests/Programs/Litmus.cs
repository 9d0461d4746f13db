using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Programs;

/// <summary>What one instruction of a litmus test does.</summary>
internal enum LitmusKind
{
    Store,
    Load,
    Exchange,
    Fence,
}

/// <summary>One instruction; <c>x=1</c>, <c>r1=x</c>, <c>r1=xchg(x,1)</c>, <c>mfence</c>.</summary>
internal sealed record LitmusInstruction(LitmusKind Kind, string Location, int Value, string Register)
{
    public static LitmusInstruction Parse(string text)
    {
        if (text == "mfence")
        {
            return new LitmusInstruction(LitmusKind.Fence, "", 0, "");
        }

        string[] sides = text.Split('=', 2);
        if (int.TryParse(sides[1], out int value))
        {
            return new LitmusInstruction(LitmusKind.Store, sides[0], value, "");
        }

        if (!sides[1].StartsWith("xchg", StringComparison.Ordinal))
        {
            return new LitmusInstruction(LitmusKind.Load, sides[1], 0, sides[0]);
        }

        string[] operands = sides[1]["xchg(".Length..^1].Split(',');
        return new LitmusInstruction(LitmusKind.Exchange, operands[0], int.Parse(operands[1]), sides[0]);
    }
}

/// <summary>
/// A litmus test in the notation of the literature: threads separated by <c>|</c>, instructions by <c>;</c>. Everything is 0
/// at first. An outcome names all registers and the final values of all locations.
/// </summary>
internal sealed class LitmusProgram : IProgram
{
    private readonly Func<StepContext, ValueTask>[] _bodies;
    private readonly Dictionary<string, SharedCell<int>> _cells = [];
    private readonly Dictionary<string, int> _registers = [];

    public LitmusProgram(string name, string text)
    {
        Name = $"litmus/{name}";
        Threads = [.. text.Split('|').Select(thread => thread.Split(';', StringSplitOptions.TrimEntries)
            .Select(LitmusInstruction.Parse).ToArray())];
        LitmusInstruction[] all = [.. Threads.SelectMany(thread => thread)];
        Locations = [.. all.Select(i => i.Location).Where(l => l.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        Registers = [.. all.Select(i => i.Register).Where(r => r.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        _bodies = [.. Threads.Select(thread => (Func<StepContext, ValueTask>)(t => Body(t, thread)))];
    }

    public string Name { get; }

    public LitmusInstruction[][] Threads { get; }

    public string[] Locations { get; }

    public string[] Registers { get; }

    /// <summary>How an outcome is spelled.</summary>
    public string Spell(Func<string, int> register, Func<string, int> location) =>
        string.Join(' ', Registers.Select(r => $"{r}={register(r)}").Concat(Locations.Select(l => $"{l}={location(l)}")));

    public void SetUp(World world)
    {
        _registers.Clear();
        foreach (string location in Locations)
        {
            _cells[location] = world.Cell(location, 0);
        }

        for (int i = 0; i < _bodies.Length; i++)
        {
            world.Spawn($"P{i}", _bodies[i]);
        }

        world.Outcome(writer =>
        {
            foreach (string register in Registers)
            {
                writer.Add(register, _registers[register]);
            }

            foreach (string location in Locations)
            {
                writer.Add(location, _cells[location].Value);
            }
        });
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Body(StepContext t, LitmusInstruction[] thread)
    {
        foreach (LitmusInstruction instruction in thread)
        {
            switch (instruction.Kind)
            {
                case LitmusKind.Store:
                    await _cells[instruction.Location].Write(t, instruction.Value);
                    break;
                case LitmusKind.Load:
                    _registers[instruction.Register] = await _cells[instruction.Location].Read(t);
                    break;
                case LitmusKind.Exchange:
                    _registers[instruction.Register] = await _cells[instruction.Location].Exchange(t, instruction.Value);
                    break;
                default:
                    await t.Fence();
                    break;
            }
        }
    }
}
