package comm.examples;

import comm.examples.driver.ChipCount;
import comm.worker.ChipContext;
import comm.worker.Orchestrator;
import comm.worker.Worker;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.DataType;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A feed-forward layer in tensor parallel: each chip multiplies its part of the activations with
 * its part of the weights, and the chips sum the products. Two tasks a chip, of which the second
 * uses what the first has left in the window: tasks of one chip run in their order.
 */
final class FfnTpParallel {

  private static final int N = 64;
  private static final int COUNT = N * N;
  private static final double TOLERANCE = 1e-4;

  private FfnTpParallel() {}

  /** Runs the driver; args: the number of chips. */
  public static void main(String[] args) throws IOException {
    int nranks = ChipCount.of(args);
    long windowBytes = (long) (nranks + 4) * COUNT * Float.BYTES + 4096;
    try (Worker worker =
        Worker.builder()
            .ranks(
                nranks,
                windowBytes,
                ChipBufferSpec.of("x", DataType.FLOAT32, COUNT),
                ChipBufferSpec.of("w", DataType.FLOAT32, COUNT),
                ChipBufferSpec.of("partial", DataType.FLOAT32, COUNT),
                ChipBufferSpec.of("slots", DataType.FLOAT32, (long) nranks * COUNT),
                ChipBufferSpec.of("y", DataType.FLOAT32, COUNT),
                ChipBufferSpec.of("signals", DataType.INT64, nranks))
            .open()) {
      double worst = worker.run(orch -> forward(orch, nranks));
      System.out.printf(
          "OK: %d chips have the layer's %d x %d outputs right; largest error %.1e of what is"
              + " allowed%n",
          nranks, N, N, worst);
    }
  }

  private static float x(int rank, int i) {
    return (i + rank * 0.25f) / 32;
  }

  private static float w(int rank, int i) {
    return (i + (rank + 1) * 0.5f) / 48;
  }

  private static double forward(Orchestrator orch, int nranks) {
    for (ChipContext chip : orch.chips()) {
      ByteBuffer x = floats();
      ByteBuffer w = floats();
      for (int i = 0; i < COUNT; i++) {
        x.putFloat(x(chip.rank(), i));
        w.putFloat(w(chip.rank(), i));
      }
      orch.copyTo(chip.index(), chip.buffer("x"), x.flip());
      orch.copyTo(chip.index(), chip.buffer("w"), w.flip());
      orch.submit(
          chip.index(),
          ChipCallable.named("matmul"),
          TaskArgs.of(chip.buffer("x"), chip.buffer("w"), chip.buffer("partial"), N));
    }
    List<Integer> all = orch.chips().stream().map(ChipContext::index).toList();
    List<TaskArgs> args =
        orch.chips().stream()
            .map(
                chip ->
                    TaskArgs.of(
                        chip.buffer("partial"),
                        chip.buffer("slots"),
                        chip.buffer("signals"),
                        chip.buffer("y"),
                        COUNT,
                        1,
                        chip.deviceContext()))
            .toList();
    orch.submitGroup(all, ChipCallable.named("push-sum"), args);

    double[] expected = golden(nranks);
    double worst = 0;
    for (ChipContext chip : orch.chips()) {
      ByteBuffer y = floats();
      orch.copyFrom(chip.index(), y, chip.buffer("y"));
      for (int i = 0; i < COUNT; i++) {
        double error = Math.abs(y.getFloat(i * Float.BYTES) - expected[i]);
        double allowed = TOLERANCE + TOLERANCE * Math.abs(expected[i]);
        if (!(error <= allowed)) {
          throw new IllegalStateException(
              "chip "
                  + chip.index()
                  + ": element "
                  + i
                  + " is "
                  + y.getFloat(i * Float.BYTES)
                  + ", expected "
                  + expected[i]);
        }
        worst = Math.max(worst, error / allowed);
      }
    }
    return worst;
  }

  /** The same layer in one piece, in doubles. */
  private static double[] golden(int nranks) {
    double[] sum = new double[COUNT];
    for (int rank = 0; rank < nranks; rank++) {
      for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++) {
          double factor = x(rank, i * N + k);
          for (int j = 0; j < N; j++) {
            sum[i * N + j] += factor * w(rank, k * N + j);
          }
        }
      }
    }
    return sum;
  }

  private static ByteBuffer floats() {
    return ByteBuffer.allocate(COUNT * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
