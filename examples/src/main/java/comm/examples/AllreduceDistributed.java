package comm.examples;

import comm.examples.driver.ChipCount;
import comm.worker.ChipContext;
import comm.worker.Orchestrator;
import comm.worker.Worker;
import comm.worker.WorkerBuilder;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.chip.DataType;
import comm.worker.chip.HostBuffer;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One process drives several chips that sum 256 numbers over all of them: each chip's input is
 * staged into its window when it comes up, every chip adds up all peers' inputs through remote
 * pointers after a barrier of signals, and the outputs are read back and checked.
 */
final class AllreduceDistributed {

  private static final int COUNT = 256;
  private static final long WINDOW_BYTES = 4L << 20;
  private static final int REPETITIONS = 2;
  private static final float TOLERANCE = 1e-3f;

  private AllreduceDistributed() {}

  /** Runs the driver; args: the number of chips. */
  public static void main(String[] args) throws IOException {
    int nranks = ChipCount.of(args);
    List<HostBuffer> inputs = new ArrayList<>();
    try {
      WorkerBuilder builder = Worker.builder();
      for (int rank = 0; rank < nranks; rank++) {
        HostBuffer input = HostBuffer.create("input", (long) COUNT * Float.BYTES);
        inputs.add(input);
        ByteBuffer bytes = input.bytes();
        for (int i = 0; i < COUNT; i++) {
          bytes.putFloat(i + 100 * rank);
        }
        builder.chip(rank, config(rank, nranks, input));
      }
      try (Worker worker = builder.open()) {
        for (int epoch = 1; epoch <= REPETITIONS; epoch++) { // a worker serves many runs
          long run = epoch;
          worker.run(orch -> allreduce(orch, nranks, run));
        }
        System.out.printf(
            "OK: %d chips have all %d sums right, %d times, each read back by copyFrom%n",
            nranks, COUNT, REPETITIONS);
      }
    } finally {
      for (HostBuffer input : inputs) {
        input.close();
      }
    }
  }

  private static ChipBootstrapConfig config(int rank, int nranks, HostBuffer input) {
    return ChipBootstrapConfig.of(
            new ChipCommBootstrapConfig(rank, nranks, Optional.empty(), WINDOW_BYTES),
            ChipBufferSpec.of("input", DataType.FLOAT32, COUNT).loadedFromHost(),
            ChipBufferSpec.of("output", DataType.FLOAT32, COUNT),
            ChipBufferSpec.of("signals", DataType.INT64, nranks))
        .withHostInputs(input.staging());
  }

  private static boolean allreduce(Orchestrator orch, int nranks, long epoch) {
    List<Integer> all = orch.chips().stream().map(ChipContext::index).toList();
    List<TaskArgs> args =
        orch.chips().stream()
            .map(
                chip ->
                    TaskArgs.of(
                        chip.buffer("input"),
                        chip.buffer("output"),
                        chip.buffer("signals"),
                        COUNT,
                        epoch,
                        chip.deviceContext()))
            .toList();
    orch.submitGroup(all, ChipCallable.named("allreduce"), args);
    for (ChipContext chip : orch.chips()) { // each copy waits for its chip's task
      ByteBuffer output = ByteBuffer.allocate(COUNT * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      orch.copyFrom(chip.index(), output, chip.buffer("output"));
      check(chip, output, nranks);
    }
    return true;
  }

  private static void check(ChipContext chip, ByteBuffer output, int nranks) {
    for (int i = 0; i < COUNT; i++) {
      float expected = nranks * i + 100f * nranks * (nranks - 1) / 2;
      float actual = output.getFloat(i * Float.BYTES);
      if (!(Math.abs(actual - expected) <= TOLERANCE)) {
        throw new IllegalStateException(
            "chip " + chip.index() + ": element " + i + " is " + actual + ", expected " + expected);
      }
    }
  }
}
