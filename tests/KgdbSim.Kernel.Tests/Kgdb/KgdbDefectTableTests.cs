using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>The list of differences between the two faces.</summary>
public sealed class KgdbDefectTableTests
{
    [Fact]
    public void Every_switch_is_one_row()
    {
        KgdbDefects listed = KgdbDefects.None;
        foreach (KgdbDifference row in KgdbDefectTable.All)
        {
            Assert.Equal(KgdbDefects.None, listed & row.Defect);
            listed |= row.Defect;
        }

        Assert.Equal(KgdbDefects.Faithful61192 | KgdbDefects.ForgetsTracers, listed);
    }

    [Fact]
    public void Ids_are_numbered_through_and_found()
    {
        for (int i = 0; i < KgdbDefectTable.All.Count; i++)
        {
            Assert.Equal($"KD-{i + 1:00}", KgdbDefectTable.All[i].Id);
            Assert.Same(KgdbDefectTable.All[i], KgdbDefectTable.Find($"kd-{i + 1:00}"));
        }

        Assert.Null(KgdbDefectTable.Find("KD-99"));
    }

    [Fact]
    public void The_recordings_were_made_without_the_state_check() =>
        Assert.Equal(KgdbDefects.PerfStateCheck, KgdbDefects.Faithful61192 & ~KgdbDefects.Faithful61);
}
