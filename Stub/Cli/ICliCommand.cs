using System.CommandLine;

namespace KgdbSim.Cli;

/// <summary>One command of the program; a new one is one file and one line in <c>Program.cs</c>.</summary>
internal interface ICliCommand
{
    /// <summary>Describes it: name, options, arguments, and what to do.</summary>
    Command Build();
}
