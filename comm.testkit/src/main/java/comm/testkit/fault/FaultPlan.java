package comm.testkit.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The faults of a run. Immutable.
 *
 * <pre>{@code
 * FaultPlan.none()
 *     .kill(2, At.before("barrier", 3))
 *     .delay(0, At.before("halfway", 1), Duration.ofMillis(50))
 * }</pre>
 *
 * <p>Its text is {@code kill rank 2 before barrier 3; delay rank 0 before halfway 1 for 50 ms}.
 *
 * @param faults in the order in which they were added; those at the same point happen in this order
 */
public record FaultPlan(List<PlannedFault> faults) {

  private static final String SEPARATOR = "; ";
  private static final Pattern FAULT =
      Pattern.compile(
          "(kill|stop|delay) rank ([0-9]{1,2}) (before|after) (\\S+) ([0-9]{1,9})"
              + "(?: for ([0-9]{1,15}) ms)?");

  /**
   * Copies the list and checks it.
   *
   * @throws IllegalArgumentException if a fault is there twice
   */
  public FaultPlan {
    faults = List.copyOf(faults);
    Set<PlannedFault> seen = new HashSet<>();
    for (PlannedFault fault : faults) {
      if (!seen.add(fault)) {
        throw new IllegalArgumentException("twice in one plan: " + fault);
      }
    }
  }

  /**
   * No fault.
   *
   * @return a plan to add to
   */
  public static FaultPlan none() {
    return new FaultPlan(List.of());
  }

  /**
   * The plan of some annotations.
   *
   * @param annotations in their order
   * @return the plan
   * @throws IllegalArgumentException if one makes no sense
   */
  public static FaultPlan of(Fault... annotations) {
    return new FaultPlan(
        Arrays.stream(annotations)
            .map(
                fault ->
                    new PlannedFault(
                        fault.rank(),
                        new At(fault.when(), fault.at(), fault.nth()),
                        fault.action(),
                        fault.action() == FaultAction.KILL
                            ? Duration.ZERO
                            : Duration.ofMillis(fault.millis())))
            .toList());
  }

  /**
   * The plan of a text.
   *
   * @param text as {@link #toString} makes it, to the letter
   * @return the plan
   * @throws IllegalArgumentException if it isn't such a text
   */
  public static FaultPlan parse(String text) {
    List<PlannedFault> faults = new ArrayList<>();
    for (String one : text.isEmpty() ? new String[0] : text.split(SEPARATOR, -1)) {
      Matcher parts = FAULT.matcher(one);
      if (!parts.matches()) {
        throw new IllegalArgumentException("not a fault: \"" + one + "\"");
      }
      String millis = parts.group(6);
      PlannedFault fault =
          new PlannedFault(
              Integer.parseInt(parts.group(2)),
              new At(
                  When.valueOf(parts.group(3).toUpperCase(Locale.ROOT)),
                  parts.group(4),
                  Integer.parseInt(parts.group(5))),
              FaultAction.valueOf(parts.group(1).toUpperCase(Locale.ROOT)),
              Duration.ofMillis(millis == null ? 0 : Long.parseLong(millis)));
      if (!fault.toString().equals(one)) {
        throw new IllegalArgumentException("\"" + one + "\" is written \"" + fault + "\"");
      }
      faults.add(fault);
    }
    return new FaultPlan(faults);
  }

  /**
   * With a rank that is killed.
   *
   * @param rank which
   * @param at where
   * @return a changed copy
   */
  public FaultPlan kill(int rank, At at) {
    return and(new PlannedFault(rank, at, FaultAction.KILL, Duration.ZERO));
  }

  /**
   * With a rank that is stopped for a time.
   *
   * @param rank which
   * @param at where
   * @param time how long, in whole milliseconds
   * @return a changed copy
   */
  public FaultPlan stop(int rank, At at, Duration time) {
    return and(new PlannedFault(rank, at, FaultAction.STOP, time));
  }

  /**
   * With a rank that comes late.
   *
   * @param rank which
   * @param at where
   * @param time how long it waits, in whole milliseconds
   * @return a changed copy
   */
  public FaultPlan delay(int rank, At at, Duration time) {
    return and(new PlannedFault(rank, at, FaultAction.DELAY, time));
  }

  private FaultPlan and(PlannedFault fault) {
    List<PlannedFault> more = new ArrayList<>(faults);
    more.add(fault);
    return new FaultPlan(more);
  }

  /**
   * Whether nothing happens.
   *
   * @return true without any fault
   */
  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /**
   * The ranks that are killed.
   *
   * @return in ascending order
   */
  public Set<Integer> killed() {
    Set<Integer> ranks = new TreeSet<>();
    for (PlannedFault fault : faults) {
      if (fault.action() == FaultAction.KILL) {
        ranks.add(fault.rank());
      }
    }
    return ranks;
  }

  /**
   * Checks that it can happen to certain ranks.
   *
   * @param size how many there are
   * @param areProcesses whether they are processes
   * @throws IllegalArgumentException if a fault is for a rank that isn't there, or kills or stops a
   *     thread
   */
  public void requireFits(int size, boolean areProcesses) {
    for (PlannedFault fault : faults) {
      if (fault.rank() >= size) {
        throw new IllegalArgumentException(
            "fault \"" + fault + "\" is for a rank that isn't there: ranks are 0 to " + (size - 1));
      }
      if (fault.needsProcess() && !areProcesses) {
        throw new IllegalArgumentException(
            "fault \""
                + fault
                + "\" needs a process, but ranks are threads; let ranks be processes");
      }
    }
  }

  /** {@return the plan as {@link #parse} reads it; the empty string if nothing happens} */
  @Override
  public String toString() {
    return String.join(SEPARATOR, faults.stream().map(PlannedFault::toString).toList());
  }
}
