using System.Reflection;
using System.Text;
using KgdbSim.Testing;

namespace KgdbSim.Tidy.Tests;

/// <summary>The public surface as approved text: a change of it is a decision, to be seen in a review.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("KgdbSim.Protocol")]
    [InlineData("KgdbSim.Target")]
    [InlineData("KgdbSim.Stub")]
    public void The_public_surface_is_the_approved_one(string assembly) =>
        Snapshot.Verify(Describe(Assembly.Load(assembly)), $"PublicApi/{assembly}.txt");

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            const BindingFlags declared =
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            IEnumerable<string> members = type.GetMembers(declared)
                .Where(m => m is not MethodInfo { IsSpecialName: true } && !m.Name.Contains('<', StringComparison.Ordinal))
                .Select(m => $"    {m.MemberType.ToString().ToLowerInvariant()} {m}")
                .Order(StringComparer.Ordinal);
            foreach (string member in members)
            {
                text.Append(member).Append('\n');
            }
        }

        return text.ToString();
    }
}
