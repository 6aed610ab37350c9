package comm.worker.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Hands on what a process prints, line by line, until the end of its stream. */
public final class LinePump implements Runnable {

  /** A line that never ends must not fill the launcher's memory; it is handed on in such pieces. */
  static final int LONGEST_LINE = 65_536;

  private final InputStream stream;
  private final Consumer<String> receiver;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final StringBuilder line = new StringBuilder();
  private volatile boolean isReading;
  private long reads;
  private volatile long progress;

  /**
   * A pump that has still to be run, by a thread of its own.
   *
   * @param stream what to read, as UTF-8
   * @param receiver takes the lines; must not throw
   */
  public LinePump(InputStream stream, Consumer<String> receiver) {
    this.stream = stream;
    this.receiver = receiver;
  }

  /**
   * Completes, always normally, when the last line has been handed on.
   *
   * @return the future
   */
  public CompletableFuture<Void> done() {
    return done;
  }

  /** {@return a number that stays the same only while the pump waits for the stream} */
  public long progress() {
    return isReading ? progress : -1;
  }

  @Override
  public void run() {
    try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      char[] buffer = new char[8192];
      int count = read(reader, buffer);
      while (count >= 0) {
        for (int i = 0; i < count; i++) {
          take(buffer[i]);
        }
        count = read(reader, buffer);
      }
    } catch (IOException e) {
      // The stream was closed under the reader because somebody else keeps it open for ever: what
      // has come is all that there will be.
      line.append(line.isEmpty() ? "" : " ").append("[output ends here: ").append(e.getMessage());
      line.append(']');
    } finally {
      if (!line.isEmpty()) {
        hand();
      }
      done.complete(null);
    }
  }

  private int read(Reader reader, char[] buffer) throws IOException {
    isReading = true;
    int count = reader.read(buffer);
    isReading = false;
    reads++;
    progress = reads;
    return count;
  }

  private void take(char c) {
    if (c == '\n') {
      int end = line.length();
      if (end > 0 && line.charAt(end - 1) == '\r') {
        line.setLength(end - 1);
      }
      hand();
      return;
    }
    line.append(c);
    if (line.length() == LONGEST_LINE) {
      hand();
    }
  }

  private void hand() {
    String text = line.toString();
    line.setLength(0);
    receiver.accept(text);
  }
}
