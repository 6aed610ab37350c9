package comm.worker;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a job ended.
 *
 * @param outcome in a word
 * @param ranks one exit per rank, in rank order
 * @param firstFailed the rank whose failure came first and was not the consequence of another's;
 *     empty if no rank failed by itself
 * @param duration from the start of the first rank to the end of the last
 */
public record JobResult(
    JobOutcome outcome, List<RankExit> ranks, OptionalInt firstFailed, Duration duration) {

  /** The exit code of a job that ran out of time, as {@code timeout(1)} has it. */
  public static final int TIME_LIMIT_CODE = 124;

  /** The exit code of a job that was stopped from outside, as shells show it after Ctrl-C. */
  public static final int STOPPED_CODE = 130;

  /** Copies the list and checks that nothing is null. */
  public JobResult {
    requireNonNull(outcome, "outcome");
    requireNonNull(firstFailed, "firstFailed");
    requireNonNull(duration, "duration");
    ranks = List.copyOf(ranks);
  }

  /**
   * The root cause: the rank that failed first. Ranks whose program ended with an exception that
   * blames another rank come after all that don't.
   *
   * @return its exit, or empty if no rank failed by itself
   */
  public Optional<RankExit> firstFailure() {
    return firstFailed.isPresent()
        ? Optional.of(ranks.get(firstFailed.getAsInt()))
        : Optional.empty();
  }

  /**
   * One exit code for the whole job.
   *
   * @return 0 if it succeeded, the code of the first failure if it failed, {@value
   *     #TIME_LIMIT_CODE} if it ran out of time, {@value #STOPPED_CODE} if it was stopped
   */
  public int exitCode() {
    return switch (outcome) {
      case SUCCEEDED -> 0;
      case FAILED -> firstFailure().map(RankExit::code).orElse(1);
      case TIME_LIMIT -> TIME_LIMIT_CODE;
      case STOPPED -> STOPPED_CODE;
    };
  }

  /**
   * The result for a person to read: the root cause, its last lines, and what became of the others.
   *
   * @return one line if the job succeeded, several otherwise, without a line end at the end
   */
  public String report() {
    return new JobReport(this).text();
  }
}
