package comm.testkit;

import comm.testkit.fault.PlannedFault;
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
 * @param output the lines that each rank printed, in rank order
 * @param limit of the run, as it was applied
 * @param leftovers names of what was still in the run's directory when it ended
 * @param thrown what each rank's body threw, in rank order, where ranks are threads; empty where
 *     they are processes
 * @param unreached faults whose point no rank has reached
 */
public record RankReport(
    List<RankOutcome> outcomes,
    List<List<String>> output,
    Duration limit,
    List<String> leftovers,
    List<Optional<Throwable>> thrown,
    List<PlannedFault> unreached) {

  private static final int LINES = 20;

  /** Copies the lists. */
  public RankReport {
    outcomes = List.copyOf(outcomes);
    output = output.stream().map(List::copyOf).toList();
    leftovers = List.copyOf(leftovers);
    thrown = List.copyOf(thrown);
    unreached = List.copyOf(unreached);
  }

  /**
   * Fails unless every rank's body returned and every fault happened.
   *
   * @throws AssertionError whose message begins with the root cause and then has every rank's
   *     state, and the last lines of ranks that failed; its cause is what the rank threw, where
   *     ranks are threads
   * @throws TestAbortedException if a rank found that the test makes no sense here, and none failed
   *     but those that blame another
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
    if (cause.isEmpty() || isConsequence(cause.get())) {
      for (RankOutcome outcome : outcomes) {
        if (outcome instanceof RankOutcome.Skipped skipped) {
          throw new TestAbortedException(skipped.reason());
        }
      }
    }
    if (cause.isPresent()) {
      Optional<Throwable> original = thrown.get(cause.get().rank());
      String text = text(cause.get(), original.isEmpty());
      throw original.isPresent()
          ? new AssertionFailedError(text, original.get())
          : new AssertionFailedError(text);
    }
    if (!unreached.isEmpty()) {
      throw new AssertionFailedError(String.join("\n", neverReached()));
    }
    for (RankOutcome outcome : outcomes) {
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

  private List<String> neverReached() {
    return unreached.stream().map(fault -> "fault \"" + fault + "\" was never reached").toList();
  }

  private String text(RankOutcome cause, boolean withStackTrace) {
    List<String> lines = new ArrayList<>();
    lines.add("rank " + cause.rank() + " of " + outcomes.size() + " " + first(cause));
    if (outcomes.size() > 1) {
      for (RankOutcome outcome : outcomes) {
        if (outcome != cause) {
          lines.add("  rank " + outcome.rank() + " " + firstLine(first(outcome)));
        }
      }
    }
    neverReached().forEach(line -> lines.add("  " + line));
    if (withStackTrace && cause instanceof RankOutcome.Failed failed) {
      lines.add(failed.stackTrace().stripTrailing());
    }
    for (RankOutcome outcome : outcomes) {
      if (outcome instanceof RankOutcome.Hung hung) {
        lines.add("stacks of rank " + hung.rank() + ":\n" + hung.stacks());
      }
    }
    for (RankOutcome outcome : outcomes) {
      List<String> printed = output.get(outcome.rank());
      if (!printed.isEmpty() && order(outcome) < Long.MAX_VALUE) {
        int left = Math.max(0, printed.size() - LINES);
        lines.add(
            "rank "
                + outcome.rank()
                + (left == 0 ? " printed:" : " printed " + printed.size() + " lines, at last:"));
        printed.subList(left, printed.size()).forEach(line -> lines.add("  | " + line));
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
