using FsCheck;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>Makes a disagreement as simple as FsCheck's shrinker can while it stays one of the same kind.</summary>
internal static class Minimizer
{
    /// <summary>Snippets tried at most.</summary>
    private const int TriesMax = 2000;

    /// <param name="judge">Runs a snippet on both sides.</param>
    public static Disagreement Minimize(Disagreement found, Arbitrary<Snippet> arbitrary, Func<Snippet, Disagreement?> judge)
    {
        int tries = 0;
        bool simpler = true;
        while (simpler && tries < TriesMax)
        {
            simpler = false;
            foreach (Snippet candidate in arbitrary.Shrinker(found.Snippet))
            {
                if (++tries > TriesMax)
                {
                    break;
                }

                if (judge(candidate) is { } smaller && smaller.Missing == found.Missing
                    && smaller.Last.Mnemonic == found.Last.Mnemonic)
                {
                    found = smaller;
                    simpler = true;
                    break;
                }
            }
        }

        return found;
    }
}
