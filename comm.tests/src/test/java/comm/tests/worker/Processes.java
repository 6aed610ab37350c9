package comm.tests.worker;

import comm.testkit.Eventually;
import comm.worker.ChipContext;
import comm.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** What the processes of a test hold. */
final class Processes {

  private Processes() {}

  /** Open files of this process and of a worker's chips. */
  static long descriptors(Worker worker) throws IOException {
    long count = descriptors("self");
    for (ChipContext chip : worker.chips()) {
      count += descriptors(Long.toString(chip.pid()));
    }
    return count;
  }

  private static long descriptors(String process) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", process, "fd"))) {
      return open.count();
    }
  }

  /** The process of a chip that may not have come up yet; waits until it has its environment. */
  static ProcessHandle child(int chip) {
    AtomicReference<Optional<ProcessHandle>> found = new AtomicReference<>(Optional.empty());
    Eventually.holds(
        "there is a process of chip " + chip,
        Duration.ofSeconds(10),
        () -> {
          found.set(children().stream().filter(child -> isChip(child, chip)).findFirst());
          return found.get().isPresent();
        });
    return found.get().orElseThrow();
  }

  private static boolean isChip(ProcessHandle child, int chip) {
    try {
      String environment =
          Files.readString(Path.of("/proc", Long.toString(child.pid()), "environ"));
      return List.of(environment.split("\0")).contains("COMM_RANK=" + chip);
    } catch (IOException e) {
      return false;
    }
  }

  /** The child processes that this one has now. */
  static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }
}
