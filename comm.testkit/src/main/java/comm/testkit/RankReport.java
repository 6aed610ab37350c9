package comm.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * How a run ended.
 *
 * @param outcomes one a rank, in rank order
 * @param output what each rank printed, in rank order; nothing where ranks are threads
 * @param limit of the run, as it was applied
 * @param leftovers names of what was still in the run's directory when it ended
 */
public record RankReport(
    List<RankOutcome> outcomes, List<List<String>> output, Duration limit, List<String> leftovers) {

  /** Copies the lists. */
  public RankReport {
    outcomes = List.copyOf(outcomes);
    output = output.stream().map(List::copyOf).toList();
    leftovers = List.copyOf(leftovers);
  }

  /**
   * Fails unless every rank's body returned.
   *
   * @throws AssertionError whose message begins with the root cause and then has every rank's state
   * @throws TestAbortedException if no rank failed and one found that the test makes no sense here
   */
  public void check() {
    check(Set.of());
  }

  /**
   * Fails unless every rank's body returned, except for ranks that had to die and did.
   *
   * @param dead ranks whose process must have ended
   * @throws AssertionError as {@link #check()}, also if one of those ranks lives
   * @throws TestAbortedException as {@link #check()}
   */
  public void check(Set<Integer> dead) {
    Optional<RankOutcome> cause = rootCause(dead);
    if (cause.isPresent()) {
      throw new AssertionFailedError(text(cause.get()));
    }
    for (RankOutcome outcome : outcomes) {
      if (outcome instanceof RankOutcome.Skipped skipped) {
        throw new TestAbortedException(skipped.reason());
      }
      if (dead.contains(outcome.rank()) && !(outcome instanceof RankOutcome.Died)) {
        throw new AssertionFailedError(
            "rank " + outcome.rank() + " should have died, but it " + outcome);
      }
    }
  }

  /**
   * The outcome that made the run fail: the first one that doesn't blame another rank.
   *
   * @return empty if no rank failed
   */
  public Optional<RankOutcome> rootCause() {
    return rootCause(Set.of());
  }

  private Optional<RankOutcome> rootCause(Set<Integer> dead) {
    return outcomes.stream()
        .filter(outcome -> order(outcome) < Long.MAX_VALUE)
        .filter(outcome -> !(outcome instanceof RankOutcome.Died && dead.contains(outcome.rank())))
        .min(
            Comparator.comparing(RankReport::isConsequence)
                .thenComparing(RankReport::order)
                .thenComparing(RankOutcome::rank));
  }

  private static boolean isConsequence(RankOutcome outcome) {
    return outcome instanceof RankOutcome.Failed failed && failed.blamesAnother();
  }

  private static long order(RankOutcome outcome) {
    if (outcome instanceof RankOutcome.Failed failed) {
      return failed.time();
    }
    if (outcome instanceof RankOutcome.Died died) {
      return died.time();
    }
    return outcome instanceof RankOutcome.Hung ? Long.MAX_VALUE - 1 : Long.MAX_VALUE;
  }

  private String text(RankOutcome cause) {
    List<String> lines = new ArrayList<>();
    lines.add("rank " + cause.rank() + " of " + outcomes.size() + " " + first(cause));
    if (outcomes.size() > 1) {
      for (RankOutcome outcome : outcomes) {
        if (outcome != cause) {
          lines.add("  rank " + outcome.rank() + " " + firstLine(first(outcome)));
        }
      }
    }
    if (cause instanceof RankOutcome.Failed failed) {
      lines.add(failed.stackTrace().stripTrailing());
    }
    for (RankOutcome outcome : outcomes) {
      if (outcome instanceof RankOutcome.Hung hung) {
        lines.add("stacks of rank " + hung.rank() + ":\n" + hung.stacks());
      }
    }
    for (RankOutcome outcome : outcomes) {
      List<String> printed = output.get(outcome.rank());
      if (!printed.isEmpty()) {
        lines.add("rank " + outcome.rank() + " printed:");
        printed.forEach(line -> lines.add("  | " + line));
      }
    }
    return String.join("\n", lines);
  }

  private String first(RankOutcome outcome) {
    return outcome instanceof RankOutcome.Hung
        ? outcome + " within " + limit.toMillis() / 1e3 + " s"
        : outcome.toString();
  }

  private static String firstLine(String text) {
    return text.lines().limit(1).collect(Collectors.joining());
  }
}
