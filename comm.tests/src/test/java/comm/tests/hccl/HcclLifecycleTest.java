package comm.tests.hccl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.tests.Jobs;
import comm.tests.ranks.DeviceLifecycle;
import comm.tests.ranks.NpuLifecycle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From open to close on the double of CANN, in every split of its libraries and every way. */
@Timeout(180)
class HcclLifecycleTest {

  private static final int BYTES = 70_000;

  @TempDir private Path directory;

  private void run(CannDouble cann, int size, int cycles, List<String> options, String strategy)
      throws IOException, InterruptedException {
    try (Jobs job =
        Jobs.start(
            cann.job(
                size,
                DeviceLifecycle.class,
                options,
                Integer.toString(cycles),
                Integer.toString(BYTES),
                strategy))) {
      job.assertSuccess();
    }
    cann.assertNothingIsHeld(size);
    cann.assertNoFiles();
  }

  @ParameterizedTest(name = "CANN {0}, {1}, {2}")
  @CsvSource({
    "8.1, Ascend910_9392, vmm",
    "8.1, Ascend910B1, vmm",
    "8.1, Ascend910_9392, mc2",
    "8.1, Ascend910B1, mc2",
    "8.5, Ascend910_9392, fabric",
    "8.5, Ascend910B1, vmm",
    "8.5, Ascend910_9392, ipc",
    "8.5, Ascend910B1, ipc",
    "8.5, Ascend910_9392, mc2",
    "8.5, Ascend910B1, mc2",
    "9.2, Ascend910_9392, fabric",
    "9.2, Ascend910_9392, vmm",
    "9.2, Ascend910B1, ipc",
    "9.2, Ascend910B1, mc2",
  })
  void two_ranks_open_exchange_and_close(String version, String soc, String strategy)
      throws IOException, InterruptedException {
    run(
        CannDouble.of(version, soc, directory),
        2,
        2,
        List.of("-Dcomm.hccl.strategy=" + strategy),
        strategy);
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 3, 4, 5, 6, 7, 8})
  void ranks_take_the_best_way_that_there_is(int size) throws IOException, InterruptedException {
    run(CannDouble.of(CannDouble.NEW, CannDouble.A3, directory), size, 1, List.of(), "fabric");
  }

  @Test
  void a_program_may_bring_its_own_stream_and_read_the_device_context_by_itself()
      throws IOException, InterruptedException {
    CannDouble cann = CannDouble.of(CannDouble.NEW, CannDouble.A3, directory);
    try (Jobs job = Jobs.start(cann.job(2, NpuLifecycle.class, List.of(), "2,5"))) {
      job.assertSuccess();
      for (int rank = 0; rank < 2; rank++) {
        assertTrue(job.lines(rank).contains("stage barrier"), job.lines(rank)::toString);
        assertTrue(job.lines(rank).contains("stage finalize"), job.lines(rank)::toString);
      }
    }
    cann.assertNothingIsHeld(2);
  }

  @Test
  void a_barrier_with_the_known_fault_is_a_warning_of_the_hardware_suite()
      throws IOException, InterruptedException {
    CannDouble cann =
        CannDouble.of(CannDouble.NEW, CannDouble.A3, directory)
            .faults("aclrtSynchronizeStreamWithTimeout=code:507018");
    try (Jobs job = Jobs.start(cann.job(2, NpuLifecycle.class, List.of(), "0,1"))) {
      job.assertSuccess();
      assertTrue(
          job.lines(0).stream()
              .anyMatch(line -> line.startsWith("warning: barrier") && line.contains("507018")),
          job.lines(0)::toString);
    }
  }

  @ParameterizedTest(name = "{3} ranks, CANN {0}, {1}, {2}")
  @CsvSource({
    "8.1, Ascend910B1, vmm, 8",
    "8.1, Ascend910_9392, mc2, 5",
    "8.1, Ascend910B1, mc2, 4",
    "8.5, Ascend910_9392, ipc, 6",
    "9.2, Ascend910_9392, mc2, 7",
    "9.2, Ascend910B1, vmm, 3",
  })
  void more_ranks_do_so_in_every_way(String version, String soc, String strategy, int size)
      throws IOException, InterruptedException {
    run(
        CannDouble.of(version, soc, directory),
        size,
        1,
        List.of("-Dcomm.hccl.strategy=" + strategy),
        strategy);
  }

  @Test
  void barriers_may_meet_on_the_host() throws IOException, InterruptedException {
    CannDouble cann = CannDouble.of(CannDouble.NEW, CannDouble.A2, directory);

    run(cann, 3, 1, List.of("-Dcomm.hccl.barrier=host"), "vmm");

    for (int rank = 0; rank < 3; rank++) {
      assertTrue(cann.calls(rank).stream().noneMatch(call -> call.contains("HcclBarrier")));
    }
  }

  @Test
  void two_ranks_open_and_close_many_times_on_one_path() throws IOException, InterruptedException {
    run(CannDouble.of(CannDouble.NEW, CannDouble.A3, directory), 2, 50, List.of(), "fabric");
  }

  @Test
  void the_next_way_is_taken_where_the_first_is_not_supported_on_one_rank()
      throws IOException, InterruptedException {
    run(
        CannDouble.of(CannDouble.NEW, CannDouble.A3, directory)
            .faults("aclrtMemExportToShareableHandleV2@1=code:207000"),
        3,
        1,
        List.of(),
        "vmm");
  }

  @Test
  void ways_are_passed_over_until_one_works_everywhere() throws IOException, InterruptedException {
    run(
        CannDouble.of(CannDouble.NEW, CannDouble.A3, directory)
            .with("COMM_DOUBLE_PCIE", "1")
            .faults(
                "aclrtMemImportFromShareableHandleV2@0=code:207000;"
                    + "aclrtMemExportToShareableHandle@1=code:207000"),
        2,
        1,
        List.of(),
        "mc2");
  }

  @Test
  void all_native_calls_of_a_rank_come_from_one_thread_and_end_in_the_order_that_cann_asks_for()
      throws IOException, InterruptedException {
    CannDouble cann = CannDouble.of(CannDouble.NEW, CannDouble.A3, directory);

    run(cann, 2, 1, List.of(), "fabric");

    List<String> threads = new ArrayList<>();
    List<String> functions = new ArrayList<>();
    for (String call : cann.calls(1)) {
      String[] words = call.split("\\s+", -1);
      // aclFinalizeReference comes from the JVM's shutdown
      if (!words[1].startsWith("aclFinalize")) {
        threads.add(words[0]);
      }
      functions.add(words[1]);
    }
    assertEquals(1, threads.stream().distinct().count(), () -> "threads " + threads);
    List<String> order =
        functions.stream()
            .filter(
                List.of(
                        "aclInit",
                        "aclrtSetDevice",
                        "aclrtCreateStream",
                        "HcclCommInitRootInfoConfig",
                        "HcclCommDestroy",
                        "aclrtDestroyStream",
                        "aclrtResetDevice",
                        "aclFinalizeReference")
                    ::contains)
            .toList();
    assertEquals(
        List.of(
            "aclInit",
            "aclrtSetDevice",
            "aclrtCreateStream",
            "HcclCommInitRootInfoConfig",
            "HcclCommDestroy",
            "aclrtDestroyStream",
            "aclrtResetDevice",
            "aclFinalizeReference"),
        order);
  }
}
