using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Programs;

/// <summary>Small programs with a planted bug each, and the kind of violation that must be found.</summary>
internal static class SeededBugs
{
    public static readonly IReadOnlyList<(SeededBug Program, ViolationKind Kind, string Property)> All =
    [
        (new SeededBug("lost-update", LostUpdate), ViolationKind.EndProperty, "sum"),
        (new SeededBug("lock-order", LockOrder), ViolationKind.Deadlock, "deadlock"),
        (new SeededBug("forgotten-release", ForgottenRelease), ViolationKind.Deadlock, "deadlock"),
        (new SeededBug("foreign-release", ForeignRelease), ViolationKind.Reported, "lock misuse"),
        (new SeededBug("check-then-act", CheckThenAct), ViolationKind.Reported, "double initialisation"),
        (new SeededBug("publish-before-initialise", PublishEarly), ViolationKind.Reported, "uninitialised"),
        (new SeededBug("use-after-free", UseAfterFree), ViolationKind.TaskThrew, nameof(NullReferenceException)),
        (new SeededBug("missed-wakeup", MissedWakeup), ViolationKind.Deadlock, "deadlock"),
        (new SeededBug("mutual-spin", MutualSpin), ViolationKind.Livelock, "livelock"),
        (new SeededBug("aba", Aba), ViolationKind.EndProperty, "list intact"),
        (new SeededBug("torn-pair", TornPair), ViolationKind.StateProperty, "pair"),
        (new SeededBug("bad-draw", BadDraw), ViolationKind.EndProperty, "draw"),
        (new SeededBug("depth-three", DepthThree), ViolationKind.Reported, "order"),
        (new SeededBug("kdr7", Kdr7), ViolationKind.EndProperty, "dr7"),
        (new SeededBug("join-too-early", JoinTooEarly), ViolationKind.Reported, "unfinished"),
    ];

    private static void LostUpdate(World world)
    {
        SharedCell<int> x = world.Cell("x", 0);
        for (int i = 0; i < 2; i++)
        {
            world.Spawn($"t{i}", async t => await x.Write(t, await x.Read(t) + 1));
        }

        world.AtEnd("sum", () => x.Value == 2);
    }

    private static void LockOrder(World world)
    {
        SharedLock a = world.Lock("a");
        SharedLock b = world.Lock("b");
        world.Spawn("t0", t => Nested(t, a, b));
        world.Spawn("t1", t => Nested(t, b, a));

        static async ValueTask Nested(StepContext t, SharedLock outer, SharedLock inner)
        {
            await outer.Acquire(t);
            await inner.Acquire(t);
            await inner.Release(t);
            await outer.Release(t);
        }
    }

    private static void ForgottenRelease(World world)
    {
        SharedLock a = world.Lock("a");
        SharedCell<int> error = world.Cell("error", 0);
        world.Spawn("t0", async t =>
        {
            await a.Acquire(t);
            if (await error.Read(t) == 0)
            {
                await a.Release(t);
            }
        });
        world.Spawn("t1", async t =>
        {
            await error.Write(t, 1);
            await a.Acquire(t);
            await a.Release(t);
        });
    }

    private static void ForeignRelease(World world)
    {
        SharedLock a = world.Lock("a");
        world.Spawn("t0", async t =>
        {
            await a.Acquire(t);
            await a.Release(t);
        });
        world.Spawn("t1", async t =>
        {
            await a.TryAcquire(t);
            await a.Release(t);
        });
    }

    private static void CheckThenAct(World world)
    {
        SharedCell<int> done = world.Cell("done", 0);
        SharedCell<int> count = world.Cell("count", 0);
        for (int i = 0; i < 2; i++)
        {
            world.Spawn($"t{i}", async t =>
            {
                if (await done.Read(t) == 0)
                {
                    await done.Write(t, 1);
                    if (await count.FetchAdd(t, 1) != 0)
                    {
                        t.Fail("double initialisation", "both tasks initialised");
                    }
                }
            });
        }
    }

    private static void PublishEarly(World world)
    {
        SharedCell<int> pointer = world.Cell("pointer", 0);
        SharedCell<int> field = world.Cell("field", 0);
        world.Spawn("writer", async t =>
        {
            await pointer.Write(t, 1);
            await field.Write(t, 42);
        });
        world.Spawn("reader", async t =>
        {
            if (await pointer.Read(t) == 1 && await field.Read(t) != 42)
            {
                t.Fail("uninitialised", "the reader sees the pointer but not the field");
            }
        });
    }

    private static void UseAfterFree(World world)
    {
        SharedCell<string?> shared = world.Cell<string?>("object", "live");
        world.Spawn("user", async t =>
        {
            if (await shared.Read(t) is not null)
            {
                _ = (await shared.Read(t))!.Length;
            }
        });
        world.Spawn("freer", async t => await shared.Write(t, null));
    }

