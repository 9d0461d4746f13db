using KgdbSim.Differential.Tests.Generation;
using KgdbSim.Differential.Tests.Host;
using KgdbSim.Differential.Tests.Runs;

namespace KgdbSim.Differential.Tests;

/// <summary>The host's processor and the simulated one, shared by the tests of a class; or why there is no host.</summary>
public sealed class LiveOracle : IDisposable
{
    public LiveOracle()
    {
        Bench = new Bench();
        (Host, Reason) = HostCpu.TryOpen();
        if (Host == null)
        {
            return;
        }

        var features = new HostFeatures();
        if (features.Amd != Bench.Amd)
        {
            Reason = "the host's vendor is not the simulated processor's";
            Host.Dispose();
            Host = null;
            return;
        }

        Catalog = new CodeCatalog(features.Has, Bench.Model);
        Bench.Catalog = Catalog;
        Builder = new SnippetBuilder(Catalog, Bench.Amd);
    }

    internal Bench Bench { get; }

    internal HostCpu? Host { get; }

    internal CodeCatalog? Catalog { get; }

    internal SnippetBuilder? Builder { get; }

    /// <summary>Why <see cref="Host"/> is null.</summary>
    internal string Reason { get; }

    public void Dispose()
    {
        Host?.Dispose();
        Bench.Dispose();
    }
}
