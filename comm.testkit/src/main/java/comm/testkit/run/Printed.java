package comm.testkit.run;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one rank that is a thread prints. While there is any such rank, {@link System#out} and
 * {@link System#err} are streams that ask which rank's thread is printing.
 */
final class Printed {

  private static final Object LOCK = new Object();
  private static final ThreadLocal<@Nullable Printed> OF_THREAD = new InheritableThreadLocal<>();
  private static int users;
  private static @Nullable Routed out;
  private static @Nullable Routed err;

  private final int rank;
  private final ByteArrayOutputStream outLine = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errLine = new ByteArrayOutputStream();
  private final List<String> lines = new ArrayList<>();
  private volatile boolean ended;

  private Printed(int rank) {
    this.rank = rank;
  }

  /** Begins; {@link #end} must follow. */
  static Printed of(int rank) {
    synchronized (LOCK) {
      if (users++ == 0) {
        out = new Routed(RankOutput.standard(false), false);
        System.setOut(out.stream);
        err = new Routed(RankOutput.standard(true), true);
        System.setErr(err.stream);
      }
    }
    return new Printed(rank);
  }

  /** From now on the calling thread, and each that it starts, prints for this rank. */
  void isThisThread() {
    OF_THREAD.set(this);
  }

  /** Ends, and returns the lines. */
  List<String> end() {
    ended = true;
    synchronized (LOCK) {
      Routed toOut = out;
      Routed toErr = err;
      if (toOut != null && toErr != null) {
        finish(outLine, toOut.target);
        finish(errLine, toErr.target);
        if (--users == 0) {
          // Whoever has put a stream of his own there meanwhile keeps it.
          if (RankOutput.standard(false) == toOut.stream) {
            System.setOut(toOut.target);
          }
          if (RankOutput.standard(true) == toErr.stream) {
            System.setErr(toErr.target);
          }
        }
      }
    }
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  private void finish(ByteArrayOutputStream line, PrintStream target) {
    synchronized (lines) {
      if (line.size() > 0) {
        take(line, target);
      }
    }
  }

  private void write(boolean isError, byte[] bytes, int offset, int length, PrintStream target) {
    ByteArrayOutputStream line = isError ? errLine : outLine;
    synchronized (lines) {
      for (int at = offset; at < offset + length; at++) {
        if (bytes[at] == '\n') {
          take(line, target);
        } else {
          line.write(bytes[at]);
        }
      }
    }
  }

  private void take(ByteArrayOutputStream line, PrintStream target) {
    String text = line.toString(Charset.defaultCharset());
    line.reset();
    lines.add(text);
    RankOutput.pass(target, rank, text);
  }

  /** Stands in for a standard stream. */
  private static final class Routed extends OutputStream {

    private final PrintStream target;
    private final boolean isError;
    private final PrintStream stream;

    Routed(PrintStream target, boolean isError) {
      this.target = target;
      this.isError = isError;
      this.stream = new PrintStream(this, true, Charset.defaultCharset());
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      Printed owner = OF_THREAD.get();
      // Threads that outlive the run, such as those of a shared pool, print for nobody.
      if (owner == null || owner.ended) {
        target.write(bytes, offset, length);
      } else {
        owner.write(isError, bytes, offset, length, target);
      }
    }

    @Override
    public void flush() {
      target.flush();
    }
  }
}
