package comm.backend.sim.protocol;

/**
 * The first cause of a communicator's failure, as one word: whoever sets it first is right, and
 * everybody reads the same.
 *
 * @param kind what happened
 * @param subject the rank it happened to
 * @param reporter the rank that noticed
 * @param detail a number that belongs to the kind
 */
public record Poison(Kind kind, int subject, int reporter, int detail) {

  /** What can happen; the codes are part of the segment's layout. */
  public enum Kind {
    /** The reporter ran out of time; its slot says who was missing. */
    TIMED_OUT(1),
    /** The reporter's thread was interrupted. */
    INTERRUPTED(2),
    /** The subject closed while others waited for it. */
    LEFT(3),
    /** The subject's process ended. */
    DEAD(4),
    /** A second process came as the subject; the detail is its pid. */
    DUPLICATE(5),
    /** The reporter came with another number of ranks; the detail is that number. */
    OTHER_SIZE(6);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private static final Kind[] KINDS = Kind.values();

  /** Never 0. */
  public long encode() {
    return ((long) detail << 32)
        | ((long) (subject & 0xff) << 16)
        | ((long) (reporter & 0xff) << 8)
        | kind.code;
  }

  /**
   * Decodes a word that a peer wrote, which may be anything.
   *
   * @throws IllegalArgumentException if it isn't the encoding of a poison
   */
  public static Poison decode(long word) {
    for (Kind kind : KINDS) {
      if (kind.code == (word & 0xff)) {
        return new Poison(
            kind, (int) (word >>> 16) & 0xff, (int) (word >>> 8) & 0xff, (int) (word >>> 32));
      }
    }
    throw new IllegalArgumentException("not a poison: 0x" + Long.toHexString(word));
  }
}
