package comm.testkit.run;

import comm.testkit.BackendUnderTest;
import comm.testkit.RankBody;
import comm.testkit.RankMode;
import comm.testkit.RankReport;
import comm.testkit.TimeScale;
import comm.testkit.fault.FaultPlan;
import java.time.Duration;

/**
 * Runs bodies on ranks of a backend: threads of this JVM, or processes that serve one run after
 * another. One thread uses it at a time.
 *
 * {@snippet file="comm/tests/snippets/JavadocExamplesTest.java" region="pool"}
 */
public final class RankPool implements AutoCloseable {

  private final BackendUnderTest backend;
  private final Runs runs;

  /**
   * A pool without ranks; they are made when they are needed.
   *
   * @param backend that the ranks use
   */
  public RankPool(BackendUnderTest backend) {
    this.backend = backend;
    this.runs = new Runs(backend);
  }

  /**
   * Runs a body on every rank and waits for all of them.
   *
   * @param size number of ranks, 1 to the backend's most
   * @param limit how long the run may take; it is scaled by {@link TimeScale}. Ranks that are not
   *     done by then are given up: their stacks are in the report, and processes are killed
   * @param body of every rank
   * @return how each rank ended
   * @throws IllegalArgumentException if there can't be so many ranks, or the body can't travel to
   *     rank processes
   */
  public RankReport run(int size, Duration limit, RankBody body) {
    return run(size, limit, FaultPlan.none(), body);
  }

  /**
   * Runs a body on every rank, lets faults happen, and waits for all ranks. A rank that is killed
   * has died in the report; {@link RankReport#check(java.util.Set)} takes {@link FaultPlan#killed}.
   *
   * @param size number of ranks, 1 to the backend's most
   * @param limit as in {@link #run(int, Duration, RankBody)}
   * @param plan the faults of this run; not those of others
   * @param body of every rank
   * @return how each rank ended, and which faults did not happen
   * @throws IllegalArgumentException as in {@link #run(int, Duration, RankBody)}, and if the plan
   *     doesn't fit the ranks; nothing has run then
   */
  public RankReport run(int size, Duration limit, FaultPlan plan, RankBody body) {
    if (size < 1 || size > backend.maxRanks()) {
      throw new IllegalArgumentException(
          "a run on " + backend + " has 1 to " + backend.maxRanks() + " ranks, not " + size);
    }
    plan.requireFits(size, backend.mode() == RankMode.PROCESSES);
    return runs.run(size, TimeScale.scaled(limit), plan, body);
  }

  /** Ends all rank processes. Idempotent; takes a few seconds at most. */
  @Override
  public void close() {
    runs.close();
  }

  /** {@return the backend's label} */
  @Override
  public String toString() {
    return "ranks on " + backend;
  }
}
