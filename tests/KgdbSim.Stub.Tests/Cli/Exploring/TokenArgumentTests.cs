using KgdbSim.Cli;
using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class TokenArgumentTests : IDisposable
{
    private static readonly ScheduleToken Token =
        new("XS-90/bad", MemoryModel.SequentiallyConsistent, new Schedule([0, 1, 1, 0], []));

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_token_is_itself() => Assert.Equal($"{Token}", $"{TokenArgument.Read($"{Token}")}");

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}\n")]
    [InlineData("[{{\"id\": \"XS-90\", \"token\": \"{0}\"}}]")]
    [InlineData("XS-90/bad: violated\n  kgdbsim replay {0}\n  kgdbsim replay {0}\n")]
    public void A_file_may_have_it_anywhere(string content)
    {
        File.WriteAllText(_file, string.Format(System.Globalization.CultureInfo.InvariantCulture, content, Token));
        Assert.Equal($"{Token}", $"{TokenArgument.Read(_file)}");
    }

    [Fact]
    public void Every_lost_or_changed_character_is_noticed()
    {
        string text = $"{Token}";
        for (int i = 0; i < text.Length; i++)
        {
            Assert.Throws<UsageException>(() => TokenArgument.Read(text.Remove(i, 1)));
            Assert.Throws<UsageException>(() => TokenArgument.Read(text[..i] + (text[i] == 'B' ? 'C' : 'B') + text[(i + 1)..]));
        }
    }

    [Theory]
    [InlineData("kgs2:XS-90/bad:AAAA:AAAA", "is of another version than 1")]
    [InlineData("/nothing/here", "is neither a token (kgs1:...) nor a file")]
    [InlineData("", "is neither a token")]
    public void What_is_wrong_is_named(string text, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<UsageException>(() => TokenArgument.Read(text)).Message);

    [Theory]
    [InlineData("no token at all", "there is no token in")]
    [InlineData("kgs1:a:b:c kgs1:a:b:d", "has 2 tokens: give one")]
    public void A_file_without_one_token_is_named(string content, string complaint)
    {
        File.WriteAllText(_file, content);
        Assert.Contains(complaint, Assert.Throws<UsageException>(() => TokenArgument.Read(_file)).Message);
    }
}
