package comm.worker.chip;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The handles of one worker's sessions: the worker's number, then the session's. So a handle of
 * another worker and one of a session that has ended are told apart from the live one.
 */
final class Handles {

  /** Begins high, so that small numbers that callers make up are never handles. */
  private static final AtomicInteger WORKERS = new AtomicInteger(0x636f_6d6d);

  private final long prefix = (long) WORKERS.getAndIncrement() << Integer.SIZE;
  private long issued;
  private boolean live;

  synchronized long issue() {
    issued++;
    live = true;
    return prefix + issued;
  }

  /** The live handle, if there is one, is stale from here on. */
  synchronized void retire() {
    live = false;
  }

  /** Lets the live handle pass. */
  synchronized void check(long handle, String call) {
    long number = handle - prefix;
    if (number < 1 || number > issued) {
      throw new IllegalArgumentException(
          call
              + ": comm handle 0x"
              + Long.toHexString(handle)
              + " is not one of this ChipWorker's; use what its commInit() returned");
    }
    if (!live || number != issued) {
      throw new IllegalStateException(
          call
              + ": comm handle 0x"
              + Long.toHexString(handle)
              + " is stale: its session was destroyed; call commInit() for a new one");
    }
  }
}
