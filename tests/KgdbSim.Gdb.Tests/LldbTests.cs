using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace KgdbSim.Gdb.Tests;

/// <summary>
/// A session with real lldb: attach, breakpoint, watchpoint, detach. The guest's four CPUs call <c>counted</c> 60 times each. Where
/// lldb is not installed, only how it opens a session is tried, and the test's output says so.
/// </summary>
public sealed class LldbTests(GuestCompiler compiler, ITestOutputHelper output) : IClassFixture<GuestCompiler>
{
    /// <summary>To evaluate a condition lldb wants to know where memory is, and where it is not.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("6.1")]
    public void Memory_regions_and_a_condition(string kernel)
    {
        string image = compiler.Build("counts");
        using ServedGuest served = new(image, "--kernel", kernel);
        string serve = $"to repeat: kgdbsim serve {image} --kernel {kernel}";
        if (LldbProcess.Program is null)
        {
            output.WriteLine("lldb is not installed (Debian: apt-get install lldb)");
            LldbOpening.Check(served.Address, serve);
            return;
        }

        LldbResult result = LldbProcess.Run(
            $"target create {image}",
            $"gdb-remote {served.Address}",
            "memory region 0x100000",
            "memory region 0x100000000000",
            "breakpoint set --name counted --condition 'cpu == 2'",
            "continue",
            "frame variable cpu",
            "breakpoint delete --force 1",
            "detach");

        string repeat = $"{serve}\n{result.CommandLine}\n{result.Output}\n{served.Complaints}";
        string[] expected =
        [
            @"\[0x0000000000100000-0x[0-9a-f]{16}\) rwx RAM", @"\[0x[0-9a-f]{16}-0x[0-9a-f]{16}\) ---",
            @"thread #3, stop reason = breakpoint 1\.1", @"\(u32\) cpu = 2", "Process 1 detached",
        ];
        Assert.All(expected, pattern => Assert.True(Regex.IsMatch(result.Output, pattern), $"no {pattern}\n{repeat}"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("6.1")]
    [InlineData("2.6.35")]
    [InlineData("2.6.33")]
    public void Session(string kernel)
    {
        string image = compiler.Build("counts");
        using ServedGuest served = new(image, "--kernel", kernel);
        string serve = $"to repeat: kgdbsim serve {image} --kernel {kernel}";
        if (LldbProcess.Program is null)
        {
            output.WriteLine("lldb is not installed (Debian: apt-get install lldb): only its opening packets are tried");
            LldbOpening.Check(served.Address, serve);
            return;
        }

        LldbResult result = LldbProcess.Run(
            $"target create {image}",
            $"gdb-remote {served.Address}",
            "breakpoint set --name counted",
            "continue",
            "thread list",
            "breakpoint delete --force 1",
            "watchpoint set variable calls[1]",
            "continue",
            "continue",
            "target variable calls[1]",
            "watchpoint delete --force 1",
            "breakpoint set --name finished",
            "continue",
            "target variable calls",
            "breakpoint delete --force 2",
            "detach");
        string[] expected =
        [
            @"frame #0: 0x[0-9a-f]+ counts\.elf`_start64",
            @"stop reason = breakpoint 1\.1\s+frame #0: 0x[0-9a-f]+ counts\.elf`counted\(cpu=[0-3]\)",
            @"thread #1: tid = 0x0001,.*\n.*thread #2: tid = 0x0002,.*\n.*thread #3: tid = 0x0003,.*\n.*thread #4: tid = 0x0004,",
            @"thread #2, stop reason = watchpoint 1\s+frame #0: 0x[0-9a-f]+ counts\.elf`counted\(cpu=1\)",
            @"thread #2, stop reason = watchpoint 1\s+frame #0: 0x[0-9a-f]+ counts\.elf`counted\(cpu=1\)",
            @"calls\[1\] = 2\n",
            @"thread #1, stop reason = breakpoint 2\.1\s+frame #0: 0x[0-9a-f]+ counts\.elf`finished",
            @"\[0\] = 60, \[1\] = 60, \[2\] = 60, \[3\] = 60",
            @"Process 1 detached",
        ];
        string repeat = $"{serve}\n{result.CommandLine}\n{result.Output}\n{served.Complaints}";
        int at = 0;
        foreach (string pattern in expected)
        {
            Match found = new Regex(pattern, RegexOptions.NonBacktracking).Match(result.Output, at);
            Assert.True(found.Success, $"no '{pattern}' behind character {at}\n{repeat}");
            at = found.Index + found.Length;
        }

        Assert.False(served.HasExited, $"the stub ended with the session\n{repeat}");
    }
}
