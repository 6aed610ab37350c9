package comm.tests.hccl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import comm.tests.Jobs;
import comm.tests.ranks.NpuLifecycle;
import comm.worker.JobResult;
import comm.worker.RankJob;
import comm.worker.RankProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * On real NPUs: {@code mvn verify -Phardware -Dcomm.devices=0,1}. One rank a device; what each rank
 * prints is printed, so that a first run tells what works and what doesn't.
 */
@Tag("hardware")
@Timeout(600)
class HardwareTest {

  private static final String DEVICES = System.getProperty("comm.devices", "");

  @BeforeAll
  static void there_is_hardware() {
    String missing =
        !Files.exists(Path.of("/dev/davinci_manager"))
            ? "no NPU on this machine: there is no /dev/davinci_manager"
            : DEVICES.isBlank()
                ? "no devices named: run with -Dcomm.devices=0,1"
                : System.getenv("ASCEND_HOME_PATH") == null
                    ? "ASCEND_HOME_PATH is not set: source CANN's set_env.sh first"
                    : "";
    if (!missing.isEmpty()) {
      System.out.println("hardware tests skipped: " + missing);
    }
    assumeTrue(missing.isEmpty(), missing);
  }

  private static List<String> run(List<String> options) throws IOException, InterruptedException {
    int size = DEVICES.split(",", -1).length;
    RankJob job =
        RankJob.of(size, RankProgram.parse("comm.tests/" + NpuLifecycle.class.getName()))
            .withBackend("hccl")
            .withArguments(List.of(DEVICES))
            .withWaitTimeout(Duration.ofMinutes(2))
            .withGrace(Duration.ofSeconds(30))
            .withJvmOptions(options);
    List<String> lines = new ArrayList<>();
    try (Jobs running = Jobs.start(job)) {
      JobResult result = running.result();
      for (int rank = 0; rank < size; rank++) {
        for (String line : running.lines(rank)) {
          lines.add("rank " + rank + ": " + line);
        }
      }
      lines.forEach(System.out::println);
      assumeFalse(
          lines.stream().anyMatch(line -> line.contains("none works on every rank")),
          "not possible here: " + lines);
      assertEquals(0, result.exitCode(), result::report);
    }
    return lines;
  }

  @Test
  void ranks_live_their_whole_life() throws IOException, InterruptedException {
    List<String> lines = run(List.of());

    assertTrue(lines.stream().anyMatch(line -> line.endsWith("stage finalize")));
  }

  @TestFactory
  Stream<DynamicTest> each_way_to_share_windows() {
    return Stream.of("fabric", "vmm", "ipc", "mc2")
        .map(
            strategy ->
                dynamicTest(strategy, () -> run(List.of("-Dcomm.hccl.strategy=" + strategy))));
  }
}
