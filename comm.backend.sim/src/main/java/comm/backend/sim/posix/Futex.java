package comm.backend.sim.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sleeping on a shared 32-bit word, at the little end of a 64-bit one. One object a thread. */
public final class Futex {

  private final ByteBuffer timespec =
      ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());

  /**
   * Sleeps while the word has the value, at most so long. May return early for no reason, so the
   * caller looks again in any case, and no error matters.
   */
  public void sleep(long address, int value, long nanos) {
    timespec.putLong(0, nanos / 1_000_000_000L);
    timespec.putLong(Long.BYTES, nanos % 1_000_000_000L);
    Libc.syscall(Libc.SYS_FUTEX, address, Libc.FUTEX_WAIT, value, timespec);
  }

  /** Wakes everybody who sleeps on the word, in any process. */
  public static void wakeAll(long address) {
    Libc.syscall(Libc.SYS_FUTEX, address, Libc.FUTEX_WAKE, Integer.MAX_VALUE, null);
  }
}
