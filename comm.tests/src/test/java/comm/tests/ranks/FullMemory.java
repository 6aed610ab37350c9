package comm.tests.ranks;

import comm.api.Communicator;
import comm.testkit.RankThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs where /dev/shm has 2 MiB: windows that don't fit, windows that do, and no room even for a
 * communicator. Prints what each rank got.
 */
public final class FullMemory {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private FullMemory() {}

  public static void main(String[] args) throws IOException {
    RankThreads ranks = new RankThreads("sim", Path.of(args[0]));
    print("too large", allocate(ranks, 1_500_000));
    print("fits", allocate(ranks, 500_000));
    Path filler = SHARED_MEMORY.resolve("filler");
    long free = Files.getFileStore(SHARED_MEMORY).getUsableSpace();
    Files.write(filler, new byte[(int) free]);
    print("full", allocate(ranks, 1));
    Files.delete(filler);
    print("free again", allocate(ranks, 1));
    try (Stream<Path> left = Files.list(SHARED_MEMORY)) {
      System.out.println("left: " + left.toList());
    }
  }

  private static List<Optional<Throwable>> allocate(RankThreads ranks, long bytes) {
    return ranks.outcomes(
        2,
        config -> {
          try (Communicator communicator =
              Communicator.open(config.withTimeout(Duration.ofSeconds(5)))) {
            communicator.allocateWindows(bytes).close();
          }
        });
  }

  private static void print(String step, List<Optional<Throwable>> outcomes) {
    for (Optional<Throwable> outcome : outcomes) {
      System.out.println(
          step
              + ": "
              + outcome
                  .map(e -> e.getClass().getSimpleName() + ": " + e.getMessage())
                  .orElse("fine"));
    }
  }
}
