package comm.worker.chip;

import comm.worker.device.Device;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a chip worker is in its life: lets a call pass or refuses it, and never waits. Any thread
 * may call; what a call then does with the device is not guarded here.
 */
final class ChipLife {

  private final Handles handles = new Handles();
  private ChipState state = ChipState.NEW;
  private @Nullable Device device;
  private int deviceId = -1;
  private @Nullable CommSession session;

  /** A thread is joining a communicator, and uses the device until it comes out. */
  private boolean joining;

  /** The worker was closed meanwhile: that thread ends the device. */
  private @Nullable Device left;

  synchronized ChipState state() {
    return state;
  }

  synchronized int deviceId() {
    return deviceId;
  }

  /** Lets through who is about to bring up a device. */
  synchronized void beginInit() {
    if (state == ChipState.FINALIZED) {
      throw new IllegalStateException("ChipWorker already finalized; cannot reinitialize");
    }
    if (state != ChipState.NEW) {
      throw new IllegalStateException("ChipWorker already initialized; runtime cannot be changed");
    }
  }

  /** False if the worker was closed meanwhile. */
  synchronized boolean initialized(Device opened) {
    if (state != ChipState.NEW) {
      return false;
    }
    device = opened;
    state = ChipState.INITIALIZED;
    return true;
  }

  synchronized Device initialized() {
    if (state == ChipState.FINALIZED) {
      throw new IllegalStateException("ChipWorker already finalized; make a new one");
    }
    if (device == null) {
      throw new IllegalStateException("ChipWorker not initialized; call init() first");
    }
    return device;
  }

  /** The runtime on which a device is about to be chosen. */
  synchronized Device beginSetDevice() {
    Device runtime = initialized();
    if (state != ChipState.INITIALIZED) {
      throw new IllegalStateException(
          "Device already set; call resetDevice() before switching devices");
    }
    return runtime;
  }

  /** Does nothing if the worker was closed meanwhile. */
  synchronized void deviceIsSet(int id) {
    if (state == ChipState.INITIALIZED) {
      deviceId = id;
      state = ChipState.DEVICE_SET;
    }
  }

  synchronized Device onDevice() {
    Device set = initialized();
    if (state == ChipState.INITIALIZED) {
      throw new IllegalStateException("ChipWorker device not set; call setDevice() first");
    }
    return set;
  }

  /** What gives up its device; empty if none is set. */
  synchronized Optional<Device> resetDevice() {
    if (state == ChipState.COMM || joining) {
      throw new IllegalStateException(
          "resetDevice: a comm session is active on this ChipWorker; call commDestroy() first");
    }
    if (state != ChipState.DEVICE_SET) {
      return Optional.empty();
    }
    Device set = initialized();
    deviceId = -1;
    state = ChipState.INITIALIZED;
    return Optional.of(set);
  }

  /** The device of a rank that is about to join; {@link #endJoin} must follow. */
  synchronized Device beginJoin() {
    Device set = onDevice();
    if (state == ChipState.COMM || joining) {
      throw new IllegalStateException(
          "commInit: a comm session is already active on this ChipWorker");
    }
    joining = true;
    return set;
  }

  /** The handle of the session; empty if the worker was closed meanwhile. */
  synchronized Optional<Long> joined(CommSession opened) {
    if (state != ChipState.DEVICE_SET) {
      return Optional.empty();
    }
    session = opened;
    state = ChipState.COMM;
    return Optional.of(handles.issue());
  }

  /** The device that the joining thread must end, if the worker was closed meanwhile. */
  synchronized Optional<Device> endJoin() {
    joining = false;
    Optional<Device> ending = Optional.ofNullable(left);
    left = null;
    return ending;
  }

  synchronized CommSession session(long handle, String call) {
    handles.check(handle, call);
    CommSession active = session;
    if (active == null) {
      throw new IllegalStateException(call + ": there is no comm session");
    }
    return active;
  }

  /** The session that ends; its handle is stale from here on. */
  synchronized CommSession endSession(long handle) {
    CommSession ending = session(handle, "commDestroy");
    handles.retire();
    session = null;
    state = ChipState.DEVICE_SET;
    return ending;
  }

  /**
   * What is to be ended with a worker.
   *
   * @param session its part in a communicator, if it has one
   * @param device its device, if it has one and no joining thread ends it
   * @param isSet whether a device was chosen
   */
  record Ending(Optional<CommSession> session, Optional<Device> device, boolean isSet) {}

  /** Finalizes; empty if it was before. */
  synchronized Optional<Ending> end() {
    if (state == ChipState.FINALIZED) {
      return Optional.empty();
    }
    Ending ending =
        new Ending(
            Optional.ofNullable(session),
            joining ? Optional.empty() : Optional.ofNullable(device),
            state == ChipState.DEVICE_SET || state == ChipState.COMM);
    left = joining ? device : null;
    handles.retire();
    session = null;
    device = null;
    deviceId = -1;
    state = ChipState.FINALIZED;
    return Optional.of(ending);
  }

  @Override
  public synchronized String toString() {
    return state + (deviceId < 0 ? "" : " on device " + deviceId);
  }
}
