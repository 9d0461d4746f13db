namespace KgdbSim.Stub.Kgdb.Faithful.Kdb;

/// <summary>A command of kdb's, typed at its prompt or sent in a qRcmd.</summary>
internal interface IKdbCommand
{
    string Name { get; }

    /// <summary>Its arguments, as help shows them.</summary>
    string Usage { get; }

    /// <summary>What it does, in a few words.</summary>
    string Help { get; }

    /// <summary>Does it and prints.</summary>
    /// <param name="context">What it works on.</param>
    /// <param name="words">The command line; the first is the name.</param>
    /// <returns>What is wrong, or <see cref="KdbError.None"/>.</returns>
    KdbError Run(KdbContext context, IReadOnlyList<string> words);
}
