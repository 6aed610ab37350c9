package comm.testkit.conformance;

import comm.testkit.BackendUnderTest;
import comm.testkit.Leftovers;
import comm.testkit.RankReport;
import comm.testkit.TimeScale;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.opentest4j.AssertionFailedError;

/** The directories where a backend must leave nothing, as they were before a run. */
final class Places {

  /** Others on the machine may have files there for a while. */
  private static final Duration PATIENCE = TimeScale.scaled(Duration.ofSeconds(5));

  private static final long PAUSE_NANOS = 10_000_000;

  private final Map<String, Leftovers> places = new TreeMap<>();

  Places(BackendUnderTest backend) {
    backend.places().forEach(place -> places.put(place.toString(), Leftovers.of(place)));
  }

  /** Fails if the run left anything there, or where its root info files were. */
  void assertClean(RankReport report) {
    if (!report.leftovers().isEmpty()) {
      throw new AssertionFailedError(
          "nothing must be left beside the root info files, but there is " + report.leftovers(),
          List.of(),
          report.leftovers());
    }
    places.forEach(Places::assertNothingIn);
  }

  private static void assertNothingIn(String place, Leftovers leftovers) {
    long start = System.nanoTime();
    Set<String> added = leftovers.added();
    while (!added.isEmpty()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionFailedError(
            "nothing must be left in " + place + ", but there is " + added, Set.of(), added);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      added = leftovers.added();
    }
  }
}
