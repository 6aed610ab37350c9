package comm.worker;

import comm.worker.wire.ChipFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Drives several chips, each in a process of its own: launches them, brings them up together, and
 * runs orchestration functions that submit tasks to them and move data.
 *
 * {@snippet file="comm/tests/snippets/JavadocExamplesTest.java" region="worker"}
 *
 * <p>A run that fails leaves the worker as it was, as long as its chips live; a chip that dies, or
 * takes too long, ends the worker. Chips end within a second of this process's death, by whatever
 * means it dies.
 *
 * <p>Any thread may call; runs come one after the other.
 */
public final class Worker implements AutoCloseable {

  private final WorkerBuilder.Settings settings;
  private final RunningJob job;
  private final List<Lane> lanes;
  private final List<ChipContext> chips;
  private final Engine engine;
  private boolean running;
  private boolean closed;

  /** Chips that end now do so because they were told to. */
  private volatile boolean closing;

  private Worker(
      WorkerBuilder.Settings settings, RunningJob job, List<Lane> lanes, List<ChipContext> chips) {
    this.settings = settings;
    this.job = job;
    this.lanes = lanes;
    this.chips = chips;
    this.engine = new Engine(lanes, settings.taskTimeout(), settings.spins());
  }

  /**
   * Says how a worker is launched.
   *
   * @return a builder without chips
   */
  public static WorkerBuilder builder() {
    return new WorkerBuilder();
  }

  static Worker open(WorkerBuilder.Settings settings, RankOutput output) throws IOException {
    Startup startup = new Startup(settings);
    List<ChipFile> files = new ArrayList<>();
    RunningJob job = startup.launch(output, files);
    try {
      List<Lane> lanes = new ArrayList<>();
      for (int chip = 0; chip < settings.chips(); chip++) {
        lanes.add(new Lane(chip, settings.deviceIds().get(chip), files.get(chip), job.child(chip)));
      }
      List<ChipContext> chips = startup.await(lanes);
      Worker worker = new Worker(settings, job, lanes, chips);
      lanes.forEach(worker::watch);
      return worker;
    } catch (RuntimeException | Error e) {
      job.close();
      throw e;
    }
  }

  private void watch(Lane lane) {
    Future<?> unused = lane.process().onExit().thenAccept(process -> ended(lane));
  }

  private void ended(Lane lane) {
    if (!closing) {
      engine.breakWith(Startup.died(lane, engine.currentOf(lane.index())));
    }
  }

  /**
   * The chips.
   *
   * @return one context a chip, in the order in which they were added
   */
  public List<ChipContext> chips() {
    return chips;
  }

  /**
   * The process of a chip, for tests and tools that signal it. It may have ended.
   *
   * @param chip 0 ≤ chip &lt; number of chips
   * @return its process
   * @throws IndexOutOfBoundsException if there is no such chip
   */
  public ProcessHandle process(int chip) {
    return job.process(chip);
  }

  /**
   * Runs an orchestration function, then waits until everything that it submitted has ended.
   *
   * <p>When a task or the function fails, what has not begun never begins, what runs is waited for,
   * and the first error is thrown with the others suppressed in it. A death of a chip is thrown at
   * once.
   *
   * @param orchestration what to do
   * @param <T> what it returns
   * @param <E> the checked exception that it throws, if any
   * @return what the function returned
   * @throws IllegalStateException if the worker is closed, or another run goes on
   * @throws RemoteChipException if a task or a copy failed; the worker can be used further
   * @throws ChipDiedException if a chip died; close the worker
   * @throws WorkerTimeoutException if a task took too long; close the worker
   * @throws WorkerException if this thread was interrupted while chips worked, and then nobody
   *     knows when they are free: close the worker
   * @throws E what the function threw; so is an unchecked exception or an error of its
   */
  public <T, E extends Exception> T run(Orchestration<T, E> orchestration) throws E {
    begin();
    try {
      Orchestrator orchestrator = new Orchestrator(engine, chips);
      try {
        T result = orchestration.run(orchestrator);
        drain(orchestrator);
        engine.throwIfFailed();
        return result;
      } catch (Throwable thrown) {
        throw Worker.<E>as(end(orchestrator, thrown));
      }
    } finally {
      WorkerException unused = engine.takeFirstError();
      synchronized (this) {
        running = false;
      }
    }
  }

  private synchronized void begin() {
    if (closed) {
      throw new IllegalStateException("this worker is closed");
    }
    if (running) {
      throw new IllegalStateException(
          "another run of this worker goes on; runs come one after the other");
    }
    WorkerException broken = engine.broken();
    if (broken != null) {
      throw new IllegalStateException(
          "this worker can't be used any more; close it and open a new one: " + broken.getMessage(),
          broken);
    }
    running = true;
  }

  private void drain(Orchestrator orchestrator) {
    orchestrator.end();
    try {
      engine.awaitAll();
    } catch (WorkerException interrupted) {
      // Nobody waits for the chips any more, so nobody knows when they are free again.
      engine.breakWith(interrupted);
    }
  }

  /** Waits for what runs, and finds out what to throw. */
  private Throwable end(Orchestrator orchestrator, Throwable thrown) {
    WorkerException ofFunction =
        thrown instanceof WorkerException known
            ? known
            : new WorkerException("the orchestration function failed: " + thrown, thrown);
    engine.failRun(ofFunction);
    drain(orchestrator);
    WorkerException first = engine.takeFirstError();
    if (first != null && first != ofFunction) {
      return first;
    }
    move(ofFunction, thrown);
    return thrown;
  }

  /** What the function threw is unchecked or of the type that it declares. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> E as(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return (E) thrown;
  }

  private static void move(WorkerException from, Throwable to) {
    if (from != to) {
      for (Throwable suppressed : from.getSuppressed()) {
        to.addSuppressed(suppressed);
      }
    }
  }

  /**
   * Tells the chips to end, and kills those that have not after the close timeout. Returns once all
   * processes are gone and nothing of them is left. Idempotent. A run of another thread fails.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    closing = true;
    if (engine.broken() == null) {
      engine.breakWith(new WorkerException("the worker was closed", null));
      lanes.forEach(Lane::shutdown);
      awaitEnd(settings.closeTimeout());
    }
    engine.close();
    job.close();
  }

  /** Waits through interrupts, since what follows is to kill. */
  private void awaitEnd(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          @Nullable JobResult unused =
              job.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))).orElse(null);
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** {@return the number of chips, and whether it can be used} */
  @Override
  public synchronized String toString() {
    return "worker of "
        + chips.size()
        + " chips"
        + (closed ? " (closed)" : engine.broken() == null ? "" : " (broken)");
  }
}
