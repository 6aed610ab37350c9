package comm.backend.sim;

import comm.api.spi.BackendFailure;
import comm.backend.sim.posix.Descriptor;
import comm.backend.sim.posix.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory there is, and getting it before anybody touches it. */
final class Memory {

  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Path CGROUP_LIMIT = Path.of("/sys/fs/cgroup/memory.max");
  private static final Path CGROUP_USED = Path.of("/sys/fs/cgroup/memory.current");

  private Memory() {}

  /** Gets blocks for a range, or says how many there are. */
  static void reserve(Descriptor descriptor, long offset, long bytes) throws BackendFailure {
    try {
      descriptor.reserve(offset, bytes);
    } catch (PosixException e) {
      if (e.errno() == PosixException.ENOSPC || e.errno() == PosixException.ENOMEM) {
        throw Problems.noRoom(bytes, available());
      }
      throw Problems.system(e);
    }
  }

  /**
   * Bytes that /dev/shm can still take: what its file system has free, and not more than what the
   * machine and the container have, because a tmpfs may promise more than there is and the kernel
   * would then kill somebody.
   */
  static long available() {
    long free = Long.MAX_VALUE;
    try {
      free = Files.getFileStore(SharedSegment.DIRECTORY).getUsableSpace();
      free = Math.min(free, machineAvailable());
      free = Math.min(free, containerAvailable());
    } catch (IOException | NumberFormatException e) {
      System.getLogger(Memory.class.getName())
          .log(System.Logger.Level.DEBUG, "can't tell how much memory there is", e);
    }
    return free;
  }

  private static long machineAvailable() throws IOException {
    long kilobytes = 0;
    for (String line : Files.readAllLines(MEMINFO)) {
      if (line.startsWith("MemAvailable:") || line.startsWith("SwapFree:")) {
        kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return kilobytes * 1024;
  }

  private static long containerAvailable() throws IOException {
    if (!Files.isReadable(CGROUP_LIMIT) || !Files.isReadable(CGROUP_USED)) {
      return Long.MAX_VALUE;
    }
    List<String> limit = Files.readAllLines(CGROUP_LIMIT);
    if (limit.isEmpty() || limit.get(0).equals("max")) {
      return Long.MAX_VALUE;
    }
    return Math.max(
        0,
        Long.parseLong(limit.get(0).strip())
            - Long.parseLong(Files.readAllLines(CGROUP_USED).get(0).strip()));
  }
}
