using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>The scenarios of family KG.</summary>
internal static class KgdbScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Kg01(), new Kg02(), new Kg03(), new Kg04(), new Kg05(), new Kg06(), new Kg07(),
        new Kg08(), new Kg09(), new Kg10(), new Kg11(), new Kg12(), new Kg13(), new Kg14(),
        new Kg15(), new Kg16(), new Kg17(), new Kg18(), new Kg19(), new Kg20(), new Kg21(),
        new Kg22(), new Kg23(), new Kg24(), new Kg25(),
    ];
}
