package comm.backend.hccl.rendezvous;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who this process is.
 *
 * @param rank its rank
 * @param size number of ranks
 * @param pid its process
 * @param startTime of that process, 0 if the system doesn't tell
 * @param hostId identity of the kernel: ranks with the same one see each other's locks
 * @param hostName for people
 */
public record Self(int rank, int size, long pid, long startTime, String hostId, String hostName) {

  /** The names are cut rather than refused, for all ranks alike: a record holds no longer ones. */
  public Self {
    hostId = Bytes.name(hostId);
    hostName = Bytes.name(hostName);
  }

  /**
   * This process as a rank.
   *
   * @param host identity of the host, instead of the kernel's
   */
  public static Self of(int rank, int size, Optional<String> host) {
    long pid = ProcessHandle.current().pid();
    String name = line("/proc/sys/kernel/hostname").orElse("unknown");
    return new Self(
        rank,
        size,
        pid,
        ProcessStat.of(pid).map(ProcessStat::startTime).orElse(0L),
        // Containers of one kernel share it, and locks work between them.
        host.orElseGet(() -> line("/proc/sys/kernel/random/boot_id").orElse(name)),
        name);
  }

  private static Optional<String> line(String file) {
    try {
      return Optional.of(Files.readString(Path.of(file)).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
