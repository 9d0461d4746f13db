using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>A stretch of a lane in which a context is on the CPU, interruptions by inner contexts included.</summary>
/// <param name="Lane">Index of the lane.</param>
/// <param name="Context">Who.</param>
/// <param name="Depth">How many contexts it has interrupted.</param>
/// <param name="First">Index of its first step in the list of steps.</param>
/// <param name="Last">Index of its last step, or of that of a context inside it.</param>
internal sealed record ContextSpan(int Lane, string Context, int Depth, int First, int Last)
{
    /// <summary>
    /// The spans of all lanes, by first step; of one lane they nest or are disjoint. Where steps know how deep their contexts
    /// are stacked, a deeper one is inside. Where they don't, one that goes on after another has had steps was interrupted by
    /// it, and one that begins after another's last step follows it.
    /// </summary>
    public static IReadOnlyList<ContextSpan> Of(IReadOnlyList<StepRecord> steps, Lanes lanes)
    {
        Dictionary<(int Lane, string Context), int> lastSteps = [];
        for (int i = 0; i < steps.Count; i++)
        {
            lastSteps[(lanes.IndexOf(steps[i]), steps[i].Context)] = i;
        }

        List<ContextSpan> ended = [];
        List<ContextSpan>[] open = [.. lanes.All.Select(_ => new List<ContextSpan>())];
        for (int i = 0; i < steps.Count; i++)
        {
            int lane = lanes.IndexOf(steps[i]);
            string context = steps[i].Context;
            List<ContextSpan> stack = open[lane];
            bool goesOn = stack.Exists(span => span.Context == context);
            while (stack.Count > 0 && stack[^1].Context != context && (goesOn || IsOver(stack[^1], i)))
            {
                ended.Add(stack[^1]);
                stack.RemoveAt(stack.Count - 1);
            }

            if (stack.Count == 0 || stack[^1].Context != context)
            {
                stack.Add(new ContextSpan(lane, context, stack.Count, i, i));
            }

            for (int depth = 0; depth < stack.Count; depth++)
            {
                stack[depth] = stack[depth] with { Last = i };
            }
        }

        return [.. ended.Concat(open.SelectMany(stack => stack)).OrderBy(span => span.First).ThenBy(span => span.Depth)];

        bool IsOver(ContextSpan span, int next) => steps[span.First].Depth is { } outer && steps[next].Depth is { } inner
            ? outer >= inner
            : lastSteps[(span.Lane, span.Context)] < next;
    }
}
