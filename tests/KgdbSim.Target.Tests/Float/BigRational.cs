using System.Numerics;

namespace KgdbSim.Target.Tests.Float;

/// <summary>An exact fraction; not reduced. The default value is zero.</summary>
internal readonly struct BigRational(BigInteger numerator, BigInteger denominator) : IEquatable<BigRational>
{
    public BigInteger Numerator { get; } = numerator;

    public BigInteger Denominator => denominator.IsZero ? BigInteger.One : denominator;

    public int Sign => Numerator.Sign;

    public static BigRational PowerOfTwo(int exponent) => exponent >= 0
        ? new BigRational(BigInteger.One << exponent, 1)
        : new BigRational(1, BigInteger.One << -exponent);

    public static BigRational Abs(BigRational value) => new(BigInteger.Abs(value.Numerator), value.Denominator);

    public static BigRational operator +(BigRational a, BigRational b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static BigRational operator -(BigRational a, BigRational b) =>
        a + new BigRational(-b.Numerator, b.Denominator);

    public static BigRational operator *(BigRational a, BigRational b) =>
        new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static BigRational operator /(BigRational a, BigRational b) =>
        new(a.Numerator * b.Denominator * b.Sign, a.Denominator * BigInteger.Abs(b.Numerator));

    public static bool operator <(BigRational a, BigRational b) => a.CompareTo(b) < 0;

    public static bool operator >(BigRational a, BigRational b) => a.CompareTo(b) > 0;

    public static bool operator ==(BigRational a, BigRational b) => a.CompareTo(b) == 0;

    public static bool operator !=(BigRational a, BigRational b) => a.CompareTo(b) != 0;

    public int CompareTo(BigRational other) =>
        (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The largest integer not above the value.</summary>
    public BigInteger Floor()
    {
        BigInteger quotient = BigInteger.DivRem(Numerator, Denominator, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The power of two of the leading bit of the magnitude, which is not zero.</summary>
    public int FloorLog2()
    {
        BigInteger magnitude = BigInteger.Abs(Numerator);
        int guess = (int)(magnitude.GetBitLength() - Denominator.GetBitLength());
        return Abs(this) < PowerOfTwo(guess) ? guess - 1 : guess;
    }

    public bool Equals(BigRational other) => this == other;

    public override bool Equals(object? obj) => obj is BigRational other && this == other;

    public override int GetHashCode() => 0;
}
