package comm.testkit.run;

import java.io.PrintStream;

/** Passes on what ranks print, as it comes: each line with its rank in front. */
final class RankOutput {

  private RankOutput() {}

  static void pass(PrintStream stream, int rank, String line) {
    stream.println("[rank " + rank + "] " + line);
  }

  static PrintStream standard(boolean isError) {
    return isError ? System.err : System.out;
  }
}
