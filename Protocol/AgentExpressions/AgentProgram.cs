using System.Collections.Immutable;

namespace KgdbSim.Protocol.AgentExpressions;

/// <summary>
/// Bytecode that has been verified: no run of it can leave the code or the stack. Immutable.
/// </summary>
public sealed class AgentProgram
{
    /// <summary>The longest program accepted, in bytes.</summary>
    public const int LengthMax = 0x4000;

    /// <summary>The deepest stack accepted, in values.</summary>
    public const int StackMax = 100;

    private AgentProgram(ImmutableArray<byte> code, int stackHeightMax)
    {
        Code = code;
        StackHeightMax = stackHeightMax;
    }

    /// <summary>The bytecode.</summary>
    public ImmutableArray<byte> Code { get; }

    /// <summary>The most values any run has on the stack.</summary>
    public int StackHeightMax { get; }

    /// <summary>Verifies <paramref name="code"/>.</summary>
    /// <param name="code">Bytecode, decoded from the packet.</param>
    /// <param name="error">Why it is refused.</param>
    /// <returns>The program, or <c>null</c>.</returns>
    public static AgentProgram? Create(ReadOnlySpan<byte> code, out AgentError error)
    {
        error = AgentVerifier.Verify(code, out int stackHeightMax);
        return error == AgentError.None ? new AgentProgram([.. code], stackHeightMax) : null;
    }
}
