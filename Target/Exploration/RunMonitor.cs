using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>Watches a run step by step for violations.</summary>
internal sealed class RunMonitor(World world, bool stopAtViolation)
{
    private readonly List<(Violation Violation, long StepCount)> _found = [];
    private int _reportedCount;

    /// <summary>What was found in the present run, with the number of steps it took.</summary>
    public IReadOnlyList<(Violation Violation, long StepCount)> Found => _found;

    /// <summary>A run begins, or goes on after a prefix that was watched before.</summary>
    /// <param name="stepCount">The length of the prefix; what the model reported in it counts as found at its end.</param>
    /// <returns>Whether the run should end here.</returns>
    public bool BeginRun(long stepCount)
    {
        _found.Clear();
        _reportedCount = 0;
        return AfterStep(stepCount);
    }

    /// <summary>A step was taken.</summary>
    /// <returns>Whether the run should end here.</returns>
    public bool AfterStep(long stepCount)
    {
        if (world.Properties.HasStateProperties && world.Properties.FirstBrokenState() is { } property
            && !AlreadyBroken(property))
        {
            world.Report(new Violation(ViolationKind.StateProperty, property,
                $"'{property}' does not hold after step {stepCount} of {world.CurrentName}"));
        }

        if (world.ViolationCount == _reportedCount)
        {
            return false;
        }

        for (; _reportedCount < world.ViolationCount; _reportedCount++)
        {
            _found.Add((world.Violations[_reportedCount], stepCount));
        }

        return stopAtViolation;
    }

    /// <summary>Something was found out when the run was over.</summary>
    public void Add(Violation violation, long stepCount) => _found.Add((violation, stepCount));

    /// <summary>The violation of the same property in the present run, or null.</summary>
    public Violation? Find(Violation wanted)
    {
        foreach ((Violation violation, _) in _found)
        {
            if (violation.Kind == wanted.Kind && violation.Property == wanted.Property)
            {
                return violation;
            }
        }

        return null;
    }

    private bool AlreadyBroken(string property)
    {
        foreach ((Violation violation, _) in _found)
        {
            if (violation.Kind == ViolationKind.StateProperty && violation.Property == property)
            {
                return true;
            }
        }

        return false;
    }
}
