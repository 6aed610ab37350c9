package comm.backend.hccl.device;

import comm.api.spi.BackendFailure;
import comm.backend.hccl.cann.CannException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The platform thread on which every ACL and HCCL call of a communicator runs: the current device,
 * its context and the text of the last error belong to a thread. Callers of any kind, virtual
 * threads too, hand a task over and wait, looking around meanwhile. A caller may give up on a task
 * that hangs in a native call; the task then ends when that call returns, and what it acquired is
 * given back by the tasks after it.
 */
public final class DeviceThread {

  private static final System.Logger LOGGER = System.getLogger(DeviceThread.class.getName());

  /** A dead peer must be noticed within 100 ms, so a caller looks a few times as often. */
  private static final long LOOK_MILLIS = 10;

  /** Calls of the libraries; a task is never half done when one fails, it releases what it got. */
  public interface Task<T> {
    T run() throws CannException;
  }

  /** What a caller looks at while its task runs; throws to give up on it. */
  public interface Watch {
    void look() throws BackendFailure;
  }

  private final LinkedBlockingQueue<FutureTask<?>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile @Nullable FutureTask<?> running;
  private volatile boolean ending;
  private volatile Consumer<CannException> observer = failure -> {};

  /** Starts it; a daemon, since a native call that hangs must not keep the JVM from ending. */
  public DeviceThread(String name) {
    thread = new Thread(this::work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void work() {
    while (!ending || !queue.isEmpty()) {
      try {
        FutureTask<?> next = queue.take();
        running = next;
        next.run();
      } catch (InterruptedException stranger) {
        LOGGER.log(System.Logger.Level.DEBUG, "the device's thread has nothing to break off");
      } finally {
        running = null;
      }
    }
  }

  /** Whether it still runs a task on which the caller has given up. */
  public boolean isHung() {
    FutureTask<?> now = running;
    return now != null && now.isCancelled();
  }

  /** Runs a task when its turn comes; nobody waits for it. */
  public void submit(Runnable task) {
    queue.add(new FutureTask<>(task, null));
  }

  /** Whether somebody else waits for the thread. */
  public boolean isWanted() {
    return !queue.isEmpty();
  }

  /**
   * Runs a task and waits for it. An interrupt of the caller is kept for the watch to see.
   *
   * @param watch looked at every {@value #LOOK_MILLIS} ms while the task isn't done
   * @throws CannException what the task threw
   * @throws BackendFailure what the watch threw; the task is dropped if it hasn't begun, else it
   *     runs to its end
   */
  public <T> T call(Task<T> task, Watch watch) throws CannException, BackendFailure {
    FutureTask<T> future = new FutureTask<>(() -> observed(task));
    queue.add(future);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          // looks below
        }
        look(watch, interrupted, future);
      }
    } catch (ExecutionException e) {
      throw asThrown(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T observed(Task<T> task) throws CannException {
    try {
      return task.run();
    } catch (CannException e) {
      observer.accept(e);
      throw e;
    }
  }

  /** Shows every failure of a task, on the device's thread, before anything else runs there. */
  public void observe(Consumer<CannException> failures) {
    observer = failures;
  }

  private static void look(Watch watch, boolean interrupted, FutureTask<?> future)
      throws BackendFailure {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    boolean done = false;
    try {
      watch.look();
      done = true;
    } finally {
      if (!done) {
        // Without an interrupt: JNA and the libraries beneath it know nothing of interrupts.
        future.cancel(false);
      }
      // The flag would end the next wait for the task at once; the caller gets it back at the end.
      if (interrupted) {
        Thread.interrupted();
      }
    }
  }

  private static CannException asThrown(@Nullable Throwable cause) {
    if (cause instanceof CannException e) {
      return e;
    }
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    throw new CancellationException(String.valueOf(cause));
  }

  /** Lets the thread end once it has run what was handed over. */
  public void end() {
    ending = true;
    submit(() -> {});
  }

  /** Waits until it has; an interrupt ends the wait and is kept. */
  public void awaitEnd(Duration atMost) {
    try {
      thread.join(Math.max(1, atMost.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
