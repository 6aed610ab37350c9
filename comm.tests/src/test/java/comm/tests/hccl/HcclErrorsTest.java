package comm.tests.hccl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.tests.Jobs;
import comm.tests.ranks.Script;
import comm.worker.RankJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads when something on the way to a device goes wrong, on every rank. */
@Timeout(180)
class HcclErrorsTest {

  @TempDir private Path directory;

  private CannDouble cann;

  private void on(String version, String soc) throws IOException {
    cann = CannDouble.of(version, soc, directory);
  }

  /** What each rank prints from its failure on; ranks that had none have nothing. */
  private List<List<String>> run(int size, List<String> options, String... script)
      throws IOException, InterruptedException {
    return run(cann.job(size, Script.class, options, script));
  }

  private List<List<String>> run(RankJob spec) throws IOException, InterruptedException {
    // All ranks end by themselves: each must have its own words.
    try (Jobs job = Jobs.start(spec.withGrace(Duration.ofSeconds(30)))) {
      job.result();
      List<List<String>> failures = new ArrayList<>();
      for (int rank = 0; rank < spec.size(); rank++) {
        failures.add(
            job.lines(rank).stream()
                .dropWhile(line -> !line.startsWith("failed at "))
                .skip(1)
                .toList());
      }
      return failures;
    }
  }

  private static List<String> way(String strategy) {
    return List.of("-Dcomm.hccl.strategy=" + strategy);
  }

  private static void assertContains(String line, String... parts) {
    for (String part : parts) {
      assertTrue(line.contains(part), () -> "\"" + part + "\" not in: " + line);
    }
  }

  @ParameterizedTest(name = "CANN {0}, {1}, {2}")
  @CsvSource({
    "8.5, Ascend910_9392, fabric",
    "8.1, Ascend910B1, vmm",
    "9.2, Ascend910B1, ipc",
    "8.1, Ascend910_9392, mc2",
  })
  void different_window_sizes_are_shown_to_every_rank(String version, String soc, String strategy)
      throws IOException, InterruptedException {
    on(version, soc);

    for (List<String> failure :
        run(3, way(strategy), "0:allocate=100", "1:allocate=200", "2:allocate=100")) {
      assertContains(
          failure.get(0),
          "RankMismatchException: allocateWindows on rank ",
          "window size differs between ranks",
          "rank 1 has 200 bytes");
    }
    cann.assertNothingIsHeld(3);
    cann.assertNoFiles();
  }

  @Test
  void a_way_that_this_cann_does_not_have_is_refused_with_what_is_missing()
      throws IOException, InterruptedException {
    on(CannDouble.OLD, CannDouble.A3);

    for (List<String> failure : run(2, List.of("-Dcomm.hccl.strategy=ipc"), "allocate=100")) {
      assertContains(
          failure.get(0),
          "NativeCallException: allocateWindows on rank ",
          "none works on every rank",
          "ipc: not offered by ranks [0, 1]",
          "aclrtIpcMemGetExportKey");
    }
    cann.assertNothingIsHeld(2);
    cann.assertNoFiles();
  }

  @Test
  void memory_that_is_short_on_one_device_is_an_error_on_every_rank()
      throws IOException, InterruptedException {
    on(CannDouble.NEW, CannDouble.A2);
    cann.with("COMM_DOUBLE_MEMORY", Long.toString(8L << 20));

    for (List<String> failure : run(2, List.of(), "allocate=" + (64L << 20))) {
      assertContains(
          failure.get(0),
          "ResourceExhaustedException: allocateWindows on rank ",
          "64.0 MiB needed in memory of device ",
          "npu-smi");
    }
    cann.assertNothingIsHeld(2);
    cann.assertNoFiles();
  }

  @Test
  void windows_larger_than_hccls_buffers_say_which_variable_to_set()
      throws IOException, InterruptedException {
    on(CannDouble.OLD, CannDouble.A2);

    for (List<String> failure :
        run(2, List.of("-Dcomm.hccl.strategy=mc2"), "allocate=" + (16L << 20))) {
      assertContains(
          failure.get(0), "ResourceExhaustedException: ", "HCCL's buffers", "HCCL_BUFFSIZE");
    }
    cann.assertNothingIsHeld(2);
  }

