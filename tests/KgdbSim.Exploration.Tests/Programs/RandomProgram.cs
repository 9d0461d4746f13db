using System.Runtime.CompilerServices;
using System.Text;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Programs;

/// <summary>What random programs are made of; each flag adds a family of operations.</summary>
[Flags]
internal enum Ingredients
{
    Accesses = 0,
    Locks = 1,
    Waits = 2,
    Numbers = 4,
    Spawns = 8,
    Spins = 16,
    Fences = 32,
    Branches = 64,
}

/// <summary>A small program that is a function of a seed, for comparing strategies with each other.</summary>
internal sealed class RandomProgram : IProgram
{
    private readonly Operation[][] _tasks;
    private readonly Func<StepContext, ValueTask>[] _bodies;
    private readonly SharedCell<int>[] _cells = new SharedCell<int>[3];
    private readonly SharedLock[] _locks = new SharedLock[2];
    private readonly StepTask?[] _children;
    private readonly int[] _registers;
    private World _world = null!;

    public RandomProgram(ulong seed, int taskCount, int operationCountMax, Ingredients ingredients)
    {
        Prng prng = new(seed);
        Name = $"random/{seed}";
        int total = (ingredients & Ingredients.Spawns) != 0 ? taskCount + 1 : taskCount;
        _tasks = new Operation[total][];
        _children = new StepTask?[total];
        _registers = new int[total];
        _bodies = new Func<StepContext, ValueTask>[total];
        for (int task = 0; task < total; task++)
        {
            int number = task;
            _tasks[task] = Operations(ref prng, operationCountMax, ingredients, task, taskCount);
            _bodies[task] = t => Body(t, number);
        }

        RootCount = taskCount;
    }

    public string Name { get; }

    /// <summary>How many tasks exist from the start; a further one may be spawned.</summary>
    public int RootCount { get; }

    public void SetUp(World world)
    {
        _world = world;
        for (int i = 0; i < _cells.Length; i++)
        {
            _cells[i] = world.Cell($"x{i}", 0);
        }

        for (int i = 0; i < _locks.Length; i++)
        {
            _locks[i] = world.Lock($"l{i}");
        }

        Array.Clear(_registers);
        Array.Clear(_children);
        for (int task = 0; task < RootCount; task++)
        {
            world.Spawn($"t{task}", _bodies[task]);
        }

        world.Outcome(Describe);
    }

    public override string ToString()
    {
        StringBuilder text = new(Name);
        for (int task = 0; task < _tasks.Length; task++)
        {
            text.Append($"\n  t{task}: ").AppendJoin("; ", _tasks[task]);
        }

        return text.ToString();
    }

    private static Operation[] Operations(ref Prng prng, int countMax, Ingredients ingredients, int task, int rootCount)
    {
        List<OperationKind> kinds =
            [OperationKind.Read, OperationKind.Read, OperationKind.Write, OperationKind.Write, OperationKind.Copy,
             OperationKind.Add, OperationKind.CompareExchange, OperationKind.Local];
        Add(Ingredients.Locks, OperationKind.Acquire, OperationKind.Release, OperationKind.TryAcquire, OperationKind.Acquire);
        Add(Ingredients.Waits, OperationKind.Wait, OperationKind.Wait, OperationKind.WaitTwo);
        Add(Ingredients.Numbers, OperationKind.Draw);
        Add(Ingredients.Spins, OperationKind.Spin);
        Add(Ingredients.Fences, OperationKind.Fence);
        Add(Ingredients.Branches, OperationKind.SkipIfOdd);
        if (task < rootCount)
        {
            Add(Ingredients.Spawns, OperationKind.Spawn, OperationKind.Join);
        }

        Operation[] operations = new Operation[1 + (int)prng.NextBelow((ulong)countMax)];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = new Operation(kinds[(int)prng.NextBelow((ulong)kinds.Count)], (int)prng.NextBelow(2),
                1 + (int)prng.NextBelow(2));
        }

        return operations;

        void Add(Ingredients wanted, params ReadOnlySpan<OperationKind> more)
        {
            if ((ingredients & wanted) != 0)
            {
                kinds.AddRange(more);
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Body(StepContext t, int task)
    {
        for (int i = 0; i < _tasks[task].Length; i++)
        {
            Operation operation = _tasks[task][i];
            if (operation.Kind == OperationKind.SkipIfOdd)
            {
                i += _registers[task] & 1;
            }
            else
            {
                await Do(t, task, operation);
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Do(StepContext t, int task, Operation operation)
    {
        SharedCell<int> cell = _cells[operation.Target];
        int value = operation.Value;
        switch (operation.Kind)
        {
            case OperationKind.Read:
                _registers[task] = (3 * _registers[task]) + await cell.Read(t);
                break;
            case OperationKind.Write:
                await cell.Write(t, value);
                break;
            case OperationKind.Copy:
                await cell.Write(t, _registers[task]);
                break;
            case OperationKind.Add:
                _registers[task] += await cell.FetchAdd(t, value);
                break;
            case OperationKind.CompareExchange:
                _registers[task] += await cell.CompareExchange(t, value - 1, value);
                break;
            case OperationKind.Local:
                await t.LocalStep();
                break;
            case OperationKind.Acquire:
                await _locks[operation.Target].Acquire(t);
                break;
            case OperationKind.Release when ReferenceEquals(_locks[operation.Target].Holder, t):
                await _locks[operation.Target].Release(t);
                break;
            case OperationKind.TryAcquire:
                _registers[task] += await _locks[operation.Target].TryAcquire(t) ? 1 : 0;
                break;
            case OperationKind.Wait:
                await cell.WaitUntil(t, v => v == value);
                break;
            case OperationKind.WaitTwo:
                await t.WaitUntil(() => _cells[0].Value == value || _cells[1].Value == 2, _cells[0], _cells[1]);
                break;
            case OperationKind.Draw:
                _registers[task] += (int)await t.Draw((ulong)value + 1);
                break;
            case OperationKind.Fence:
                await t.Fence();
                break;
            case OperationKind.Spin:
                while (await cell.Read(t) < value)
                {
                    await t.Relax();
                }

                break;
            case OperationKind.Spawn when _children[task] is null:
                _children[task] = _world.Spawn($"c{task}", _bodies[RootCount]);
                await t.LocalStep();
                break;
            case OperationKind.Join when _children[task] is { } child:
                await child.Join(t);
                break;
        }
    }

    private void Describe(OutcomeWriter writer)
    {
        for (int i = 0; i < 2; i++)
        {
            writer.Add($"x{i}", _cells[i].Value);
        }

        for (int i = 0; i < RootCount; i++)
        {
            writer.Add($"r{i}", _registers[i]);
        }
    }

    private enum OperationKind
    {
        Read, Write, Copy, Add, CompareExchange, Local, Acquire, Release, TryAcquire, Wait, WaitTwo, Draw, Fence, Spin, Spawn,
        Join, SkipIfOdd,
    }

    private readonly record struct Operation(OperationKind Kind, int Target, int Value)
    {
        public override string ToString() => $"{Kind} {Target} {Value}";
    }
}
