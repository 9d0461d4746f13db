using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

public sealed class ReplayTests
{
    [Fact]
    public void A_replay_tells_what_each_step_did()
    {
        ReplayResult replay = Explorer.RunScript(LostUpdate(), "t0 t1 t1 t0", new ExplorationOptions());
        Assert.Equal(["t0", "t1"], replay.Actors);
        Assert.Equal(
            [
                new StepRecord(0, "t0", "read", "x", "0", "v = x;") { Cpu = 0 },
                new StepRecord(1, "t1", "read", "x", "0", "v = x;") { Cpu = 1 },
                new StepRecord(2, "t1", "write", "x", "1", "x = v + 1;") { Cpu = 1 },
                new StepRecord(3, "t0", "write", "x", "1", "x = v + 1;") { Cpu = 0 },
            ],
            replay.Steps);
        Assert.Equal("sum", Assert.Single(replay.Violations).Property);
        Assert.Equal([4], replay.ViolationSteps);
    }

    [Fact]
    public void A_step_that_says_nothing_of_itself_is_told_all_the_same()
    {
        SeededBug program = new("silent", world => world.Spawn("t", 5, false, async t =>
        {
            t.Line("cpu_relax();");
            await new Step<Silence, Nothing>(t, default);
        }));
        ReplayResult replay = Explorer.RunScript(program, "t", new ExplorationOptions());
        Assert.Equal([new StepRecord(0, "t", "step", "", "", "cpu_relax();") { Cpu = 5 }], replay.Steps);
    }

    [Fact]
    public void The_table_has_a_column_per_actor()
    {
        ReplayResult replay = Explorer.RunScript(LostUpdate(), "t0 t1 t1 t0", new ExplorationOptions());
        Assert.Equal(
            """
            step  t0                         t1
               0  read x = 0  | v = x;
               1                             read x = 0  | v = x;
               2                             write x = 1  | x = v + 1;
               3  write x = 1  | x = v + 1;

            """,
            string.Join('\n', ScheduleTable.Render(replay).Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public void Store_buffers_are_actors_of_their_own()
    {
        LitmusProgram program = new("SB", "x=1; r1=y | y=1; r2=x");
        ExplorationOptions options = new() { Memory = MemoryModel.TotalStoreOrder };
        ReplayResult replay = Explorer.RunScript(program, "P0x2 P1x2 C1.buffer C0.buffer", options);
        Assert.Null(replay.Divergence);
        Assert.Equal(["write", "read", "write", "read", "drain", "drain"], replay.Steps.Select(step => step.Operation));
        Assert.Equal(["0", "0"], replay.Steps.Where(step => step.Operation == "read").Select(step => step.Value));
        Assert.Equal("C1.buffer", replay.Steps[4].Actor);
    }

    [Fact]
    public void A_token_of_another_program_is_refused()
    {
        string token = new ScheduleToken("other", MemoryModel.SequentiallyConsistent, new Schedule([0], [])).ToString();
        ReplayException refused = Assert.Throws<ReplayException>(() => Explorer.Replay(LostUpdate(), token));
        Assert.Equal("The token is of program 'other', not of 'bugs/lost'.", refused.Message);
    }

    [Fact]
    public void A_token_that_cannot_be_read_is_refused_by_name() => Assert.Equal(TokenError.UnsupportedVersion,
        Assert.Throws<ReplayException>(() => Explorer.Replay(LostUpdate(), "kgs9:bugs/lost:AA:AA")).Error);

    [Fact]
    public void A_program_that_has_changed_since_says_where_it_differs()
    {
        string token = new ScheduleToken("bugs/lost", MemoryModel.SequentiallyConsistent, new Schedule([0, 0, 0], []))
            .ToString();
        Assert.Equal("at step 2 the record has t0 go on, who cannot", Explorer.Replay(LostUpdate(), token).Divergence);
    }

    private static SeededBug LostUpdate() => new("lost", world =>
    {
        SharedCell<int> x = world.Cell("x", 0);
        for (int i = 0; i < 2; i++)
        {
            world.Spawn($"t{i}", async t =>
            {
                t.Line("v = x;");
                int value = await x.Read(t);
                t.Line("x = v + 1;");
                await x.Write(t, value + 1);
            });
        }

        world.AtEnd("sum", () => x.Value == 2);
    });

    private readonly struct Silence : IAtomicOperation<Nothing>
    {
        public static StepNature Nature => StepNature.Plain;

        public bool IsReady(StepContext context) => true;

        public void Announce(StepContext context)
        {
        }

        public Nothing Execute(StepContext context) => default;
    }
}
