using KgdbSim.Testing;

namespace KgdbSim.Gdb.Tests;

/// <summary>
/// Sessions with real gdb: every script of <c>Scripts/</c> runs inside gdb against a served process of its own, on bare metal and
/// under a modelled kernel; those named <c>kernel_</c> are about the kernel, <c>faithful_</c> about 6.1's kgdb as it is.
/// </summary>
public sealed class SessionTests(GuestCompiler compiler) : IClassFixture<GuestCompiler>
{
    private const string Helper = "report";
    private const string BareMetal = "none";
    private const string Kernel = "6.1";

    public static TheoryData<string, string> Scripts { get; } = AllScripts();

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Session(string script, string kernel)
    {
        string path = Path.Combine(Paths.Scripts, script + ".py");
        string? guest = Header(path, "guest");
        string[] asked = Header(path, "serve")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        string[] options = asked.Contains("--kernel") ? asked : ["--kernel", kernel, .. asked];
        string? image = guest is null ? null : compiler.Build(guest);
        using ServedGuest served = new(image, options);
        GdbResult result = GdbProcess.Run(
            path,
            served.Address,
            ("PYTHONPATH", Paths.Scripts),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            ("KGDBSIM_GDBINIT", Path.Combine(Paths.Root, "gdbinit")),
            ("KGDBSIM_KERNEL", kernel),
            ("KGDBSIM_WORK", compiler.Folder));
        bool finished = result.Output.Contains("END ", StringComparison.Ordinal);
        string serve = $"kgdbsim serve {image} {string.Join(' ', options)}";
        Assert.True(
            finished && result.ExitCode == 0,
            $"to repeat: {serve}\n{result.CommandLine}\nexit code {result.ExitCode}\n{result.Output}\n{served.Complaints}");
        Assert.False(served.HasExited, $"the stub ended with the session:\n{served.Complaints}");
    }

    private static TheoryData<string, string> AllScripts()
    {
        TheoryData<string, string> scripts = [];
        foreach (string path in Directory.EnumerateFiles(Paths.Scripts, "*.py").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (name == Helper)
            {
                continue;
            }

            if (!name.StartsWith("kernel_", StringComparison.Ordinal) && !name.StartsWith("faithful_", StringComparison.Ordinal))
            {
                scripts.Add(name, BareMetal);
            }

            foreach (string kernel in Header(path, "kernels")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [Kernel])
            {
                scripts.Add(name, kernel);
            }
        }

        return scripts;
    }

    /// <summary>The value of a comment line <c># name: value</c> at the head of a script.</summary>
    private static string? Header(string path, string name)
    {
        string start = $"# {name}: ";
        return File.ReadLines(path).TakeWhile(line => line.StartsWith('#'))
            .FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
    }
}
