using System.Globalization;
using System.Text.Json;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// The position of a reduction as JSON: the path of the last execution, and for each of its levels who sleeps and what is
/// planned. What the executions before left behind (the numbers given to processes, locations and footprints) goes first, in
/// order, so that the reader gives out the same ones.
/// </summary>
internal static class ReductionCheckpoint
{
    public static void Write(
        Utf8JsonWriter writer, World world, ExecutionLog log, Levels levels, WakeupTree tree, SleepSets sleep)
    {
        WriteNumbers(writer, "processes", world.StableIdOrigins.SelectMany(origin => new[] { origin.Creator, origin.Ordinal }));
        writer.WriteStartArray("locations");
        for (int id = 1; id < world.Locations.Count; id++)
        {
            writer.WriteStringValue(world.Locations.KeyOf(id).ToString("x", CultureInfo.InvariantCulture));
        }

        writer.WriteEndArray();
        writer.WriteStartArray("footprints");
        for (int i = 0; i < log.Footprints.Count; i++)
        {
            WriteNumbers(writer, null, log.Footprints[i].ToArray().SelectMany(access => new[] { access.Location, (int)access.Kind }));
        }

        writer.WriteEndArray();
        EventTable events = log.Events;
        WriteNumbers(writer, "path", Enumerable.Range(0, events.Count)
            .SelectMany(i => new[] { events[i].Process, events[i].Alternative }));
        writer.WriteStartArray("levels");
        for (int level = 0; level < events.Count; level++)
        {
            WriteLevel(writer, ref levels[level], tree, sleep.At(level));
        }

        writer.WriteEndArray();
    }

    /// <summary>Gives out the numbers as they were given out before.</summary>
    public static void ReadNumbering(JsonElement saved, World world, FootprintTable footprints)
    {
        int id = 0;
        foreach (int[] origin in Numbers(saved.GetProperty("processes")).Chunk(2))
        {
            Require(world.RestoreStableId(origin[0], origin[1]) == id++);
        }

        id = 1;
        foreach (JsonElement key in saved.GetProperty("locations").EnumerateArray())
        {
            ulong number = ulong.Parse(key.GetString() ?? "", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            Require(world.Locations.Intern(number) == id++);
        }

        id = 0;
        foreach (JsonElement footprint in saved.GetProperty("footprints").EnumerateArray())
        {
            (int, AccessKind)[] accesses = [.. Numbers(footprint).Chunk(2).Select(pair => (pair[0], (AccessKind)pair[1]))];
            Require(footprints.Intern(accesses) == id++);
        }
    }

    /// <summary>The path: a process and the number it drew, per event.</summary>
    public static IEnumerable<(int Process, int Alternative)> ReadPath(JsonElement saved) =>
        Numbers(saved.GetProperty("path")).Chunk(2).Select(pair => (pair[0], pair[1]));

    public static void ReadLevels(JsonElement saved, Levels levels, WakeupTree tree, SleepSets sleep, int footprintCount)
    {
        int level = 0;
        sleep.Clear();
        foreach (JsonElement json in saved.GetProperty("levels").EnumerateArray())
        {
            ref Level state = ref levels[level];
            state = Level.Start(WakeupTree.NodeList.Empty, json.GetProperty("bits").GetInt32());
            state.IsFork = json.GetProperty("fork").GetBoolean();
            state.ExploredCount = json.GetProperty("explored").GetInt32();
            state.IsFull = json.GetProperty("full").GetBoolean();
            sleep.BeginLevel(level);
            foreach (int[] s in Numbers(json.GetProperty("sleep")).Chunk(5))
            {
                Require(s.Length == 5 && s[3] >= 0 && s[3] < footprintCount);
                sleep.Add(level, new Sleeper(new PlannedStep(s[0], s[1], s[2], s[3]), s[4] != 0));
            }

            ReadTree(Numbers(json.GetProperty("pending")), ref state.Pending, tree, footprintCount);
            level++;
        }
    }

    private static void WriteLevel(Utf8JsonWriter writer, ref Level level, WakeupTree tree, ReadOnlySpan<Sleeper> sleepers)
    {
        writer.WriteStartObject();
        writer.WriteNumber("bits", level.BitsBefore);
        writer.WriteBoolean("fork", level.IsFork);
        writer.WriteNumber("explored", level.ExploredCount);
        writer.WriteBoolean("full", level.IsFull);
        WriteNumbers(writer, "sleep", sleepers.ToArray()
            .SelectMany(s => new[]
            {
                s.Step.Process, s.Step.Alternative, s.Step.AlternativeCount, s.Step.Footprint, s.IsFromFullLevel ? 1 : 0,
            }));
        List<int> nodes = [];
        Flatten(tree, level.Pending.First, nodes);
        WriteNumbers(writer, "pending", nodes);
        writer.WriteEndObject();
    }

    /// <summary>Nodes in preorder, each with its depth: sequences are too long to nest.</summary>
    private static void Flatten(WakeupTree tree, int first, List<int> nodes)
    {
        Stack<(int Node, int Depth)> open = new();
        open.Push((first, 0));
        while (open.TryPop(out (int Node, int Depth) next))
        {
            if (next.Node == WakeupTree.None)
            {
                continue;
            }

            ref WakeupTree.Node node = ref tree[next.Node];
            PlannedStep step = node.Step;
            nodes.AddRange([next.Depth, step.Process, step.Alternative, step.AlternativeCount, step.Footprint]);
            open.Push((node.Next, next.Depth));
            open.Push((node.Children.First, next.Depth + 1));
        }
    }

    private static void ReadTree(int[] nodes, ref WakeupTree.NodeList roots, WakeupTree tree, int footprintCount)
    {
        List<int> ancestors = [];
        foreach (int[] n in nodes.Chunk(5))
        {
            int depth = n[0];
            Require(n.Length == 5 && depth >= 0 && depth <= ancestors.Count && n[4] >= -1 && n[4] < footprintCount);
            ancestors.RemoveRange(depth, ancestors.Count - depth);
            PlannedStep step = new(n[1], n[2], n[3], n[4]);
            ancestors.Add(depth == 0 ? tree.Append(ref roots, step) : tree.AppendChild(ancestors[depth - 1], step));
        }
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string? name, IEnumerable<int> numbers)
    {
        if (name is null)
        {
            writer.WriteStartArray();
        }
        else
        {
            writer.WriteStartArray(name);
        }

        foreach (int number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new CheckpointException("The checkpoint's position makes no sense for this program.");
        }
    }
}
