package comm.tests.worker;

import comm.worker.ChipContext;
import comm.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  /** The process of a chip that may not have come up yet. */
  static ProcessHandle child(int chip) throws IOException {
    for (ProcessHandle child : children()) {
      String environment =
          Files.readString(Path.of("/proc", Long.toString(child.pid()), "environ"));
      if (List.of(environment.split("\0")).contains("COMM_RANK=" + chip)) {
        return child;
      }
    }
    throw new AssertionError("there is no process of chip " + chip);
  }

  /** The child processes that this one has now. */
  static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }
}
