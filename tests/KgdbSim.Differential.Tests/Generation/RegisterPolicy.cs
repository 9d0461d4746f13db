namespace KgdbSim.Differential.Tests.Generation;

/// <summary>
/// Which registers a snippet's instructions use. In a sequence a few come again and again, so that one instruction sees
/// what the one before left, and those that hold addresses are mostly left alone.
/// </summary>
internal sealed class RegisterPolicy
{
    private const int Rsp = 4;
    private const int Rbp = 5;
    private const int Rsi = 6;
    private const int Rdi = 7;

    private readonly int[] _hot;
    private readonly int[] _pointers;

    private RegisterPolicy(int[] hot, int[] pointers)
    {
        _hot = hot;
        _pointers = pointers;
    }

    /// <summary>For a single instruction: any register anywhere.</summary>
    public static RegisterPolicy Any { get; } = new([], []);

    /// <summary>Registers that hold addresses from the start.</summary>
    public ReadOnlySpan<int> Pointers => _pointers;

    public static RegisterPolicy ForSequence(Dice dice)
    {
        int[] hot = [dice.Below(4), dice.Below(4), 8 + dice.Below(8), dice.Below(16)];
        int[] pointers = [Rsi, Rdi, dice.Percent(50) ? Rbp : 8 + dice.Below(8)];
        return new RegisterPolicy([.. hot.Where(register => register != Rsp && !pointers.Contains(register))], pointers);
    }

    /// <summary>A register operand, 0..15.</summary>
    public int Operand(Dice dice)
    {
        if (_hot.Length != 0 && dice.Percent(80))
        {
            return dice.Pick<int>(_hot);
        }

        int register = dice.Below(16);
        return (register == Rsp || _pointers.AsSpan().Contains(register)) && dice.Percent(85) ? dice.Below(4) : register;
    }

    /// <summary>A base register.</summary>
    public int Base(Dice dice) => _pointers.Length != 0 && dice.Percent(92) ? dice.Pick<int>(_pointers) : dice.Below(16);

    /// <summary>How often a memory operand has an index, in percent: in a sequence its value is not under control.</summary>
    public int IndexPercent => _pointers.Length != 0 ? 4 : 30;
}
