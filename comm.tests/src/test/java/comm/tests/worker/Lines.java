package comm.tests.worker;

import comm.testkit.Eventually;
import comm.worker.RankOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the chips of a worker print. */
final class Lines implements RankOutput {

  private final List<String> lines = new ArrayList<>();

  @Override
  public synchronized void line(int chip, boolean isError, String line) {
    lines.add(line);
  }

  private synchronized boolean has(String line) {
    return lines.contains(line);
  }

  void await(String line) {
    Eventually.holds("a chip prints \"" + line + "\"", Duration.ofSeconds(30), () -> has(line));
  }

  @Override
  public synchronized String toString() {
    return String.join("\n", lines);
  }
}
