package comm.backend.hccl.rendezvous;

import java.nio.ByteBuffer;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * What a rank says of itself in its file, which it rewrites in place and holds a lock on.
 *
 * @param left whether it has closed the communicator
 * @param operation code of the last operation that it began
 * @param step last collective step at which it has arrived
 * @param releasedBelow it has let go of all windows with smaller numbers
 * @param releasedAlso and of these above, one bit each
 * @param heard when it last wrote this, in ms since 1970 by its own clock
 * @param nonce random, so that nobody takes this rank for an earlier one
 */
record RankRecord(
    boolean left,
    int operation,
    long step,
    long releasedBelow,
    long releasedAlso,
    long heard,
    long nonce,
    long pid,
    long startTime,
    String hostId,
    String hostName) {

  private static final int VERSION = 1;

  /** Every record has this length, so that rewriting it never leaves a rest of the one before. */
  static final int LENGTH = 512;

  private static final int BODY = LENGTH - 16;

  /** The names fit, whoever made them. */
  RankRecord {
    hostId = Bytes.name(hostId);
    hostName = Bytes.name(hostName);
  }

  private RankRecord changed(
      boolean isLeft, int nowOperation, long nowStep, long below, long also) {
    return new RankRecord(
        isLeft,
        nowOperation,
        nowStep,
        below,
        also,
        System.currentTimeMillis(),
        nonce,
        pid,
        startTime,
        hostId,
        hostName);
  }

  /** The rank is in an operation, and has arrived at a step. */
  RankRecord at(Operation now, long arrived) {
    return changed(left, now.code(), arrived, releasedBelow, releasedAlso);
  }

  /** The rank is still there. */
  RankRecord heardNow() {
    return changed(left, operation, step, releasedBelow, releasedAlso);
  }

  /** The rank closes the communicator. */
  RankRecord leaving() {
    return changed(true, operation, step, releasedBelow, releasedAlso);
  }

  /** The rank has let go of all windows. */
  RankRecord releasingAll() {
    return changed(left, operation, step, Long.MAX_VALUE, 0);
  }

  /**
   * The rank has let go of more windows.
   *
   * @param more their numbers; those that could be noted are taken out, the others wait until older
   *     windows are released
   */
  RankRecord releasing(NavigableSet<Long> more) {
    long below = releasedBelow;
    long also = releasedAlso;
    while (true) {
      while (!more.isEmpty() && more.first() - below < Long.SIZE) {
        long bit = more.first() - below;
        more.pollFirst();
        // What was released before would shift the wrong way, to another window's bit.
        also |= bit < 0 ? 0 : 1L << bit;
      }
      if ((also & 1) == 0) {
        return changed(left, operation, step, below, also);
      }
      while ((also & 1) != 0) {
        also >>>= 1;
        below++;
      }
    }
  }

  byte[] encode() {
    byte[] body = new byte[BODY];
    byte[] used =
        Bytes.body(
            BODY,
            out -> {
              out.put((byte) (left ? 1 : 0)).putInt(operation).putLong(step);
              out.putLong(releasedBelow).putLong(releasedAlso).putLong(heard).putLong(nonce);
              out.putLong(pid).putLong(startTime);
              Bytes.putText(out, hostId);
              Bytes.putText(out, hostName);
            });
    System.arraycopy(used, 0, body, 0, used.length);
    return Bytes.frame(VERSION, body);
  }

  static Optional<RankRecord> decode(byte[] bytes) {
    return Bytes.read(VERSION, bytes, RankRecord::read);
  }

  private static RankRecord read(ByteBuffer in) {
    RankRecord record =
        new RankRecord(
            in.get() != 0,
            in.getInt(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            Bytes.getText(in),
            Bytes.getText(in));
    in.position(in.limit());
    return record;
  }

  /** Whether it has let go of the windows with a number. */
  boolean hasReleased(long windows) {
    long bit = windows - releasedBelow;
    return bit < 0 || (bit < Long.SIZE && (releasedAlso & 1L << bit) != 0);
  }
}
