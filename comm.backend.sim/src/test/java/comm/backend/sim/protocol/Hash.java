package comm.backend.sim.protocol;

/**
 * Mixes words into 64 bits. The explorer tells states apart by two of these with different seeds:
 * among ten million states the chance that any two coincide is below 10^-24.
 */
final class Hash {

  private Hash() {}

  /** A constant's number within this run of the JVM; it is never kept. */
  @SuppressWarnings("EnumOrdinal")
  static int code(Enum<?> constant) {
    return constant.ordinal();
  }

  static long mix(long hash, long value) {
    long h = Long.rotateLeft(hash, 23) * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
    h += (value + 0x5851F42D4C957F2DL) * 0xD1342543DE82EF95L;
    h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
    return h ^ (h >>> 29);
  }
}
