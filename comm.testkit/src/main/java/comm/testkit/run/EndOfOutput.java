package comm.testkit.run;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The mark that a rank process writes behind all that a run has printed. The news that the run has
 * ended takes another way, and would overtake its output.
 */
final class EndOfOutput {

  private static final String MARK = "\u0001end of run ";

  private EndOfOutput() {}

  /** Marks both standard streams. */
  @SuppressWarnings("resource") // closing these streams would close standard output
  static void mark(long run) {
    RankOutput.standard(false).flush();
    RankOutput.standard(true).flush();
    byte[] mark = (MARK + run + "\n").getBytes(StandardCharsets.US_ASCII);
    for (FileDescriptor stream : new FileDescriptor[] {FileDescriptor.out, FileDescriptor.err}) {
      try {
        new FileOutputStream(stream).write(mark);
      } catch (IOException e) {
        System.getLogger(EndOfOutput.class.getName())
            .log(System.Logger.Level.DEBUG, "the body has closed a standard stream", e);
      }
    }
  }

  static boolean isIn(String line) {
    return line.contains(MARK);
  }

  /** The line without the mark. */
  static String before(String line) {
    int at = line.indexOf(MARK);
    return at < 0 ? line : line.substring(0, at);
  }

  /** Whose end it is. */
  static long run(String line) {
    return Long.parseLong(line.substring(line.indexOf(MARK) + MARK.length()));
  }
}
