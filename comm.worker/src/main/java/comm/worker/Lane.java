package comm.worker;

import comm.worker.wire.ChipFile;
import comm.worker.wire.Mailbox;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One chip as the engine sees it: its process, its mailbox, and what it is asked for, in order. */
final class Lane {

  private static final System.Logger LOG = System.getLogger(Lane.class.getName());

  private final int index;
  private final int deviceId;
  private final ChipFile file;
  private final Process process;
  private final Deque<Work> queue = new ArrayDeque<>();
  private @Nullable Work current;
  private long started;
  private boolean arrived;

  Lane(int index, int deviceId, ChipFile file, Process process) {
    this.index = index;
    this.deviceId = deviceId;
    this.file = file;
    this.process = process;
  }

  int index() {
    return index;
  }

  ChipFile file() {
    return file;
  }

  Mailbox mailbox() {
    return file.mailbox();
  }

  Process process() {
    return process;
  }

  String describe() {
    return "chip " + index + " (device " + deviceId + ", pid " + process.pid() + ")";
  }

  Deque<Work> queue() {
    return queue;
  }

  @Nullable Work current() {
    return current;
  }

  /** Since when the current work, or its current part, runs. */
  long started() {
    return started;
  }

  /** Whether the work at the head of the queue has been counted by its group. */
  boolean hasArrived() {
    return arrived;
  }

  void arrive() {
    arrived = true;
  }

  void begin() {
    Work next = queue.remove();
    arrived = false;
    current = next;
    post(next);
  }

  /** Asks for a work, or for its next part. */
  void post(Work work) {
    started = System.nanoTime();
    work.post(mailbox());
    wake();
  }

  void endCurrent() {
    current = null;
  }

  void dropHead() {
    queue.remove();
    arrived = false;
  }

  /** Wakes the chip if it sleeps. */
  void wake() {
    if (mailbox().endSleep()) {
      writeWakeUp();
    }
  }

  private void writeWakeUp() {
    try {
      process.getOutputStream().write(1);
      process.getOutputStream().flush();
    } catch (IOException e) {
      // Its process has ended, of which the engine learns in another way.
      LOG.log(System.Logger.Level.DEBUG, describe() + " can't be woken", e);
    }
  }

  void shutdown() {
    mailbox().shutdown();
    wake();
  }
}
