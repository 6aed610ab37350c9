package comm.tests.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.api.Communicator;
import comm.testkit.BackendUnderTest;
import comm.testkit.Leftovers;
import comm.testkit.run.RankPool;
import comm.worker.ChipContext;
import comm.worker.JobResult;
import comm.worker.RankJob;
import comm.worker.RankLauncher;
import comm.worker.RankProgram;
import comm.worker.RunningJob;
import comm.worker.Worker;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.DataType;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples that the documentation of a class shows; each region is one. */
@Timeout(180)
class JavadocExamplesTest {

  private final Leftovers leftovers = Leftovers.ofSharedMemory();

  @AfterEach
  void nothing_is_left_in_shared_memory() {
    leftovers.assertNone(Duration.ofSeconds(5));
  }

  @Test
  void four_ranks_read_their_neighbours_windows() throws IOException, InterruptedException {
    String program = "comm.tests/" + Neighbour.class.getName();
    SortedSet<String> lines = new ConcurrentSkipListSet<>();
    // @start region="launcher"
    RankJob job = RankJob.of(4, RankProgram.parse(program)).withBackend("sim");
    try (RunningJob running =
        RankLauncher.ofThisJvm()
            .start(job, (rank, isError, line) -> lines.add(rank + ": " + line))) {
      JobResult result = running.await();
      if (result.exitCode() != 0) {
        throw new IllegalStateException(result.report());
      }
    }
    // @end

    assertEquals(
        List.of(
            "0: the neighbour has 43",
            "1: the neighbour has 44",
            "2: the neighbour has 45",
            "3: the neighbour has 42"),
        List.copyOf(lines));
  }

  @Test
  void a_pool_runs_a_body_on_four_ranks() {
    // @start region="pool"
    try (RankPool pool = new RankPool(BackendUnderTest.processes("sim"))) {
      pool.run(
              4,
              Duration.ofMinutes(1),
              rank -> {
                try (Communicator communicator = Communicator.open(rank.config())) {
                  communicator.barrier();
                }
              })
          .check(); // throws an error that names the ranks that failed
    }
    // @end
  }

  @Test
  void a_worker_has_each_of_four_chips_double_its_numbers() throws IOException {
    float[] sums = new float[4];
    // @start region="worker"
    try (Worker worker =
        Worker.builder()
            .ranks(4, 1 << 20, ChipBufferSpec.of("numbers", DataType.FLOAT32, 256))
            .backend("sim")
            .open()) {
      worker.run(
          orch -> {
            for (ChipContext chip : orch.chips()) { // the chips work at the same time
              long numbers = chip.buffer("numbers");
              orch.copyTo(chip.index(), numbers, inputOf(chip.rank()));
              orch.submit(
                  chip.index(), ChipCallable.of(DoubleAll.class), TaskArgs.of(numbers, 256));
            }
            for (ChipContext chip : orch.chips()) { // a copy waits for its chip's task
              ByteBuffer output = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
              orch.copyFrom(chip.index(), output, chip.buffer("numbers"));
              sums[chip.rank()] = sum(output);
            }
            return true;
          });
    }
    // @end

    for (int rank = 0; rank < sums.length; rank++) {
      assertEquals(2 * sum(inputOf(rank)), sums[rank]);
    }
  }

  /** 256 numbers, others for each rank. */
  private static ByteBuffer inputOf(int rank) {
    ByteBuffer input = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 256; i++) {
      input.putFloat(i + 1000 * rank);
    }
    return input.flip();
  }

  /** The sum of 256 numbers; all sums here are exact. */
  private static float sum(ByteBuffer numbers) {
    float sum = 0;
    for (int i = 0; i < 256; i++) {
      sum += numbers.getFloat(i * Float.BYTES);
    }
    return sum;
  }
}
