namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// The dependencies between lock classes and the breadth-first search through them: __bfs()@6.1. (2.6.30 searches depth first and may
/// so name a longer path; what it finds is the same.)
/// </summary>
internal sealed class DependencyGraph
{
    private readonly List<Dependency> _pool = [];
    private Node[] _queue = new Node[64];
    private long _search;
    private int _end;

    /// <summary>How many dependencies there are.</summary>
    public int Count { get; private set; }

    /// <summary>The dependency between two classes, or null.</summary>
    public static Dependency? Find(LockClass from, LockClass to)
    {
        List<Dependency> after = from.After;
        for (int i = 0; i < after.Count; i++)
        {
            if (ReferenceEquals(after[i].To, to))
            {
                return after[i];
            }
        }

        return null;
    }

    /// <summary>Records a dependency that <see cref="Find(LockClass, LockClass)"/> doesn't know.</summary>
    public void Add(LockClass from, LockClass to, DependencyStrength strength, bool isDirect, CallSite site)
    {
        if (Count == _pool.Count)
        {
            _pool.Add(new Dependency());
        }

        Dependency dependency = _pool[Count++];
        dependency.Set(from, to, strength, isDirect, site);
        from.After.Add(dependency);
        to.Before.Add(dependency);
    }

    /// <summary>
    /// The nearest class that fits, searching along the arrows or against them; null if none does.
    /// </summary>
    /// <param name="root">Where to start; itself a candidate unless <paramref name="target"/> excludes it.</param>
    /// <param name="isWeak">Whether the lock at the root was taken in a way that only some others exclude.</param>
    /// <param name="isForward">Along the arrows.</param>
    /// <param name="target">What is looked for.</param>
    public DependencyPath? Search<TTarget>(LockClass root, bool isWeak, bool isForward, TTarget target)
        where TTarget : struct, ISearchTarget
    {
        int found = Find(root, isWeak, isForward, target);
        return found < 0 ? null : PathTo(found);
    }

    /// <summary>All that the classes reached are used for; what only recursive readers reach, for writing (usage_accumulate()@6.1).</summary>
    public UsageBits CollectUsage(LockClass root, bool isWeak, bool isForward)
    {
        Find(root, isWeak, isForward, default(NoTarget));
        UsageBits all = default;
        for (int i = 0; i < _end; i++)
        {
            Node node = _queue[i];
            all |= node.IsWeak ? node.Class.Usage.Writes : node.Class.Usage;
        }

        return all;
    }

    /// <summary>How many classes can be reached, the root included: lockdep_count_forward_deps(), _backward_deps().</summary>
    public int CountReachable(LockClass root, bool isForward)
    {
        Find(root, isWeak: false, isForward, default(NoTarget));
        int count = 0;
        for (int i = 0; i < _end; i++)
        {
            // A class reached both weakly and strongly stands in the queue twice.
            Node node = _queue[i];
            count += node.IsWeak && node.Class.SeenBy[0] == _search ? 0 : 1;
        }

        return count;
    }

    internal void Reset() => Count = 0;

    private int Find<TTarget>(LockClass root, bool isWeak, bool isForward, TTarget target)
        where TTarget : struct, ISearchTarget
    {
        _search++;
        root.SeenBy[isWeak ? 1 : 0] = _search;
        _queue[0] = new Node(root, null, -1, isWeak);
        _end = 1;
        for (int head = 0; head < _end; head++)
        {
            Node node = _queue[head];
            if (target.Matches(node.Class, node.IsWeak, head == 0))
            {
                return head;
            }

            List<Dependency> steps = isForward ? node.Class.After : node.Class.Before;
            for (int i = 0; i < steps.Count; i++)
            {
                Dependency step = steps[i];
                DependencyStrength met = isForward ? step.Strength : DependencyStrengths.Backward(step.Strength);
                DependencyStrength left = DependencyStrengths.After(met, node.IsWeak);
                LockClass next = isForward ? step.To : step.From;
                bool weak = DependencyStrengths.IsWeak(left);
                if (left != DependencyStrength.None && next.SeenBy[weak ? 1 : 0] != _search)
                {
                    next.SeenBy[weak ? 1 : 0] = _search;
                    Enqueue(_end++, new Node(next, step, head, weak));
                }
            }
        }

        return -1;
    }

    private void Enqueue(int at, Node node)
    {
        if (at == _queue.Length)
        {
            Array.Resize(ref _queue, at * 2);
        }

        _queue[at] = node;
    }

    private DependencyPath PathTo(int found)
    {
        var steps = new List<Dependency>();
        var classes = new List<LockClass>();
        for (int at = found; at >= 0; at = _queue[at].Parent)
        {
            classes.Add(_queue[at].Class);
            if (_queue[at].Via is { } step)
            {
                steps.Add(step);
            }
        }

        classes.Reverse();
        steps.Reverse();
        return new DependencyPath(classes, steps);
    }

    /// <summary>A class reached, how, and whether only recursive readers get there.</summary>
    private readonly record struct Node(LockClass Class, Dependency? Via, int Parent, bool IsWeak);
}
