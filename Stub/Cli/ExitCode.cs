namespace KgdbSim.Cli;

/// <summary>What the process's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>All was as asked.</summary>
    public const int Fine = 0;

    /// <summary>The thing asked for was not so: the guest crashed, a check failed.</summary>
    public const int NotSo = 1;

    /// <summary>The command line or a file that it names is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A mistake in the simulator.</summary>
    public const int Internal = 3;

    /// <summary>A signal ended it before its time: what a shell reports for a process ended by SIGINT.</summary>
    public const int Interrupted = 130;
}
