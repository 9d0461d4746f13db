using System.Diagnostics;

namespace KgdbSim.Gdb.Tests;

/// <summary>Builds guests with the host's gcc into a temporary folder that goes with this.</summary>
public sealed class GuestCompiler : IDisposable
{
    private static readonly string[] Flags =
    [
        "-Og", "-g", "-ffreestanding", "-nostdlib", "-static", "-mno-red-zone", "-fno-pic", "-no-pie", "-fno-stack-protector",
        "-fcf-protection=none", "-fno-asynchronous-unwind-tables", "-fno-builtin", "-mcmodel=small", "-msse2", "-w",
    ];

    private readonly Dictionary<string, string> _built = [];
    private readonly Lock _lock = new();

    /// <summary>Where the images and other passing files are.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("kgdbsim-gdb").FullName;

    /// <summary>The image of a guest of this project, built when first asked for.</summary>
    public string Build(string name)
    {
        lock (_lock)
        {
            if (!_built.TryGetValue(name, out string? image))
            {
                image = Path.Combine(Folder, name + ".elf");
                string support = Paths.GuestSupport;
                Gcc(
                    [.. Flags, "-I", support, "-DSCALE=1", "-T", Path.Combine(support, "link.ld"), "-Wl,-z,noexecstack", "-o", image,
                    Path.Combine(support, "start.S"), Path.Combine(support, "rt.c"), Path.Combine(Paths.Guests, name + ".c")]);
                _built[name] = image;
            }

            return image;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Gcc(string[] arguments)
    {
        ProcessStartInfo start = new("gcc", arguments) { RedirectStandardError = true };
        using Process gcc = Process.Start(start)!;
        string complaints = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        Assert.True(gcc.ExitCode == 0, $"gcc {string.Join(' ', arguments)}\n{complaints}");
    }
}
