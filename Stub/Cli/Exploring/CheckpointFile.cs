using KgdbSim.Target.Exploration;

namespace KgdbSim.Cli.Exploring;

/// <summary>Where the explorations of one command stand, kept on disk so that the same command goes on from there.</summary>
internal sealed class CheckpointFile
{
    private readonly string _path;
    private readonly Dictionary<string, (ExplorationRun Run, double Seconds)> _found = [];
    private readonly Dictionary<string, FileRecord> _records = [];

    private CheckpointFile(string path) => _path = path;

    /// <summary>Opens one for this command; what is not there yet begins with the first <see cref="Save"/>.</summary>
    /// <exception cref="UsageException">The file is none, is damaged, or is of another command; it stays as it is.</exception>
    public static CheckpointFile Open(string path, IReadOnlyList<(ScenarioCase Case, ExplorationOptions Options)> plan)
    {
        CheckpointFile file = new(path);
        if (!File.Exists(path))
        {
            OutputFile.Check(path);
            return file;
        }

        foreach (FileRecord record in RecordFile.Checkpoints.Read(path))
        {
            string program = RecordFile.Checkpoints.ProgramOf(path, record);
            (ScenarioCase? which, ExplorationOptions options) = plan.FirstOrDefault(planned => planned.Case.Name == program);
            if (which is null)
            {
                throw new UsageException($"{path} is a checkpoint of {program} (and perhaps others), which is not to be explored now");
            }

            try
            {
                file._found[program] = (ExplorationRun.Resume(which.Program, options, record.Content), record.Seconds);
                file._records[program] = record;
            }
            catch (CheckpointException refused)
            {
                throw new UsageException($"{path}: {refused.Message}");
            }
        }

        return file;
    }

    /// <summary>The exploration as it was left, and how many seconds it had taken; null if it had not begun.</summary>
    public (ExplorationRun Run, double Seconds)? Find(ScenarioCase which) =>
        _found.TryGetValue(which.Name, out (ExplorationRun Run, double Seconds) found) ? found : null;

    /// <summary>Puts a position on disk, beside those of the others.</summary>
    public void Save(ScenarioCase which, ExplorationRun run, double seconds)
    {
        _records[which.Name] = new FileRecord(run.Save(), seconds);
        OutputFile.Replace(_path, RecordFile.Checkpoints.Write([.. _records.Values]));
    }
}
