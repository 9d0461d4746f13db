using KgdbSim.Target.Cpu;

namespace KgdbSim.Target.Tests.Cpu;

public sealed class LazyFlagsTests
{
    [Fact]
    public void Every_combination_of_the_six_flags_survives()
    {
        for (ulong flags = 0; flags <= Flags.Status; flags++)
        {
            if ((flags & ~Flags.Status) != 0)
            {
                continue;
            }

            (ulong result, ulong aux) = LazyFlags.FromStatus(flags);
            Assert.Equal(flags, LazyFlags.ToStatus(result, aux));
        }
    }

    [Fact]
    public void Conditions_agree_with_the_flags_they_are_made_of()
    {
        for (ulong flags = 0; flags <= Flags.Status; flags++)
        {
            if ((flags & ~Flags.Status) != 0)
            {
                continue;
            }

            (ulong result, ulong aux) = LazyFlags.FromStatus(flags);
            Assert.Equal((flags & Flags.Cf) != 0, LazyFlags.Carry(aux));
            Assert.Equal((flags & Flags.Of) != 0, LazyFlags.Overflow(aux));
            Assert.Equal((flags & Flags.Zf) != 0, LazyFlags.Zero(result));
            Assert.Equal((flags & Flags.Sf) != 0, LazyFlags.Sign(result, aux));
            Assert.Equal((flags & Flags.Pf) != 0, LazyFlags.Parity(result, aux));
            Assert.Equal((flags & Flags.Af) != 0, LazyFlags.Adjust(aux));
            Assert.Equal(((flags & Flags.Sf) != 0) != ((flags & Flags.Of) != 0), LazyFlags.Less(result, aux));
        }
    }

    [Fact]
    public void Keeping_carry_changes_no_other_flag()
    {
        for (ulong before = 0; before <= 1; before++)
        {
            for (ulong flags = 0; flags <= Flags.Status; flags++)
            {
                if ((flags & ~Flags.Status) != 0)
                {
                    continue;
                }

                (ulong result, ulong fresh) = LazyFlags.FromStatus(flags);
                (_, ulong old) = LazyFlags.FromStatus(before);
                ulong kept = LazyFlags.KeepCarry(old, fresh);
                Assert.Equal((flags & ~Flags.Cf) | before, LazyFlags.ToStatus(result, kept));
            }
        }
    }
}
