package comm.testkit.conformance;

import comm.testkit.TimeScale;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opentest4j.AssertionFailedError;

/** Work of a rank in another thread of its own. */
final class Aside<T> {

  /** More than anything takes that must not wait, however busy the machine. */
  static final Duration PROMPT = TimeScale.scaled(Duration.ofSeconds(5));

  private final String what;
  private final FutureTask<T> task;

  private Aside(String what, Callable<T> work) {
    this.what = what;
    this.task = new FutureTask<>(work);
  }

  /** Begins it. */
  static <T> Aside<T> start(String what, Callable<T> work) {
    Aside<T> aside = new Aside<>(what, work);
    Thread thread = new Thread(aside.task, what);
    thread.setDaemon(true);
    thread.start();
    return aside;
  }

  /** Does it all, and fails unless that is done in time. */
  static <T> T promptly(String what, Callable<T> work) throws InterruptedException {
    return start(what, work).result(PROMPT);
  }

  /** What came of it; fails unless it is done in time. */
  T result(Duration limit) throws InterruptedException {
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionFailedError(what + " must end within " + limit + ", but has not", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionFailedError failed) {
        throw failed;
      }
      throw new AssertionFailedError(what + " must not throw, but threw " + e.getCause(), e);
    }
  }
}
