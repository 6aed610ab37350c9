package comm.tests.worker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * How something ended, and when.
 *
 * @param time by {@link System#nanoTime}
 */
record Timed<T>(long time, T how) {

  /** Does something on a thread of its own. */
  static <T> FutureTask<Timed<T>> start(Callable<T> call) {
    FutureTask<Timed<T>> task =
        new FutureTask<>(
            () -> {
              T how = call.call();
              return new Timed<>(System.nanoTime(), how);
            });
    new Thread(task, "driver").start();
    return task;
  }

  /** Shows how long it took to tell of something, and that half took less than 200 ms. */
  static void assertMedian(String what, List<Double> millis) {
    millis.sort(null);
    System.out.println(what + ": told after ms: " + millis);
    assertTrue(millis.get(millis.size() / 2) < 200, () -> what + ": " + millis);
  }
}
