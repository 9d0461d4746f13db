using System.Net.Sockets;
using KgdbSim.Testing;

namespace KgdbSim.Gdb.Tests;

/// <summary>The command line as a user meets it: what it says, where, and with which exit code.</summary>
public sealed class CliTests(GuestCompiler compiler) : IClassFixture<GuestCompiler>
{
    [Theory]
    [InlineData("--help", "serve")]
    [InlineData("--help", "Exit codes:")]
    [InlineData("serve --help", "--listen <HOST:PORT|unix:PATH|stdio>")]
    [InlineData("serve --help", "Examples:")]
    [InlineData("serve --help", "--threads <cpus|tasks>")]
    [InlineData("serve --help", "[default: 64M]")]
    [InlineData("run --help", "--seed <S>")]
    public void Help_says(string arguments, string expected)
    {
        CliResult result = CliProcess.Run(arguments.Split(' '));
        Assert.Contains(expected, result.Output);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void The_version_is_a_line()
    {
        CliResult result = CliProcess.Run("--version");
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("", "Required command was not provided")]
    [InlineData("frobnicate", "'frobnicate'")]
    [InlineData("serve --frobnicate", "there is no option --frobnicate")]
    [InlineData("serve a.elf b.elf", "'b.elf'")]
    [InlineData("serve --cpus 0", "--cpus 0: it is a number from 1 to 255")]
    [InlineData("serve --cpus 256", "--cpus 256: it is a number from 1 to 255")]
    [InlineData("serve --cpus many", "--cpus many: it is a number from 1 to 255")]
    [InlineData("serve --cpus", "--cpus")]
    [InlineData("serve --memory 1X", "--memory 1X: it is a number, with K, M or G")]
    [InlineData("serve --memory 512K", "--memory 512K: it is 1M to 64G")]
    [InlineData("serve --memory 65G", "--memory 65G: it is 1M to 64G")]
    [InlineData("serve --memory 99999999999G", "--memory 99999999999G: it is a number")]
    [InlineData("serve --memory 1048577", "in whole pages")]
    [InlineData("serve --seed -1", "--seed -1")]
    [InlineData("serve --kernel 5.4", "--kernel 5.4 is not available; choose from: none, 2.6.33, 2.6.35, 6.1")]
    [InlineData("serve --kernel 6.1 --cpus 65", "--kernel 6.1 has at most 64 CPUs; more take --kernel none")]
    [InlineData("serve --as-posted KD-18", "--as-posted KD-18: no such defect can be switched on")]
    [InlineData("serve --kernel none --as-posted KD-01", "--kernel none has none")]
    [InlineData("serve --threads users", "--threads users is not available; choose from: cpus, tasks")]
    [InlineData("serve --kernel none --threads tasks", "--threads tasks is about a modelled kernel's tasks; --kernel none has none")]
    [InlineData("serve --cpus 65 --threads tasks", "--kernel none has none")]
    [InlineData("serve --faithful --threads cpus", "--threads cpus: --faithful is Linux 6.1's kgdb, whose threads are tasks")]
    [InlineData("serve --start later", "--start later is not available; choose from: sipi, all")]
    [InlineData("serve --boot efi", "choose from: elf64, pvh, multiboot")]
    [InlineData("serve --console loud", "choose from: stdout, gdb, none")]
    [InlineData("serve --listen nowhere", "--listen nowhere: 'nowhere' is none of HOST:PORT, unix:PATH, stdio")]
    [InlineData("serve --listen 127.0.0.1:99999", "'99999' is not a port")]
    [InlineData("serve --listen 0.0.0.0:0", "add --allow-remote")]
    [InlineData("serve --listen 192.0.2.1:0 --allow-remote", "is not an address of this host")]
    [InlineData("serve --listen unix:/proc/nothing/here", "/proc/nothing/here")]
    [InlineData("serve --trace /proc/nothing", "cannot write /proc/nothing")]
    [InlineData("serve /nothing/here.elf", "cannot read /nothing/here.elf")]
    [InlineData("serve /", "cannot read /")]
    [InlineData("run /etc/passwd", "NotElf")]
    [InlineData("run --boot pvh", "NoBootHeader")]
    public void A_mistake_is_named_in_one_line_without_a_stack_trace(string arguments, string expected)
    {
        CliResult result = CliProcess.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(expected, result.Error);
        Assert.All(result.Error.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("kgdbsim: ", line));
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public void A_port_in_use_is_named()
    {
        using TcpListener taken = new(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        CliResult result = CliProcess.Run("serve", "--listen", taken.LocalEndpoint.ToString()!);
        Assert.Equal($"kgdbsim: {taken.LocalEndpoint} is in use: another process listens there\n", result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    [Theory]
    [InlineData(0x04, 1, "Not64Bit")]
    [InlineData(0x12, 40, "WrongMachine")]
    [InlineData(0x38, 0, "BadProgramHeaders")]
    public void An_image_for_something_else_is_named(int offset, byte value, string error)
    {
        byte[] image = File.ReadAllBytes(compiler.Build("exits"));
        image[offset] = value;
        AssertUnfit(image, error);
    }

    [Fact]
    public void A_truncated_image_is_named_wherever_it_ends()
    {
        byte[] image = File.ReadAllBytes(compiler.Build("exits"));
        foreach (int length in (int[])[0, 3, 20, 63, 64, 100, 0x1000])
        {
            AssertUnfit(image[..length], length < 4 ? "" : "Truncated|BadProgramHeaders|NothingToLoad|TooShort");
        }
    }

    [Fact]
    public void An_absurd_segment_is_named()
    {
        byte[] image = File.ReadAllBytes(compiler.Build("exits"));

        // The first program header's p_memsz.
        BitConverter.TryWriteBytes(image.AsSpan(64 + 40), 0x7fff_ffff_ffff_0000ul);
        AssertUnfit(image, "Segment");
    }

    [Fact]
    public void Run_prints_what_the_guest_prints_and_ends_as_it_ends()
    {
        CliResult result = CliProcess.Run("run", compiler.Build("exits"));
        Assert.Equal((43, "B\nhello from the guest\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Run_says_where_a_guest_died()
    {
        CliResult result = CliProcess.Run("run", compiler.Build("dies"));
        Assert.Matches(@"^kgdbsim: CPU#0 shut down by a triple fault at rip 0x[0-9a-f]+\n$", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void Run_says_when_nothing_can_happen_any_more()
    {
        CliResult result = CliProcess.Run("run", compiler.Build("halts"));
        Assert.Equal("kgdbsim: every CPU is halted and nothing can wake one\n", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void A_debugger_over_standard_streams_gets_nothing_but_the_protocol()
    {
        CliResult result = CliProcess.RunWithInput("$qC#b4$k#6b", "serve", compiler.Build("exits"), "--listen", "stdio");
        Assert.Equal((0, "+$QC1#c5+", "listening on stdio\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Gdb_starts_the_program_itself()
    {
        string script = Path.Combine(compiler.Folder, "pipe.gdb");
        File.WriteAllLines(
            script,
            [$"target remote | {Paths.Program} serve {compiler.Build("exits")} --listen stdio", "info threads", "continue"]);
        GdbResult result = GdbProcess.Run(script, "");
        Assert.Contains("CPU#3 [waiting for SIPI]", result.Output);
        Assert.Contains("hello from the guest", result.Output);
        Assert.Contains("exited with code 053", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_ends_serving_well(string signal)
    {
        string path = Path.Combine(compiler.Folder, signal + ".sock");
        using ServedGuest served = new(null, "--listen", "unix:" + path);
        Assert.Equal("unix:" + path, served.Address);
        Assert.Equal(0, served.EndBy(signal));
        Assert.False(Path.Exists(path));
    }

    [Fact]
    public void A_trace_has_every_packet_on_a_line()
    {
        string trace = Path.Combine(compiler.Folder, "packets.txt");
        CliProcess.RunWithInput("$qC#b4$k#6b", "serve", "--listen", "stdio", "--trace", trace);
        Assert.Equal(
            ["* standard input connected", "> qC", "< QC1", "> k", "* standard input left"], File.ReadAllLines(trace));
    }

    private void AssertUnfit(byte[] image, string error)
    {
        string path = Path.Combine(compiler.Folder, "unfit.elf");
        File.WriteAllBytes(path, image);
        CliResult result = CliProcess.Run("run", path);
        Assert.Equal(2, result.ExitCode);
        Assert.Matches($"^kgdbsim: .*unfit.elf: .*({error})", result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }
}
