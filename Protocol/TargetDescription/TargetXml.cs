using System.Text;

namespace KgdbSim.Protocol.TargetDescription;

/// <summary>
/// Renders a register set as <c>target.xml</c>, the annex that gdb reads first (GDB manual, "Target Description
/// Format"). Everything is in one document, so that one transfer suffices.
/// </summary>
public static class TargetXml
{
    /// <summary>The annex's name.</summary>
    public static ReadOnlySpan<byte> Annex => "target.xml"u8;

    /// <summary>Renders the document, in UTF-8.</summary>
    /// <param name="registers">The registers.</param>
    /// <param name="osAbi">gdb's name of the operating system, such as <c>GNU/Linux</c>. <c>none</c> for a bare
    /// machine: gdb would otherwise assume the one it was built for.</param>
    public static byte[] Render(RegisterSet registers, string osAbi)
    {
        var text = new StringBuilder();
        text.Append("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n");
        text.Append($"  <architecture>i386:x86-64</architecture>\n  <osabi>{osAbi}</osabi>\n");
        foreach (RegisterFeature feature in registers.Features)
        {
            text.Append($"  <feature name=\"{feature.Name}\">\n");
            foreach (RegisterType type in feature.Types)
            {
                AppendType(text, type);
            }

            foreach (RegisterDescription register in registers.InFeature(feature.Name))
            {
                AppendRegister(text, register, feature.SavedByCalls);
            }

            text.Append("  </feature>\n");
        }

        text.Append("</target>\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AppendRegister(StringBuilder text, RegisterDescription register, bool savedByCalls)
    {
        text.Append($"    <reg name=\"{register.Name}\" bitsize=\"{register.BitSize}\" type=\"{register.Type}\"");
        text.Append($" regnum=\"{register.Number}\"");
        text.Append(register.Group is null ? "" : $" group=\"{register.Group}\"");
        text.Append(savedByCalls ? "/>\n" : " save-restore=\"no\"/>\n");
    }

    private static void AppendType(StringBuilder text, RegisterType type)
    {
        switch (type)
        {
            case FlagsType flags:
                text.Append($"    <flags id=\"{flags.Id}\" size=\"{flags.Size}\">\n");
                foreach (BitField field in flags.Fields)
                {
                    text.Append($"      <field name=\"{field.Name}\" start=\"{field.Start}\" end=\"{field.End}\"/>\n");
                }

                text.Append("    </flags>\n");
                break;
            case VectorType vector:
                text.Append($"    <vector id=\"{vector.Id}\" type=\"{vector.Element}\" count=\"{vector.Count}\"/>\n");
                break;
            case UnionType union:
                text.Append($"    <union id=\"{union.Id}\">\n");
                foreach ((string name, string member) in union.Members)
                {
                    text.Append($"      <field name=\"{name}\" type=\"{member}\"/>\n");
                }

                text.Append("    </union>\n");
                break;
        }
    }
}
