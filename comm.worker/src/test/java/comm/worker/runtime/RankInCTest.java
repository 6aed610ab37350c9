package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.WindowMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java ranks and ranks in C in one communicator. */
class RankInCTest {

  private final NativeRuntime full = NativeRuntime.of("full");

  @TempDir private Path directory;

  private Process rankInC(int rank, int size, Path rootInfo, long bytes) throws IOException {
    return new ProcessBuilder(
            NativeRuntime.file("rank_c").toString(),
            full.runtime().library().toString(),
            full.runtime().simContext().orElseThrow().toString(),
            String.valueOf(rank),
            String.valueOf(size),
            rootInfo.toString(),
            String.valueOf(bytes))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output" + rank).toFile())
        .start();
  }

  private void assertEnded(Process rank, int number) throws IOException, InterruptedException {
    assertTrue(rank.waitFor(30, TimeUnit.SECONDS));
    String output = Files.readString(directory.resolve("output" + number), StandardCharsets.UTF_8);
    assertEquals(0, rank.exitValue(), output);
  }

  @Test
  void a_java_rank_meets_two_ranks_in_c() throws Exception {
    for (int round = 0; round < 3; round++) {
      for (int own = 0; own < 2; own++) {
        Path rootInfo = directory.resolve("root information " + round + own);
        int[] others = own == 0 ? new int[] {1, 2} : new int[] {0, 2};
        Process first = rankInC(others[0], 3, rootInfo, 4096);
        Process second = rankInC(others[1], 3, rootInfo, 4096);
        try {
          BackendSession session = RuntimeRanks.open(full.runtime(), own, 3, rootInfo, Map.of());
          BackendWindows windows = session.allocateWindows(4096, RuntimeRanks.LIMIT);
          memory(windows, own).putLong(0, own + 100);
          session.barrier(RuntimeRanks.LIMIT);
          for (int rank = 0; rank < 3; rank++) {
            assertEquals(rank + 100, memory(windows, rank).getLong(0));
          }
          session.barrier(RuntimeRanks.LIMIT);
          session.close(RuntimeRanks.LIMIT);
          assertEnded(first, others[0]);
          assertEnded(second, others[1]);
        } finally {
          first.destroyForcibly();
          second.destroyForcibly();
        }
      }
    }
    assertEquals(0, full.live());
  }

  private static WindowMemory memory(BackendWindows windows, int rank) {
    return windows.memory(rank, (operation, failure) -> new IllegalStateException(failure));
  }
}