  @ParameterizedTest(name = "CANN {0}, {1}, {2}")
  @CsvSource({
    "8.5, Ascend910_9392, fabric",
    "8.1, Ascend910B1, vmm",
    "9.2, Ascend910B1, ipc",
    "8.1, Ascend910_9392, mc2",
  })
  void an_exception_of_the_ai_cpu_is_told_as_it_is_and_breaks_the_communicator_for_all(
      String version, String soc, String strategy) throws IOException, InterruptedException {
    on(version, soc);
    cann.faults("aclrtSynchronizeStreamWithTimeout@1#3=code:507018");

    List<List<String>> failures =
        run(2, way(strategy), "allocate=100", "barrier", "barrier", "barrier", "barrier");

    assertContains(
        failures.get(1).get(0),
        "NativeCallException: barrier on rank 1 of 2 (hccl) failed:"
            + " aclrtSynchronizeStreamWithTimeout gave 507018 (",
        "AI CPU",
        "new one");
    assertContains(
        failures.get(0).get(0),
        "NativeCallException: barrier on rank 0 of 2 (hccl) failed:"
            + " aclrtSynchronizeStreamWithTimeout gave 507018 (",
        "first noticed by rank 1");
    cann.assertNothingIsHeld(2);
    cann.assertNoFiles();
    assertTrue(
        cann.calls(1).stream().anyMatch(call -> call.contains("aclrtResetDeviceForce")),
        "a device that had a fault is reset by force");
  }

  @Test
  void a_broken_communicator_says_its_first_cause_again() throws IOException, InterruptedException {
    on(CannDouble.NEW, CannDouble.A2);
    cann.faults("HcclBarrier@1#1=code:4");

    try (Jobs job = Jobs.start(cann.job(2, Script.class, List.of(), "again", "again"))) {
      job.assertSuccess();
      for (int rank = 0; rank < 2; rank++) {
        List<String> lines =
            job.lines(rank).stream().filter(line -> line.matches("\\w+Exception: .*")).toList();
        assertContains(lines.get(0), "NativeCallException: ", "HcclBarrier gave 4 (");
        assertContains(lines.get(1), "CommBrokenException: ", "HcclBarrier gave 4 (");
      }
    }
    cann.assertNothingIsHeld(2);
  }

  @Test
  void a_native_call_that_hangs_while_joining_is_named_with_hccls_own_limits()
      throws IOException, InterruptedException {
    on(CannDouble.NEW, CannDouble.A3);
    cann.faults("HcclCommInitRootInfoConfig@1#1=hang");

    List<List<String>> failures =
        run(cann.job(2, Script.class, List.of(), "barrier").withWaitTimeout(Duration.ofSeconds(4)));

    boolean named = false;
    for (List<String> failure : failures) {
      assertContains(failure.get(0), "CommTimeoutException: open on rank ", "(hccl)");
      named |=
          failure.get(0).contains("HcclCommInitRootInfoConfig has not returned")
              && failure.get(0).contains("HCCL_CONNECT_TIMEOUT=");
    }
    assertTrue(named, () -> failures.toString());
    cann.assertNoFiles();
  }

  @Test
  void a_barrier_that_a_rank_does_not_come_to_names_it() throws IOException, InterruptedException {
    on(CannDouble.NEW, CannDouble.A3);

    List<List<String>> failures =
        run(2, List.of(), "allocate=100", "0:barrierMillis=700", "1:await=7");

    assertContains(
        failures.get(0).get(0),
        "CommTimeoutException: barrier on rank 0 of 2 (hccl) timed out after ",
        "1 of 2 ranks came, missing rank 1 (alive, pid ",
        "last operation await");
    assertContains(failures.get(1).get(0), "await on rank 1 of 2 (hccl)", "rank 0 ran out of time");
    cann.assertNothingIsHeld(2);
    cann.assertNoFiles();
  }

  @Test
  void a_barrier_that_held_for_another_rank_holds_for_one_whose_device_is_late()
      throws IOException, InterruptedException {
    on(CannDouble.NEW, CannDouble.A3);
    cann.faults("aclrtSynchronizeStreamWithTimeout@1#1=hang:1500");

    for (List<String> failure : run(2, List.of(), "0:barrier", "1:barrierMillis=700", "barrier")) {
      assertEquals(List.of(), failure);
    }
    cann.assertNothingIsHeld(2);
  }

  @Test
  void a_rank_that_leaves_ends_the_wait_of_the_others() throws IOException, InterruptedException {
    on(CannDouble.NEW, CannDouble.A3);

    List<List<String>> failures = run(3, List.of(), "barrier", "0:barrier", "1:barrier");

    assertContains(
        failures.get(0).get(0),
        "PeerFailedException: barrier on rank 0 of 3 (hccl)",
        "rank 2 (left");
    assertEquals(List.of(), failures.get(2));
    cann.assertNothingIsHeld(3);
    cann.assertNoFiles();
  }

  @Test
  void a_missing_connection_of_mc2_is_named() throws IOException, InterruptedException {
    on(CannDouble.NEW, CannDouble.A3);
    cann.faults("HcclAllocComResourceByTiling@1#1=null");

    List<List<String>> failures = run(2, List.of("-Dcomm.hccl.strategy=mc2"), "allocate=100");

    for (List<String> failure : failures) {
      assertContains(failure.get(0), "NativeCallException: allocateWindows on rank ", "MC2");
    }
    cann.assertNothingIsHeld(2);
  }
}