    private static void MissedWakeup(World world)
    {
        SharedCell<int> ready = world.Cell("ready", 0);
        SharedCell<int> wakeups = world.Cell("wakeups", 0);
        world.Spawn("sleeper", async t =>
        {
            if (await ready.Read(t) == 0)
            {
                int seen = await wakeups.Read(t);
                await wakeups.WaitUntil(t, value => value != seen);
            }
        });
        world.Spawn("waker", async t =>
        {
            await ready.Write(t, 1);
            await wakeups.FetchAdd(t, 1);
        });
    }

    private static void MutualSpin(World world)
    {
        SharedCell<int> a = world.Cell("a", 0);
        SharedCell<int> b = world.Cell("b", 0);
        world.Spawn("t0", t => SpinThenSet(t, a, b));
        world.Spawn("t1", t => SpinThenSet(t, b, a));

        static async ValueTask SpinThenSet(StepContext t, SharedCell<int> mine, SharedCell<int> other)
        {
            while (await other.Read(t) == 0)
            {
            }

            await mine.Write(t, 1);
        }
    }

    /// <summary>A stack 1 -> 2 -> 3; one task pops with a compare-exchange, another pops twice and pushes 1 back.</summary>
    private static void Aba(World world)
    {
        SharedCell<int> top = world.Cell("top", 1);
        SharedCell<int>[] next = [world.Cell("next0", 0), world.Cell("next1", 2), world.Cell("next2", 3), world.Cell("next3", 0)];
        world.Spawn("popper", async t =>
        {
            int first = await top.Read(t);
            int second = await next[first].Read(t);
            await top.CompareExchange(t, first, second);
        });
        world.Spawn("churner", async t =>
        {
            if (await top.CompareExchange(t, 1, 2) != 1 || await top.CompareExchange(t, 2, 3) != 2)
            {
                return;
            }

            await next[1].Write(t, 3);
            await top.CompareExchange(t, 3, 1);
        });

        // 2 was taken off for good: it must not be on top again.
        world.AtEnd("list intact", () => next[1].Value != 3 || top.Value != 2);
    }

    private static void TornPair(World world)
    {
        SharedCell<int> low = world.Cell("low", 0);
        SharedCell<int> high = world.Cell("high", 0);
        SharedLock guard = world.Lock("guard");
        world.Spawn("t0", async t =>
        {
            await guard.Acquire(t);
            await low.Write(t, 1);
            await high.Write(t, 1);
            await guard.Release(t);
        });
        world.Spawn("t1", async t => await high.Write(t, 2));
        world.Always("pair", () => !(low.Value == 0 && high.Value == 2), low, high);
    }

    private static void BadDraw(World world)
    {
        SharedCell<ulong> x = world.Cell("x", 0UL);
        world.Spawn("t0", async t => await x.Write(t, await t.Draw(8)));
        world.Spawn("t1", async t => await x.Write(t, 9));
        world.AtEnd("draw", () => x.Value != 5);
    }

    /// <summary>Needs three constraints at once: the other task between two steps, and again between two later ones.</summary>
    private static void DepthThree(World world)
    {
        SharedCell<int> x = world.Cell("x", 0);
        world.Spawn("t0", async t =>
        {
            await x.Write(t, 1);
            await t.LocalStep();
            if (await x.Read(t) == 2)
            {
                await x.Write(t, 3);
                await t.LocalStep();
                if (await x.Read(t) == 4)
                {
                    t.Fail("order", "1, 2, 3, 4");
                }
            }
        });
        world.Spawn("t1", async t =>
        {
            if (await x.Read(t) == 1)
            {
                await x.Write(t, 2);
            }

            if (await x.Read(t) == 3)
            {
                await x.Write(t, 4);
            }
        });
    }

    /// <summary>HB-07: every CPU rebuilds the shared kdr7 in place, and loads its DR7 from it.</summary>
    private static void Kdr7(World world)
    {
        uint[] enables = [0xD0000280, 0x03000220];
        uint[] dr7 = new uint[3];
        SharedCell<uint> kdr7 = world.Cell("kdr7", enables[0]);
        for (int cpu = 0; cpu < dr7.Length; cpu++)
        {
            int me = cpu;
            world.Spawn($"C{cpu}", async t =>
            {
                await kdr7.Write(t, 0);
                foreach (uint enable in enables)
                {
                    await kdr7.Write(t, await kdr7.Read(t) | enable);
                }

                dr7[me] = await kdr7.Read(t);
            });
        }

        world.AtEnd("dr7", () => Array.TrueForAll(dr7, value => value == 0xD30002A0));
    }

    private static void JoinTooEarly(World world)
    {
        SharedCell<int> result = world.Cell("result", 0);
        world.Spawn("parent", async t =>
        {
            await t.LocalStep();
            StepTask quick = world.Spawn("quick", async c => await c.LocalStep());
            world.Spawn("slow", async c => await result.Write(c, 1));
            await quick.Join(t);
            if (await result.Read(t) == 0)
            {
                t.Fail("unfinished", "the parent waited for the wrong child");
            }
        });
    }
}

/// <summary>A program given by its set-up.</summary>
internal sealed class SeededBug(string name, Action<World> setUp) : IProgram
{
    public string Name => $"bugs/{name}";

    public void SetUp(World world) => setUp(world);
}
