package comm.backend.sim;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.backend.sim.posix.PosixException;
import java.nio.file.Path;
import java.time.Duration;

/** What the operating system refuses, as the failures a caller can act on. */
final class Problems {

  static final String MORE_SHARED_MEMORY =
      "ask for smaller windows or fewer ranks, or give /dev/shm more room (mount -o"
          + " remount,size=…; Docker: --shm-size=2g; Kubernetes: an emptyDir with medium: Memory)";

  private Problems() {}

  static BackendFailure rendezvous(Path path, String problem, String advice) {
    return new BackendFailure(new Failure.Rendezvous(path, problem, advice), Duration.ZERO);
  }

  static BackendFailure system(PosixException e) {
    return new BackendFailure(nativeCall(e), Duration.ZERO);
  }

  static Failure nativeCall(PosixException e) {
    return new Failure.NativeCall(
        e.function(), e.errno(), PosixException.name(e.errno()), e.subject(), "");
  }

  static BackendFailure noRoom(long needed, long available) {
    return new BackendFailure(
        new Failure.Exhausted("/dev/shm", needed, available, MORE_SHARED_MEMORY), Duration.ZERO);
  }
}
