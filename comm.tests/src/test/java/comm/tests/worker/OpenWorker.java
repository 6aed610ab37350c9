package comm.tests.worker;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.Leftovers;
import comm.worker.ChipContext;
import comm.worker.Orchestrator;
import comm.worker.TaskHandle;
import comm.worker.Worker;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.DataType;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** One worker of three chips for all tests of a class, which none of them takes down. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OpenWorker {

  static final int CHIPS = 3;
  static final ChipCallable FAIL = ChipCallable.of(Kernels.Fail.class);
  static final ChipCallable APPEND = ChipCallable.of(Kernels.Append.class);

  private final Leftovers leftovers = Leftovers.ofSharedMemory();
  final Lines output = new Lines();
  Worker worker;

  @BeforeAll
  void open() throws IOException {
    worker =
        Worker.builder()
            .ranks(
                CHIPS,
                1 << 16,
                ChipBufferSpec.of("word", DataType.INT64, 1),
                ChipBufferSpec.of("rows", DataType.INT64, 8 * CHIPS),
                ChipBufferSpec.of("bytes", DataType.INT8, 10))
            .backend("sim")
            .output(output)
            .open();
  }

  @AfterAll
  void close_leaves_no_process_and_no_shared_memory() {
    List<ProcessHandle> processes = new ArrayList<>();
    for (int chip = 0; chip < CHIPS; chip++) {
      processes.add(worker.process(chip));
    }
    worker.close();
    worker.close();
    assertTrue(processes.stream().noneMatch(ProcessHandle::isAlive));
    leftovers.assertNone(Duration.ofSeconds(5));
    assertThrows(IllegalStateException.class, () -> worker.run(orch -> true));
  }

  @BeforeEach
  void clear() {
    worker.run(
        orch -> {
          for (ChipContext chip : orch.chips()) {
            orch.copyTo(chip.index(), chip.localWindowBase(), ByteBuffer.allocate(1024));
          }
          return true;
        });
  }

  static long word(Orchestrator orch, int chip) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    orch.copyFrom(chip, bytes, orch.chips().get(chip).buffer("word"));
    return bytes.getLong(0);
  }

  static TaskHandle append(Orchestrator orch, int chip, long digit) {
    return orch.submit(chip, APPEND, TaskArgs.of(orch.chips().get(chip).buffer("word"), digit));
  }
}
