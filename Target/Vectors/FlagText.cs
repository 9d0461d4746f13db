using System.Text;

namespace KgdbSim.Target.Vectors;

/// <summary>RFLAGS for a person to read: the number, and the names of the bits set.</summary>
internal static class FlagText
{
    private static readonly (int Bit, string Name)[] Names =
    [
        (0, "CF"), (2, "PF"), (4, "AF"), (6, "ZF"), (7, "SF"), (8, "TF"), (9, "IF"), (10, "DF"), (11, "OF"), (14, "NT"),
        (16, "RF"), (18, "AC"), (21, "ID"),
    ];

    public static string Of(ulong flags)
    {
        var text = new StringBuilder($"{flags:x}");
        foreach ((int bit, string name) in Names)
        {
            if ((flags & (1UL << bit)) != 0)
            {
                text.Append(' ').Append(name);
            }
        }

        return text.ToString();
    }
}
