package comm.bench;

import comm.api.CommContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encoding and decoding the context that kernels read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ContextBenchmark {

  /** Number of ranks in the context. */
  @Param({"2", "64"})
  private int ranks;

  private CommContext context;
  private byte[] encoded;

  /** Makes a context of that many ranks. */
  @Setup
  public void make() {
    List<Long> addresses = LongStream.range(0, ranks).map(i -> i << 30).boxed().toList();
    context = new CommContext(0, 0, 0, ranks, 1 << 20, addresses, addresses);
    encoded = context.encode();
  }

  /** From a context to bytes. */
  @Benchmark
  public byte[] encode() {
    return context.encode();
  }

  /** From bytes to a context. */
  @Benchmark
  public CommContext decode() {
    return CommContext.decode(encoded);
  }
}
