package comm.bench;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.Window;
import comm.api.WindowSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the checks in front of a window's memory cost: each operation on the window of a single rank
 * beside the same on a direct buffer.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WindowBenchmark {

  private static final int BYTES = 1 << 20;

  private Path directory;
  private Communicator communicator;
  private Window window;
  private ByteBuffer buffer;
  private ByteBuffer source;
  private int offset;

  /** Opens a communicator of one rank. */
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("comm-bench-");
    communicator = Communicator.open(CommConfig.of(0, 1, directory.resolve("rootinfo")));
    WindowSet windows = communicator.allocateWindows(BYTES);
    window = windows.local();
    buffer = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    source = ByteBuffer.allocateDirect(BYTES);
  }

  /** Closes it, with its windows. */
  @TearDown
  public void close() throws IOException {
    communicator.close();
    Files.delete(directory);
  }

  /** A place that the compiler can't foresee, so that bounds must be checked. */
  private int next() {
    offset = (offset + 264) & (BYTES - 8);
    return offset;
  }

  /** One long from a window. */
  @Benchmark
  public long windowGetLong() {
    return window.getLong(next());
  }

  /** One long from a buffer. */
  @Benchmark
  public long bufferGetLong() {
    return buffer.getLong(next());
  }

  /** One long into a window. */
  @Benchmark
  public void windowPutLong() {
    window.putLong(next(), 42);
  }

  /** One long into a buffer. */
  @Benchmark
  public void bufferPutLong() {
    buffer.putLong(next(), 42);
  }

  /** One mebibyte into a window. */
  @Benchmark
  public void windowPutMebibyte() {
    source.clear();
    window.put(0, source);
  }

  /** One mebibyte into a buffer. */
  @Benchmark
  public void bufferPutMebibyte() {
    source.clear();
    buffer.clear();
    buffer.put(source);
  }
}
