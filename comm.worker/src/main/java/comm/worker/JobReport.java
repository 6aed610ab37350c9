package comm.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts a {@link JobResult} into words. */
final class JobReport {

  /** More lines than this push the root cause out of sight. */
  private static final int LINES_SHOWN = 20;

  private final JobResult result;

  JobReport(JobResult result) {
    this.result = result;
  }

  String text() {
    String time = " after " + seconds(result.duration());
    List<String> lines = new ArrayList<>();
    switch (result.outcome()) {
      case SUCCEEDED -> lines.add("all " + ranks(result.ranks().size()) + " succeeded" + time);
      case FAILED -> result.firstFailure().ifPresent(exit -> describe(exit, lines));
      case TIME_LIMIT -> {
        lines.add("the job's time limit expired" + time);
        lines.add("raise the limit, or look at what the ranks below were doing");
      }
      case STOPPED -> lines.add("the job was stopped" + time);
    }
    if (result.outcome() != JobOutcome.SUCCEEDED) {
      others(lines);
    }
    return String.join("\n", lines);
  }

  private void describe(RankExit exit, List<String> lines) {
    lines.add(
        "rank "
            + exit.rank()
            + " of "
            + result.ranks().size()
            + " failed first: "
            + exit
            + " after "
            + seconds(exit.duration())
            + " (pid "
            + exit.pid()
            + ")");
    if (exit.lastLines().isEmpty()) {
      lines.add("  it printed nothing");
      return;
    }
    int all = exit.lastLines().size();
    lines.add("  its last lines:");
    exit.lastLines()
        .subList(Math.max(0, all - LINES_SHOWN), all)
        .forEach(line -> lines.add("  | " + line));
  }

  /** Ranks that ended alike share a line: with 64 of them one line each is too much. */
  private void others(List<String> lines) {
    Map<String, List<Integer>> byEnd = new LinkedHashMap<>();
    for (RankExit exit : result.ranks()) {
      if (result.firstFailed().isEmpty() || exit.rank() != result.firstFailed().getAsInt()) {
        byEnd.computeIfAbsent(exit.toString(), key -> new ArrayList<>()).add(exit.rank());
      }
    }
    byEnd.forEach((end, who) -> lines.add("  " + names(who) + ": " + end));
  }

  private static String names(List<Integer> who) {
    StringBuilder text = new StringBuilder(who.size() == 1 ? "rank " : "ranks ");
    for (int i = 0; i < who.size(); i++) {
      int from = i;
      while (i + 1 < who.size() && who.get(i + 1) == who.get(i) + 1) {
        i++;
      }
      text.append(from == 0 ? "" : ", ").append(who.get(from));
      if (i > from) {
        text.append(i == from + 1 ? ", " : " to ").append(who.get(i));
      }
    }
    return text.toString();
  }

  private static String ranks(int size) {
    return size == 1 ? "1 rank" : size + " ranks";
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
  }
}
