package comm.worker.runtime;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import comm.worker.kernel.ChipException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which a session makes native calls. They block and nothing ends them, so the
 * caller waits beside them and can be called off; and a device's libraries remember by thread which
 * device is meant. A thread that is stuck in a call doesn't keep the process alive.
 */
final class NativeThread {

  private final String library;
  private final ExecutorService executor;

  /** What ends each wait that callers are in. */
  private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();

  private volatile boolean cancelled;
  private volatile String running = "";

  /**
   * Makes the thread.
   *
   * @param name of the thread
   * @param library for messages
   */
  NativeThread(String name, String library) {
    this.library = library;
    executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Makes a call on the thread and waits for it.
   *
   * @param function what is called, for messages
   * @throws BackendFailure if the call failed or the wait was given up; the call goes on then
   */
  <T> T call(String function, Callable<T> work, WaitLimit limit) throws BackendFailure {
    long start = System.nanoTime();
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable end = () -> result.cancel(false);
    waits.add(end);
    try {
      if (cancelled) {
        throw new BackendFailure(new Failure.Cancelled(), Duration.ZERO);
      }
      executor.execute(() -> execute(function, work, result));
      return result.get(limit.nanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new BackendFailure(new Failure.TimedOut(List.of(), notBack(function)), since(start));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendFailure(new Failure.Interrupted(), since(start));
    } catch (CancellationException e) {
      throw new BackendFailure(new Failure.Cancelled(), since(start));
    } catch (ExecutionException e) {
      throw failure(e.getCause(), since(start));
    } finally {
      waits.remove(end);
    }
  }

  /** The same for what gives nothing. */
  void run(String function, Runnable work, WaitLimit limit) throws BackendFailure {
    call(
        function,
        () -> {
          work.run();
          return true;
        },
        limit);
  }

  private <T> void execute(String function, Callable<T> work, CompletableFuture<T> result) {
    running = function;
    T value;
    try {
      value = work.call();
    } catch (Throwable e) {
      running = "";
      result.completeExceptionally(e);
      return;
    }
    running = "";
    result.complete(value);
  }

  private String notBack(String function) {
    String what = running.isEmpty() ? function : running;
    return what
        + " of the host runtime "
        + library
        + " has not returned; its own limit is 120 s, and it can't be ended before. What it holds"
        + " is freed when it returns, or when this process ends";
  }

  /** What a failed call means to its caller. */
  static BackendFailure failure(@Nullable Throwable cause, Duration waited) {
    if (cause instanceof ChipException chip) {
      BackendFailure failure = failed(chip.function(), chip.code(), message(chip), "", waited);
      failure.initCause(chip);
      return failure;
    }
    if (cause instanceof BackendFailure failure) {
      return failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }

  private static String message(ChipException failure) {
    return String.valueOf(failure.getMessage());
  }

  /** The failure of a native call. */
  static BackendFailure failed(
      String function, int code, String message, String advice, Duration waited) {
    return new BackendFailure(new Failure.NativeCall(function, code, "", message, advice), waited);
  }

  /** Time from a moment of {@link System#nanoTime} to now. */
  static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Ends the waits of all callers, now and later. */
  void cancel() {
    cancelled = true;
    waits.forEach(Runnable::run);
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** What a person must know of a call that it is still inside of. */
  String stuck() {
    return notBack("a call");
  }

  /** Does this after whatever the thread is at, and ends the thread. Can be called once. */
  void last(String function, Runnable work) {
    CompletableFuture<Boolean> unawaited = new CompletableFuture<>();
    executor.execute(
        () ->
            execute(
                function,
                () -> {
                  work.run();
                  return true;
                },
                unawaited));
    executor.shutdown();
  }
}
