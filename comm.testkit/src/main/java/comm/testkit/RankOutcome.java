package comm.testkit;

import java.io.Serializable;
import java.util.List;

/** How one rank of a run ended. */
public sealed interface RankOutcome extends Serializable {

  /**
   * Which rank.
   *
   * @return 0 ≤ rank &lt; size
   */
  int rank();

  /**
   * Its body returned.
   *
   * @param rank which rank
   */
  record Passed(int rank) implements RankOutcome {
    /** {@return the outcome in words} */
    @Override
    public String toString() {
      return "passed";
    }
  }

  /**
   * Its body threw.
   *
   * @param rank which rank
   * @param error what it threw, as text
   * @param stackTrace with causes
   * @param blamesAnother whether what it threw says that another rank failed first
   * @param time when, in ms since the epoch
   */
  record Failed(int rank, String error, String stackTrace, boolean blamesAnother, long time)
      implements RankOutcome {
    /** {@return the outcome in words} */
    @Override
    public String toString() {
      return "failed: " + error;
    }
  }

  /**
   * Its body found that the test makes no sense here, by a failed assumption.
   *
   * @param rank which rank
   * @param reason why
   */
  record Skipped(int rank, String reason) implements RankOutcome {
    /** {@return the outcome in words} */
    @Override
    public String toString() {
      return "skipped: " + reason;
    }
  }

  /**
   * Its process ended.
   *
   * @param rank which rank
   * @param how such as {@code killed by SIGKILL}
   * @param lastLines what it printed last
   * @param time when, in ms since the epoch
   */
  record Died(int rank, String how, List<String> lastLines, long time) implements RankOutcome {
    /** {@return the outcome in words} */
    @Override
    public String toString() {
      return how;
    }
  }

  /**
   * It didn't end within the run's time limit.
   *
   * @param rank which rank
   * @param stacks of its threads
   */
  record Hung(int rank, String stacks) implements RankOutcome {
    /** {@return the outcome in words} */
    @Override
    public String toString() {
      return "did not end";
    }
  }
}
