package comm.tests.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.Leftovers;
import comm.worker.RemoteChipException;
import comm.worker.Worker;
import comm.worker.WorkerBuilder;
import comm.worker.WorkerException;
import comm.worker.WorkerTimeoutException;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.chip.DataType;
import comm.worker.chip.HostBuffer;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.HostRuntime;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How workers come up or don't, and how they end; nothing may be left in any case. */
@Timeout(120)
class WorkerStartTest {

  private final Leftovers leftovers = Leftovers.ofSharedMemory();
  private final Lines output = new Lines();

  @AfterEach
  void no_process_and_no_shared_memory_is_left() {
    leftovers.assertNone(Duration.ofSeconds(5));
    assertEquals(List.of(), Processes.children());
  }

  private WorkerBuilder builder() {
    return Worker.builder().backend("sim").output(output);
  }

  private static ChipBootstrapConfig config(int rank, int nranks, ChipBufferSpec... buffers) {
    return ChipBootstrapConfig.of(
        new ChipCommBootstrapConfig(rank, nranks, Optional.empty(), 4096), buffers);
  }

  private static ChipBufferSpec somewhereElse() {
    return new ChipBufferSpec("b", DataType.INT8, 1, 8, "somewhere", false, false);
  }

  @Test
  void a_chip_whose_configuration_can_not_be_fails_the_start_by_name() {
    RemoteChipException thrown =
        assertThrows(
            RemoteChipException.class,
            () -> builder().chip(0, config(0, 2)).chip(3, config(1, 2, somewhereElse())).open());

    assertEquals(1, thrown.chip());
    assertTrue(thrown.getMessage().contains("chip 1 (device 3, pid "), thrown.getMessage());
    assertTrue(
        thrown
            .getMessage()
            .endsWith(
                "bootstrap failed in step init: IllegalArgumentException: buffer \"b\": placement"
                    + " must be \"window\", but is \"somewhere\""),
        thrown.getMessage());
    assertEquals("java.lang.IllegalArgumentException", thrown.remoteType());
  }

  @Test
  void buffers_that_overflow_the_window_fail_the_start() {
    RemoteChipException thrown =
        assertThrows(
            RemoteChipException.class,
            () ->
                builder()
                    .ranks(2, 4096, ChipBufferSpec.of("big", DataType.FLOAT64, 1 << 20))
                    .open());

    assertEquals("carve", thrown.step());
    assertTrue(
        thrown.getMessage().contains("buffer \"big\" overflows window size"), thrown.getMessage());
  }

  @Test
  void a_missing_backend_fails_the_start_and_a_chip_alone_needs_none() throws IOException {
    RemoteChipException thrown =
        assertThrows(
            RemoteChipException.class,
            () -> Worker.builder().output(output).backend("nosuch").ranks(1, 4096).open());
    assertEquals("comm.api.BackendUnavailableException", thrown.remoteType());
    assertEquals("comm_init", thrown.step());

    try (Worker worker =
        Worker.builder()
            .output(output)
            .backend("nosuch")
            .chip(0, ChipBootstrapConfig.ALONE)
            .open()) {
      assertEquals(-1, worker.chips().get(0).rank());
      assertEquals(0, worker.chips().get(0).nranks());
      long result =
          worker.run(
              orch -> {
                long word = orch.malloc(0, 8);
                orch.copyTo(0, word, ByteBuffer.allocate(8));
                orch.submit(0, ChipCallable.of(Kernels.Append.class), TaskArgs.of(word, 7));
                ByteBuffer back = ByteBuffer.allocate(8);
                orch.copyFrom(0, back, word);
                return (long) back.get(0);
              });
      assertEquals(7, result);
    }
  }

  @Test
  void a_missing_host_runtime_fails_the_start() {
    RemoteChipException thrown =
        assertThrows(
            RemoteChipException.class,
            () ->
                builder()
                    .runtime(HostRuntime.of(Path.of("/nonexistent/libhost_runtime.so")))
                    .chip(0, ChipBootstrapConfig.ALONE)
                    .open());

    assertTrue(thrown.getMessage().contains("dlopen failed"), thrown.getMessage());
  }

