package comm.testkit.conformance;

import comm.api.spi.Availability;
import comm.testkit.BackendUnderTest;
import comm.testkit.RankBody;
import comm.testkit.RankMode;
import comm.testkit.RankReport;
import comm.testkit.run.Backends;
import comm.testkit.run.RankPool;
import java.time.Duration;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.opentest4j.TestAbortedException;

/** What goes around {@link ProgramContract}'s property: ranks, and how many programs they run. */
final class ProgramRuns implements SkipExecutionHook, AroundPropertyHook {

  private static final Duration RUN = Duration.ofSeconds(10);

  /**
   * Ranks until the property ends. When jqwik's time for shrinking is over, it goes on while a run
   * is under way in another thread; so runs and the end wait for each other.
   */
  static final class Open implements AutoCloseable {

    private final RankPool pool;
    private boolean closed;

    Open(BackendUnderTest backend) {
      pool = new RankPool(backend);
    }

    synchronized RankReport run(int size, RankBody body) {
      if (closed) {
        throw new TestAbortedException("the property has ended");
      }
      return pool.run(size, RUN, body);
    }

    @Override
    public synchronized void close() {
      closed = true;
      pool.close();
    }
  }

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    if (!(context instanceof PropertyLifecycleContext property)) {
      return SkipResult.doNotSkip();
    }
    try {
      BackendUnderTest backend = contract(property).backend();
      if (backend.instance().isEmpty() && backend.environment().isEmpty()) {
        Availability availability =
            Backends.named(backend.name()).availability(backend.properties());
        if (availability instanceof Availability.Unavailable no) {
          return SkipResult.skip(backend + " can't be used here: " + no.reason());
        }
      }
      return SkipResult.doNotSkip();
    } catch (TestAbortedException e) {
      return SkipResult.skip(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    ProgramContract contract = contract(context);
    BackendUnderTest backend = contract.backend();
    if (backend.instance().isPresent()) {
      throw new IllegalArgumentException(
          backend
              + " is given as an object, but ranks of generated programs open a communicator by"
              + " the backend's name; use BackendUnderTest.threads(name) or processes(name)");
    }
    context.attributes().setTries(tries(backend));
    try (Open ranks = new Open(backend)) {
      contract.use(ranks);
      return property.execute();
    }
  }

  private static int tries(BackendUnderTest backend) {
    int usual =
        backend.mode() == RankMode.THREADS
            ? ProgramContract.THREAD_TRIES
            : ProgramContract.PROCESS_TRIES;
    String text = System.getProperty(ProgramContract.TRIES, String.valueOf(usual));
    int tries;
    try {
      tries = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      tries = 0;
    }
    if (tries < 1) {
      throw new IllegalStateException(
          ProgramContract.TRIES + " must be a number of at least 1, but is " + text);
    }
    return tries;
  }

  private static ProgramContract contract(PropertyLifecycleContext context) {
    return (ProgramContract) context.testInstance();
  }
}
