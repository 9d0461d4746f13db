namespace KgdbSim.Protocol; internal static class Placeholder;
