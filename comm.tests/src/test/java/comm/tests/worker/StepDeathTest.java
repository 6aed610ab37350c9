package comm.tests.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.Eventually;
import comm.testkit.Leftovers;
import comm.worker.ChipDiedException;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kills a chip in each step of its life, as soon as it says that it is there. */
@Timeout(300)
class StepDeathTest {

  private static final int CHIPS = 2;
  private static final int SIGKILLED = 128 + 9;

  /** Enough to be in the middle of loading and storing them. */
  private static final int STAGED_BYTES = 32 << 20;

  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  private final Leftovers leftovers = Leftovers.ofSharedMemory();
  private final Lines output = new Lines();
  private final List<Double> millis = new ArrayList<>();
  private final Map<String, Integer> steps = new TreeMap<>();
  private HostBuffer staged;

  @BeforeEach
  void makeHostBuffer() throws IOException {
    staged = HostBuffer.create("staged", STAGED_BYTES);
  }

  @AfterEach
  void no_process_and_no_shared_memory_is_left() throws IOException {
    staged.close();
    leftovers.assertNone(Duration.ofSeconds(5));
    assertEquals(List.of(), Processes.children());
  }

  /** Chip 1 has a buffer that is loaded from the host and stored to it. */
  private WorkerBuilder builder() {
    return Worker.builder()
        .backend("sim")
        .output(output)
        .chip(0, config(0))
        .chip(
            1,
            config(
                    1,
                    ChipBufferSpec.of("staged", DataType.INT8, STAGED_BYTES)
                        .loadedFromHost()
                        .storedToHost())
                .withHostInputs(staged.staging())
                .withHostOutputs(staged.staging()));
  }

  private static ChipBootstrapConfig config(int rank, ChipBufferSpec... buffers) {
    return ChipBootstrapConfig.of(
        new ChipCommBootstrapConfig(rank, CHIPS, Optional.empty(), STAGED_BYTES), buffers);
  }

  /** Kills chip 1 once it is in a step; true if that ended what goes on as a death does. */
  private boolean kill(FutureTask<Timed<Throwable>> goingOn, ChipSteps chip, int step)
      throws Exception {
    ProcessHandle victim = Processes.child(1);
    chip.await(step, goingOn::isDone);
    long killed = System.nanoTime();
    victim.destroyForcibly();
    Timed<Throwable> ended = goingOn.get();
    if (!(ended.how() instanceof ChipDiedException died)) {
      return false;
    }
    assertEquals(1, died.chip());
    assertEquals(victim.pid(), died.pid());
    assertEquals(SIGKILLED, died.exitCode());
    assertTrue(
        died.getMessage().contains(" died: killed by SIGKILL in step " + died.step()),
        died.getMessage());
    steps.merge(died.step(), 1, Integer::sum);
    millis.add((ended.time() - killed) / 1e6);
    return true;
  }

  private void assertTold(String what, String... reached) {
    System.out.println(what + ": killed in steps " + steps);
    assertTrue(steps.keySet().containsAll(List.of(reached)), steps::toString);
    Timed.assertMedian(what, millis);
  }

  @Test
  void in_each_step_of_its_start() throws Exception {
    for (int step :
        List.of(
            ChipSteps.START,
            ChipSteps.INIT,
            ChipSteps.SET_DEVICE,
            ChipSteps.COMM_INIT,
            ChipSteps.COMM_ALLOC_WINDOWS,
            ChipSteps.LOAD_FROM_HOST,
            ChipSteps.COMM_INIT,
            ChipSteps.LOAD_FROM_HOST)) {
      Set<Path> older = ChipSteps.jobs(TEMPORARY);
      FutureTask<Timed<Throwable>> opening = Timed.start(this::openAndFail);
      assertTrue(kill(opening, ChipSteps.of(1, TEMPORARY, older), step));
    }
    assertTold("start", "start", "comm_init", "load_from_host");
  }

  private Throwable openAndFail() throws IOException {
    try (Worker worker = builder().open()) {
      // It may come up in the moment in which it is killed, and then dies idle.
      Eventually.holds(
          "the worker has noticed",
          Duration.ofSeconds(5),
          () -> worker.toString().endsWith("(broken)"));
      return assertThrows(IllegalStateException.class, () -> worker.run(orch -> true)).getCause();
    } catch (ChipDiedException e) {
      return e;
    }
  }

  @Test
  void while_it_copies() throws Exception {
    for (int i = 0; i < 3; i++) {
      killInRun(ChipSteps.CONTROL, StepDeathTest::copyForEver);
    }
    assertTold("copies", "control");
  }

  private static void copyForEver(Orchestrator orch) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(STAGED_BYTES);
    while (true) {
      orch.copyTo(1, orch.chips().get(1).localWindowBase(), bytes.clear());
    }
  }

  @Test
  void while_it_stores() throws Exception {
    for (int i = 0; i < 3; i++) {
      killInRun(ChipSteps.STORE_TO_HOST, StepDeathTest::storeForEver);
    }
    assertTold("stores", "store_to_host");
  }

  private static void storeForEver(Orchestrator orch) {
    while (true) {
      orch.submit(
              1,
              ChipCallable.of(Kernels.Append.class),
              TaskArgs.of(orch.chips().get(1).localWindowBase(), 0))
          .await();
    }
  }

  /** What goes on until a chip dies. */
  private interface Endless {
    void run(Orchestrator orch);
  }

  private void killInRun(int step, Endless endless) throws Exception {
    Set<Path> older = ChipSteps.jobs(TEMPORARY);
    try (Worker worker = builder().open()) {
      ChipSteps chip = ChipSteps.of(1, TEMPORARY, older);
      FutureTask<Timed<Throwable>> run =
          Timed.start(
              () ->
                  assertThrows(
                      ChipDiedException.class,
                      () ->
                          worker.run(
                              orch -> {
                                endless.run(orch);
                                return true;
                              })));
      assertTrue(kill(run, chip, step));
    }
  }

  @Test
  void while_the_worker_closes() throws Exception {
    for (int i = 0; i < 3; i++) {
      Set<Path> older = ChipSteps.jobs(TEMPORARY);
      Worker worker = builder().open();
      try {
        ChipSteps chip = ChipSteps.of(1, TEMPORARY, older);
        ProcessHandle victim = worker.process(1);
        FutureTask<Timed<Boolean>> closing =
            Timed.start(
                () -> {
                  worker.close();
                  return true;
                });
        chip.await(ChipSteps.COMM_DESTROY, closing::isDone);
        victim.destroyForcibly();
        assertTrue(closing.get().how());
      } finally {
        worker.close();
      }
    }
  }
}