  @Test
  void chips_that_do_not_come_up_in_time_are_named_with_their_steps() {
    WorkerTimeoutException thrown =
        assertThrows(
            WorkerTimeoutException.class,
            () ->
                builder()
                    .startupTimeout(Duration.ofSeconds(3))
                    .chip(0, config(0, 3))
                    .chip(1, config(1, 3))
                    .open());

    assertEquals(List.of(0, 1), thrown.pending());
    assertTrue(
        thrown
            .getMessage()
            .startsWith(
                "bootstrap wait timed out after 3.0 s (the worker's startup timeout): pending chip"
                    + " indices [0, 1]: chip 0 (device 0, pid "),
        thrown.getMessage());
    assertTrue(thrown.getMessage().contains("is in step comm_init"), thrown.getMessage());
  }

  @Test
  void wrong_numbers_are_refused_before_anything_is_started() {
    assertThrows(IllegalArgumentException.class, () -> builder().open());
    assertThrows(IllegalArgumentException.class, () -> builder().chip(-1, config(0, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> builder().chips(List.of(0, 1), List.of(config(0, 1))));
    assertThrows(IllegalArgumentException.class, () -> builder().ranks(65, 4096));
    assertThrows(IllegalArgumentException.class, () -> builder().ranks(2, 0));
    assertThrows(IllegalArgumentException.class, () -> builder().taskTimeout(Duration.ZERO));
    assertEquals(List.of(), Processes.children());
  }

  @Test
  void buffers_are_loaded_at_the_start_and_stored_after_each_task() throws IOException {
    try (HostBuffer in = HostBuffer.create("word", 8);
        HostBuffer out = HostBuffer.create("word", 8)) {
      in.bytes().putLong(0, 4);
      ChipBufferSpec word =
          ChipBufferSpec.of("word", DataType.INT64, 1).loadedFromHost().storedToHost();
      ChipBootstrapConfig config =
          config(0, 1, word).withHostInputs(in.staging()).withHostOutputs(out.staging());
      try (Worker worker = builder().chip(0, config).open()) {
        TaskArgs args = TaskArgs.of(worker.chips().get(0).buffer("word"), 2);
        worker.run(orch -> orch.submit(0, ChipCallable.of(Kernels.Append.class), args));
        assertEquals(42, out.bytes().getLong(0));
        worker.run(orch -> orch.submit(0, ChipCallable.of(Kernels.Append.class), args));
        assertEquals(422, out.bytes().getLong(0));

        Files.delete(out.staging().file());
        RemoteChipException thrown =
            assertThrows(
                RemoteChipException.class,
                () ->
                    worker.run(
                        orch -> orch.submit(0, ChipCallable.of(Kernels.Append.class), args)));
        assertTrue(thrown.getMessage().contains("store_to_host=word"), thrown.getMessage());
      }
    }
  }

  @Test
  void a_task_that_takes_too_long_ends_the_worker() throws IOException {
    try (Worker worker =
        builder().taskTimeout(Duration.ofMillis(300)).chip(0, ChipBootstrapConfig.ALONE).open()) {
      WorkerTimeoutException thrown =
          assertThrows(
              WorkerTimeoutException.class,
              () ->
                  worker.run(
                      orch ->
                          orch.submit(0, ChipCallable.of(Kernels.Block.class), TaskArgs.none())));
      assertEquals(List.of(0), thrown.pending());
      IllegalStateException after =
          assertThrows(IllegalStateException.class, () -> worker.run(orch -> true));
      assertEquals(thrown, after.getCause());
    }
  }

  @Test
  void an_interrupt_ends_the_run_and_the_worker() throws Exception {
    try (Worker worker = builder().chip(0, ChipBootstrapConfig.ALONE).open()) {
      FutureTask<WorkerException> task =
          new FutureTask<>(() -> assertThrows(WorkerException.class, () -> block(worker)));
      Thread thread = new Thread(task, "driver");
      thread.start();
      output.await("blocked");
      thread.interrupt();

      assertTrue(task.get().getMessage().startsWith("interrupted while chips work"));
    }
  }

  @Test
  void closing_ends_a_run_of_another_thread() throws Exception {
    Worker worker =
        builder().closeTimeout(Duration.ofMillis(300)).chip(0, ChipBootstrapConfig.ALONE).open();
    FutureTask<WorkerException> task =
        new FutureTask<>(() -> assertThrows(WorkerException.class, () -> block(worker)));
    new Thread(task, "driver").start();
    output.await("blocked");
    worker.close();

    assertEquals("the worker was closed", task.get().getMessage());
    assertInstanceOf(
        IllegalStateException.class,
        assertThrows(RuntimeException.class, () -> worker.run(orch -> true)));
  }

  private static void block(Worker worker) {
    worker.run(orch -> orch.submit(0, ChipCallable.of(Kernels.Block.class), TaskArgs.none()));
  }
}
