package comm.backend.hccl;

import comm.backend.hccl.cann.Cann;
import comm.backend.hccl.cann.CannAbi;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.CommSettings;
import comm.backend.hccl.device.Device;
import comm.backend.hccl.device.DeviceThread;
import comm.backend.hccl.device.Releases;
import comm.backend.hccl.rendezvous.Wait;
import comm.backend.hccl.window.Departures;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one rank has of CANN: its device and HCCL's communicator. Everything but the thread itself
 * is for the device's thread alone, so that a call that was given up on still leaves true words
 * behind.
 */
final class Connection {

  private static final long RETRY_NANOS = 10_000_000;

  /** A communicator that says it is in use, although nothing can use it any more. */
  private static final Duration IN_USE_PATIENCE = Duration.ofSeconds(5);

  private final Cann cann;
  private final DeviceThread thread;
  private final HcclSettings settings;
  private final OptionalLong stream;
  private final int rank;
  private final int size;
  private @Nullable Device device;
  private long communicator;
  private boolean connected;

  Connection(Cann cann, HcclSettings settings, OptionalLong stream, int rank, int size) {
    this.cann = cann;
    this.settings = settings;
    this.stream = stream;
    this.rank = rank;
    this.size = size;
    this.thread = new DeviceThread("comm-hccl-rank-" + rank);
  }

  DeviceThread thread() {
    return thread;
  }

  Cann cann() {
    return cann;
  }

  Device device() {
    return Objects.requireNonNull(device);
  }

  long communicator() {
    return communicator;
  }

  /** Binds the thread to this rank's device, once. */
  Device open() throws CannException {
    Device open = device;
    if (open == null) {
      open = Device.open(cann, count -> settings.device(rank, count), stream);
      device = open;
      thread.observe(open::note);
    }
    return open;
  }

  /** Opens the device, and makes the root info by which the ranks' devices find each other. */
  byte[] rootInfo() throws CannException {
    open();
    return cann.hccl().getRootInfo();
  }

  /** Joins HCCL's communicator; returns when all ranks have. */
  void connect(byte[] rootInfo) throws CannException {
    open();
    communicator =
        cann.hccl()
            .commInit(
                size,
                rootInfo,
                rank,
                new CommSettings(settings.bufferMegabytes(), Optional.empty()));
    connected = true;
  }

  /**
   * Gives everything back, in the order that CANN asks for.
   *
   * @param departures windows of this rank that are still there, if it ever had any
   * @param broken whether work on the stream may never end
   * @param early a failure to give something back that was met before, to be told in the end
   */
  void disconnect(
      boolean broken, @Nullable Departures departures, Wait wait, @Nullable CannException early)
      throws CannException {
    Device open = device;
    if (open == null) {
      return;
    }
    device = null;
    @Nullable CannException first = early;
    if (broken) {
      // HCCL keeps a communicator in use while an operation of it is on a stream.
      first = Releases.attempt(() -> open.destroyStream(true), first);
    }
    first = Releases.attempt(() -> destroyCommunicator(broken, wait), first);
    first = Releases.attempt(() -> open.destroyStream(false), first);
    if (departures != null) {
      first = Releases.attempt(departures::abandon, first);
    }
    if (first != null) {
      open.note(first);
    }
    first = Releases.attempt(open::close, first);
    if (first != null && !open.wasResetByForce()) {
      throw first;
    }
  }

  private void destroyCommunicator(boolean broken, Wait wait) throws CannException {
    if (!connected) {
      return;
    }
    connected = false;
    while (true) {
      try {
        cann.hccl().commDestroy(communicator);
        return;
      } catch (CannException e) {
        boolean late = wait.isOver() || (broken && wait.waited().compareTo(IN_USE_PATIENCE) > 0);
        if (e.code() != CannAbi.HCCL_E_AGAIN || late) {
          throw e;
        }
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }
}
