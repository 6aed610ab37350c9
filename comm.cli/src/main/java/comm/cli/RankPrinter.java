package comm.cli;

import comm.worker.RankOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Help.Ansi;

/** Prints the ranks' lines with the rank in front, in its colour on a terminal. */
final class RankPrinter implements RankOutput {

  private static final String[] COLOURS = {
    "36", "33", "32", "35", "34", "31", "96", "93", "92", "95", "94", "91"
  };

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean isOutColoured;
  private final boolean isErrColoured;
  private final int width;

  RankPrinter(int size, PrintWriter out, PrintWriter err, boolean isOutErr) {
    this.out = out;
    this.err = err;
    // The answer for standard output, which also respects NO_COLOR.
    boolean wantsColour = Ansi.AUTO.enabled();
    this.isErrColoured = wantsColour && isErrorTerminal();
    this.isOutColoured = isOutErr ? isErrColoured : wantsColour;
    this.width = Integer.toString(size - 1).length();
  }

  private static boolean isErrorTerminal() {
    Path link = Path.of("/proc/self/fd/2");
    try {
      return !Files.isSymbolicLink(link)
          || Files.readSymbolicLink(link).toString().matches("/dev/(pts/|tty|console).*");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void line(int rank, boolean isError, String line) {
    String prefix = "[" + " ".repeat(width - Integer.toString(rank).length()) + rank + "]";
    if (isError ? isErrColoured : isOutColoured) {
      prefix = "\u001b[" + COLOURS[rank % COLOURS.length] + "m" + prefix + "\u001b[0m";
    }
    (isError ? err : out).println(prefix + " " + line);
  }
}
