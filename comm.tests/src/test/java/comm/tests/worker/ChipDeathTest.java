package comm.tests.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.Eventually;
import comm.testkit.Leftovers;
import comm.worker.ChipContext;
import comm.worker.ChipDiedException;
import comm.worker.Worker;
import comm.worker.WorkerBuilder;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.chip.DataType;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills chips by real signals, at every stage of a worker's life. */
@Timeout(300)
class ChipDeathTest {

  private static final int CHIPS = 2;

  private final Leftovers leftovers = Leftovers.ofSharedMemory();
  private final Lines output = new Lines();

  @AfterEach
  void no_process_and_no_shared_memory_is_left() {
    leftovers.assertNone(Duration.ofSeconds(5));
    assertEquals(List.of(), Processes.children());
  }

  private WorkerBuilder builder() {
    return Worker.builder()
        .backend("sim")
        .output(output)
        .ranks(CHIPS, 1 << 16, ChipBufferSpec.of("word", DataType.INT64, 1));
  }

  @Test
  void a_chip_killed_while_it_waits_for_other_ranks_is_named_with_its_step(@TempDir Path directory)
      throws Exception {
    Path rootInfo = directory.resolve("rootinfo");
    FutureTask<Timed<ChipDiedException>> opening =
        Timed.start(
            () ->
                assertThrows(
                    ChipDiedException.class,
                    () ->
                        Worker.builder()
                            .backend("sim")
                            .output(output)
                            .chip(0, lonely(rootInfo))
                            .open()));
    Eventually.holds(
        "rank 0 is there for others to join", Duration.ofSeconds(20), () -> Files.exists(rootInfo));
    long killed = System.nanoTime();
    Processes.child(0).destroyForcibly();

    Timed<ChipDiedException> ended = opening.get();
    assertEquals("comm_init", ended.how().step());
    Timed.assertMedian("comm_init", new ArrayList<>(List.of((ended.time() - killed) / 1e6)));
  }

  private static ChipBootstrapConfig lonely(Path rootInfo) {
    return ChipBootstrapConfig.of(new ChipCommBootstrapConfig(0, 2, Optional.of(rootInfo), 4096));
  }

  @Test
  void a_chip_killed_in_a_task_ends_the_run_at_once() throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (Worker worker = builder().open()) {
        FutureTask<Timed<ChipDiedException>> run =
            Timed.start(() -> assertThrows(ChipDiedException.class, () -> waitForNobody(worker)));
        output.await("waiting " + worker.chips().get(1).pid());
        long killed = System.nanoTime();
        worker.process(1).destroyForcibly();
        ChipDiedException died = run.get().how();
        millis.add((run.get().time() - killed) / 1e6);

        assertEquals(1, died.chip());
        assertEquals("run", died.step());
        assertTrue(
            died.getMessage()
                .contains(
                    "chip 1 (device 1, pid "
                        + worker.chips().get(1).pid()
                        + ") died: killed by SIGKILL in step run, task comm.tests/"),
            died.getMessage());
        IllegalStateException after =
            assertThrows(IllegalStateException.class, () -> worker.run(orch -> true));
        assertEquals(died, after.getCause());
      }
    }
    Timed.assertMedian("run", millis);
  }

  private static void waitForNobody(Worker worker) {
    worker.run(
        orch -> {
          for (ChipContext chip : orch.chips()) {
            orch.submit(
                chip.index(),
                ChipCallable.of(Kernels.AwaitNobody.class),
                TaskArgs.of(chip.buffer("word")));
          }
          return true;
        });
  }

  @Test
  void a_chip_killed_while_it_is_idle_fails_the_next_run() throws IOException {
    try (Worker worker = builder().open()) {
      worker.process(0).destroyForcibly();
      Eventually.holds(
          "the worker has noticed",
          Duration.ofSeconds(5),
          () -> worker.toString().endsWith("(broken)"));

      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> worker.run(orch -> true));
      assertTrue(thrown.getMessage().contains("died: killed by SIGKILL in step idle"));
    }
  }

  @Test
  void a_chip_that_ends_itself_is_named_with_its_exit_code() throws IOException {
    try (Worker worker = builder().open()) {
      ChipDiedException died =
          assertThrows(
              ChipDiedException.class,
              () ->
                  worker.run(
                      orch -> orch.submit(1, ChipCallable.of(Kernels.Halt.class), TaskArgs.of(3))));

      assertEquals(3, died.exitCode());
      assertTrue(died.getMessage().contains("it ended with exit code 3 in step run"));
    }
  }

  @Test
  void chips_killed_while_the_worker_closes_leave_nothing() throws IOException {
    for (int i = 0; i < 4; i++) {
      int victim = i % CHIPS;
      Worker worker = builder().open();
      if (i < 2) {
        worker.process(victim).destroyForcibly();
        worker.close();
      } else {
        Thread closing = new Thread(worker::close, "closing");
        closing.start();
        worker.process(victim).destroyForcibly();
        worker.close();
        Eventually.holds("closed", Duration.ofSeconds(15), () -> !closing.isAlive());
      }
    }
  }
}
