package comm.tests.worker;

import comm.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a chip does, as it writes it into the file that it shares with its worker: a number behind
 * the bootstrap channel, at offset 3776 of its mailbox.
 */
final class ChipSteps {

  static final int START = 0;
  static final int INIT = 1;
  static final int SET_DEVICE = 2;
  static final int COMM_INIT = 3;
  static final int COMM_ALLOC_WINDOWS = 4;
  static final int LOAD_FROM_HOST = 6;
  static final int IDLE = 7;
  static final int STORE_TO_HOST = 9;
  static final int CONTROL = 10;
  static final int COMM_DESTROY = 11;

  private static final int MAILBOX = 4096;
  private static final int STEP = 3776;

  private final ByteBuffer mailbox;

  private ChipSteps(ByteBuffer mailbox) {
    this.mailbox = mailbox;
  }

  /** The directories of all jobs in a temporary directory. */
  static Set<Path> jobs(Path temporary) throws IOException {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(path -> path.getFileName().toString().startsWith("comm-job-"))
          .collect(Collectors.toSet());
    }
  }

  /** Waits for the file of a chip in a job that is none of the older ones. */
  static ChipSteps of(int chip, Path temporary, Set<Path> older) {
    AtomicReference<Optional<ChipSteps>> found = new AtomicReference<>(Optional.empty());
    Eventually.holds(
        "chip " + chip + " has its file",
        Duration.ofSeconds(20),
        () -> {
          found.set(find(chip, temporary, older));
          return found.get().isPresent();
        });
    return found.get().orElseThrow();
  }

  private static Optional<ChipSteps> find(int chip, Path temporary, Set<Path> older) {
    try {
      for (Path job : jobs(temporary)) {
        Path file = job.resolve("chip-" + chip);
        if (!older.contains(job) && Files.exists(file) && Files.size(file) > MAILBOX + STEP) {
          try (FileChannel channel = FileChannel.open(file)) {
            return Optional.of(
                new ChipSteps(
                    channel
                        .map(FileChannel.MapMode.READ_ONLY, MAILBOX, STEP + Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)));
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the chip is in a step or behind it, or it can't be any more. */
  void await(int step, BooleanSupplier over) {
    long start = System.nanoTime();
    // Some steps are over in microseconds.
    while (mailbox.getInt(STEP) < step && !over.getAsBoolean()) {
      if (System.nanoTime() - start > 30e9) {
        throw new AssertionError("the chip is in step " + mailbox.getInt(STEP) + " after 30 s");
      }
      Thread.onSpinWait();
    }
  }
}
