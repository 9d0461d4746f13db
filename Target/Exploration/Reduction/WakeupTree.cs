namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// The step sequences that remain to be explored, as an ordered tree per level of the present execution (the wakeup trees of
/// Abdulla et al.): nodes in one array, with the free ones chained.
/// </summary>
internal sealed class WakeupTree
{
    public const int None = -1;

    private Node[] _nodes = new Node[256];
    private int _used;
    private int _free = None;

    /// <summary>How many nodes are in use.</summary>
    public int Count { get; private set; }

    public ref Node this[int node] => ref _nodes[node];

    /// <summary>Appends a node to a list of siblings.</summary>
    public int Append(ref NodeList siblings, in PlannedStep step)
    {
        int node = Take(step);
        if (siblings.Last == None)
        {
            siblings.First = node;
        }
        else
        {
            _nodes[siblings.Last].Next = node;
        }

        siblings.Last = node;
        return node;
    }

    /// <summary>Puts a node before all its siblings.</summary>
    public void Prepend(ref NodeList siblings, in PlannedStep step)
    {
        int node = Take(step);
        _nodes[node].Next = siblings.First;
        siblings.First = node;
        if (siblings.Last == None)
        {
            siblings.Last = node;
        }
    }

    /// <summary>Appends a node to the children of another.</summary>
    public int AppendChild(int parent, in PlannedStep step)
    {
        // Appending may move the array, so the list is changed as a copy.
        NodeList children = _nodes[parent].Children;
        int node = Append(ref children, step);
        _nodes[parent].Children = children;
        return node;
    }

    /// <summary>Takes the first node off a list of siblings; its children are the caller's now.</summary>
    public Node TakeFirst(ref NodeList siblings)
    {
        int node = siblings.First;
        Node taken = _nodes[node];
        siblings.First = taken.Next;
        if (siblings.First == None)
        {
            siblings.Last = None;
        }

        _nodes[node].Next = _free;
        _free = node;
        Count--;
        return taken;
    }

    private int Take(in PlannedStep step)
    {
        int node = _free;
        if (node != None)
        {
            _free = _nodes[node].Next;
        }
        else
        {
            if (_used == _nodes.Length)
            {
                Array.Resize(ref _nodes, 2 * _nodes.Length);
            }

            node = _used++;
        }

        Count++;
        _nodes[node] = new Node { Step = step, Next = None, Children = NodeList.Empty };
        return node;
    }

    /// <summary>A list of siblings, in the order of exploration.</summary>
    public struct NodeList
    {
        public static readonly NodeList Empty = new() { First = None, Last = None };

        public int First;
        public int Last;

        public readonly bool IsEmpty => First == None;
    }

    /// <summary>One step to be taken.</summary>
    public struct Node
    {
        public PlannedStep Step;
        public int Next;
        public NodeList Children;
    }
}

/// <summary>A step as sleep sets and wakeup trees know it.</summary>
/// <param name="Process">Who takes it.</param>
/// <param name="Alternative">The number it draws, or -1.</param>
/// <param name="AlternativeCount">From how many, or 0.</param>
/// <param name="Footprint">What it touches; -1 if that was never seen (then no race reversal ever looks).</param>
internal readonly record struct PlannedStep(int Process, int Alternative, int AlternativeCount, int Footprint)
{
    /// <summary>Whether it is one of several that differ by the number drawn.</summary>
    public bool IsNumbered => AlternativeCount > 1 && Alternative >= 0;
}
