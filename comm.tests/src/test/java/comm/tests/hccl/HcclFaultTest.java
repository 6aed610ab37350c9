package comm.tests.hccl;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import comm.tests.Jobs;
import comm.tests.ranks.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every native call of a rank's life fails once: the error names the function, the code and what to
 * do, the other rank hears of it, and in the end nothing is held by either.
 */
@Timeout(600)
class HcclFaultTest {

  private static final String[] LIFE = {
    "allocate=5000", "put=5000", "barrier", "get=5000", "signal=3", "await=3", "barrier"
  };

  /** Refused, but none of the codes that say that the device is lost. */
  private static final int ACL_CODE = 107000;

  private static final int HCCL_CODE = 4;

  /** They ask only; a failure of theirs is no failure of what is done. */
  private static final Set<String> QUESTIONS =
      Set.of(
          "aclGetRecentErrMsg",
          "aclrtDeviceEnablePeerAccess",
          "aclrtGetMemInfo",
          "aclrtGetSocName");

  @TempDir private Path directory;

  /** How windows are shared decides which functions are called; others are tried once. */
  @TestFactory
  List<DynamicTest> any_native_call() throws IOException, InterruptedException {
    Set<String> tried = new HashSet<>();
    List<DynamicTest> tests = new ArrayList<>();
    tests.addAll(sweep(CannDouble.NEW, CannDouble.A3, "fabric", tried));
    tests.addAll(sweep(CannDouble.OLD, CannDouble.A2, "vmm", tried));
    tests.addAll(sweep(CannDouble.NEWEST, CannDouble.A2, "ipc", tried));
    tests.addAll(sweep(CannDouble.OLD, CannDouble.A3, "mc2", tried));
    return tests;
  }

  private List<DynamicTest> sweep(String version, String soc, String strategy, Set<String> tried)
      throws IOException, InterruptedException {
    CannDouble clean = CannDouble.of(version, soc, directory);
    List<String> options = List.of("-Dcomm.hccl.strategy=" + strategy);
    try (Jobs job = Jobs.start(clean.job(2, Script.class, options, LIFE))) {
      job.assertSuccess();
    }
    Set<String> functions = new LinkedHashSet<>();
    for (String call : clean.calls(1)) {
      functions.add(call.split("\\s+", -1)[1]);
    }
    functions.removeAll(QUESTIONS);
    // Called when the JVM ends, where nobody can be told but the log.
    functions.removeIf(function -> function.startsWith("aclFinalize"));
    assertTrue(functions.size() > 12, functions::toString);
    functions.removeIf(function -> !tried.add(function));
    return functions.stream()
        .map(
            function ->
                dynamicTest(
                    version + ", " + strategy + ": " + function,
                    () -> fail(CannDouble.of(version, soc, directory), options, function)))
        .toList();
  }

  private static void fail(CannDouble cann, List<String> options, String function)
      throws IOException, InterruptedException {
    int code = function.startsWith("acl") ? ACL_CODE : HCCL_CODE;
    // Where HCCL waits for a rank that failed it must come back before its process ends.
    cann.with("COMM_DOUBLE_CONNECT_SECONDS", "1");
    cann.faults(function + "@1=" + (releases(function) ? "code-after:" : "code:") + code);
    List<String> failed = new ArrayList<>();
    List<String> other = new ArrayList<>();
    try (Jobs job =
        Jobs.start(
            cann.job(2, Script.class, options, LIFE)
                .withWaitTimeout(Duration.ofSeconds(20))
                .withGrace(Duration.ofSeconds(25)))) {
      job.result();
      failed.addAll(job.lines(1));
      other.addAll(job.lines(0));
    }
    String told = function + " gave " + code + " (";
    assertTrue(
        failed.stream().anyMatch(line -> isTold(line, told)),
        () -> "rank 1 must tell \"" + told + "…\": " + failed);
    assertFalse(other.isEmpty());
    if (!releases(function)) {
      assertTrue(
          other.stream().anyMatch(line -> isTold(line, told) && line.contains("noticed by rank 1")),
          () -> "rank 0 must tell \"" + told + "…\": " + other);
    }
    cann.assertNothingIsHeld(2);
    cann.assertNoFiles();
  }

  /** With words of advice behind the code. */
  private static boolean isTold(String line, String told) {
    int at = line.indexOf(told);
    return line.contains("NativeCallException: ") && at >= 0 && line.indexOf("; ", at) > 0;
  }

  /** What gives something back does so, and complains nevertheless. */
  private static boolean releases(String function) {
    return Stream.of("Free", "Unmap", "Release", "Reset", "Destroy", "Close")
        .anyMatch(function::contains);
  }
}
