package comm.backend.sim.protocol;

/**
 * The control segment of a communicator. All fields are 64-bit words, little-endian.
 *
 * <pre>
 *      0  magic            written last by rank 0, before the segment's name is known to anybody
 *      8  layout version
 *     16  size             number of ranks
 *     24  token, two words the run's own number, as in the rootinfo file
 *
 *    128  poison           0, or the first cause of failure; set once by compare-and-set
 *    136  verdict          0, or 1 + the last epoch that held; set once by compare-and-set
 *
 *    256  release          the last epoch that somebody saw complete
 *    384  sleepers         ranks that sleep on the bell, or are about to
 *    392  bell             futex word, changes when sleepers must look again
 *
 *    512  window proposal  of rank 0: token (two words), stride, address, bytes needed, available
 *   1024  signal sleepers  one word a rank: threads that sleep on its signal bell
 *
 *   4096  slots, 128 bytes a rank; only their rank writes them, but for the bell
 *      0    epoch          barriers this rank has arrived at; a cache line of its own
 *     64    state          free, joined, left
 *     72    pid
 *     80    start time of the process
 *     88    operation      the last one that may wait, as an ordinal
 *     96    missing        ranks that had not come when this rank ran out of time, one bit each
 *    104    vote           of an allocation
 *    112    window bytes   that this rank asks for
 *    120    signal bell    futex word, changes when a signal of this rank's window did
 * </pre>
 *
 * <p>Slots take two cache lines, because processors fetch lines in pairs. The segment holds no
 * pointers and no locks: a rank that is killed anywhere leaves words that are true as they stand.
 */
public final class ControlLayout {

  public static final long MAGIC_VALUE = 0x314d4953_4d4d4f43L; // "COMMSIM1" in memory
  public static final long VERSION_VALUE = 1;

  public static final int MAX_RANKS = 64;

  public static final int MAGIC = 0;
  public static final int VERSION = 8;
  public static final int SIZE = 16;
  public static final int TOKEN_HIGH = 24;
  public static final int TOKEN_LOW = 32;

  public static final int POISON = 128;
  public static final int VERDICT = 136;

  public static final int RELEASE = 256;
  public static final int SLEEPERS = 384;
  public static final int BELL = 392;

  public static final int WINDOW_TOKEN_HIGH = 512;
  public static final int WINDOW_TOKEN_LOW = 520;
  public static final int WINDOW_STRIDE = 528;
  public static final int WINDOW_ADDRESS = 536;

  /** What a rank needed and found where memory was short; the last one to say so stands. */
  public static final int WINDOW_NEEDED = 544;

  public static final int WINDOW_AVAILABLE = 552;

  private static final int SIGNAL_SLEEPERS = 1024;
  private static final int SLOTS = 4096;
  private static final int SLOT_BYTES = 128;

  /** Length of the segment. */
  public static final int BYTES = SLOTS + MAX_RANKS * SLOT_BYTES;

  public static final long FREE = 0;
  public static final long JOINED = 1;
  public static final long LEFT = 2;

  private ControlLayout() {}

  private static int slot(int rank) {
    return SLOTS + rank * SLOT_BYTES;
  }

  public static int epoch(int rank) {
    return slot(rank);
  }

  public static int state(int rank) {
    return slot(rank) + 64;
  }

  public static int pid(int rank) {
    return slot(rank) + 72;
  }

  public static int startTime(int rank) {
    return slot(rank) + 80;
  }

  public static int operation(int rank) {
    return slot(rank) + 88;
  }

  public static int missing(int rank) {
    return slot(rank) + 96;
  }

  public static int vote(int rank) {
    return slot(rank) + 104;
  }

  public static int windowBytes(int rank) {
    return slot(rank) + 112;
  }

  public static int signalBell(int rank) {
    return slot(rank) + 120;
  }

  /** Threads that sleep on a rank's signal bell, or are about to. */
  public static int signalSleepers(int rank) {
    return SIGNAL_SLEEPERS + rank * Long.BYTES;
  }
}
