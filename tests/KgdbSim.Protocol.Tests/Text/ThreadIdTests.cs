using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Text;

/// <summary>GDB manual, "Packets", thread-id syntax.</summary>
public sealed class ThreadIdTests
{
    [Theory]
    [InlineData(1, 2, 1, 2, true)]
    [InlineData(1, 3, 1, 2, false)]
    [InlineData(2, 2, 1, 2, false)]
    [InlineData(1, -1, 1, 2, true)]
    [InlineData(-1, -1, 1, 2, true)]
    [InlineData(0, 2, 1, 2, true)]
    [InlineData(0, 0, 1, 2, true)]
    [InlineData(2, -1, 1, 2, false)]
    [InlineData(0, -2, 1, -2, true)]
    [InlineData(0, -2, 1, -3, false)]
    public void Wildcards_match(int process, int thread, int ofProcess, int ofThread, bool expected) =>
        Assert.Equal(expected, new ThreadId(process, thread).Matches(new ThreadId(ofProcess, ofThread)));

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(0, 2, true)]
    [InlineData(0, -2, true)]
    [InlineData(1, 0, false)]
    [InlineData(1, -1, false)]
    [InlineData(-1, 1, false)]
    public void Only_one_thread_is_one_thread(int process, int thread, bool expected) =>
        Assert.Equal(expected, new ThreadId(process, thread).IsOne);
}
