package comm.worker.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * How the process of a chip waits for its next request: awake for a moment, since one follows the
 * other while a run goes on, then asleep until the worker writes a byte into its standard input.
 * The end of that input is the worker's death.
 */
public final class RequestWait {

  private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long AWAKE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final Mailbox mailbox;
  private final InputStream wakeUps;
  private final long spinNanos;

  /**
   * A wait.
   *
   * @param wakeUps a byte comes for each sleep that the worker ends
   * @param spins whether this process may keep a processor busy
   */
  public RequestWait(Mailbox mailbox, InputStream wakeUps, boolean spins) {
    this.mailbox = mailbox;
    this.wakeUps = wakeUps;
    this.spinNanos = spins ? SPIN_NANOS : 0;
  }

  /**
   * Waits for a request or for the end.
   *
   * @return whether the worker lives
   */
  // That others get the processor is all that a yield is for here.
  @SuppressWarnings("ThreadPriorityCheck")
  public boolean await() throws IOException {
    long start = System.nanoTime();
    while (!isAsked()) {
      long waited = System.nanoTime() - start;
      if (waited < spinNanos) {
        Thread.onSpinWait();
      } else if (waited < AWAKE_NANOS) {
        Thread.yield();
      } else if (!sleep()) {
        return false;
      }
    }
    return true;
  }

  private boolean sleep() throws IOException {
    mailbox.sleeping();
    if (isAsked() && mailbox.endSleep()) {
      return true;
    }
    // Either asleep, or the worker has ended the sleep and its byte is coming.
    return wakeUps.read() >= 0;
  }

  private boolean isAsked() {
    int state = mailbox.state();
    return state == Mailbox.State.TASK_READY
        || state == Mailbox.State.CONTROL_REQUEST
        || mailbox.isShutdown();
  }
}
