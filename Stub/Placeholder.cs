namespace KgdbSim.Stub; internal static class Placeholder;
