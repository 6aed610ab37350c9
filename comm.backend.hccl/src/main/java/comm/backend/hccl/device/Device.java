package comm.backend.hccl.device;

import com.sun.jna.Pointer;
import comm.backend.hccl.cann.Cann;
import comm.backend.hccl.cann.CannAbi;
import comm.backend.hccl.cann.CannException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The NPU of one communicator: the device, its stream, and memory of the host through which bytes
 * pass. All methods but the plain accessors are for the device's own thread.
 */
public final class Device {

  private static final System.Logger LOGGER = System.getLogger(Device.class.getName());

  /** Pinned, so that the device copies from it and to it without another copy beneath. */
  private static final int STAGING_BYTES = 1 << 20;

  /** 507000 to 507999: after one of these the device's context gives errors only. */
  private static final int RUNTIME_FAULTS = 507;

  private final Cann cann;
  private final Releases releases = new Releases();
  private final boolean ownsStream;
  private final int id;
  private long stream;
  private @Nullable ByteBuffer staging;
  private long stagingAddress;
  private boolean faulty;
  private boolean forced;

  private Device(Cann cann, int id, OptionalLong callersStream) {
    this.cann = cann;
    this.id = id;
    this.ownsStream = callersStream.isEmpty();
    this.stream = callersStream.orElse(0);
  }

  /**
   * Binds this thread to a device. Unless it returns nothing is held.
   *
   * @param choice which device, once their number is known
   * @param callersStream a stream to use and leave alone; without it the device has one of its own
   */
  public static Device open(Cann cann, DeviceChoice choice, OptionalLong callersStream)
      throws CannException {
    AclProcess.enter(cann);
    @Nullable Device opened = null;
    try {
      Device device = new Device(cann, choice.of(cann.acl().deviceCount()), callersStream);
      device.bind();
      opened = device;
      return device;
    } finally {
      if (opened == null) {
        AclProcess.leave();
      }
    }
  }

  /** Chooses a device out of so many. */
  @FunctionalInterface
  public interface DeviceChoice {
    int of(int count) throws CannException;
  }

  private void bind() throws CannException {
    boolean done = false;
    try {
      cann.acl().setDevice(id);
      releases.push(this::reset);
      if (ownsStream) {
        stream = cann.acl().createStream();
      }
      done = true;
    } finally {
      if (!done) {
        releases.run();
      }
    }
  }

  private void reset() throws CannException {
    // A device that had a fault keeps giving errors until it is reset by force. That takes away
    // what others of this process have on it, so it is not done where the caller has a stream.
    if (isLost()) {
      cann.acl().resetDeviceForce(id);
      forced = true;
    } else {
      cann.acl().resetDevice(id);
    }
  }

  /** The libraries. */
  public Cann cann() {
    return cann;
  }

  /** The device's logical number. */
  public int id() {
    return id;
  }

  /** The stream: the caller's, or the device's own. */
  public long stream() {
    return stream;
  }

  /** Faults of the runtime, but for a synchronisation that merely took longer than was allowed. */
  private static boolean isFault(int code) {
    return code / 1000 == RUNTIME_FAULTS && code != CannAbi.ACL_ERROR_RT_STREAM_SYNC_TIMEOUT;
  }

  /** Notes a failure: some mean that the device is of no use any more. */
  public void note(CannException failure) {
    faulty |= isFault(failure.code());
  }

  /**
   * Whether the device gives errors only, and will be reset by force: what can't be freed any more
   * is freed then.
   */
  public boolean isLost() {
    return faulty && ownsStream;
  }

  /** Whether closing it took everything that this process had on it. */
  public boolean wasResetByForce() {
    return forced;
  }

  /** What must be given back before the device is. */
  public Releases releases() {
    return releases;
  }

  /** Copies device memory to the host, to the target's limit. */
  public void copyOut(long address, ByteBuffer target) throws CannException {
    ByteBuffer host = staging();
    long from = address;
    while (target.hasRemaining()) {
      int length = Math.min(target.remaining(), STAGING_BYTES);
      cann.acl().memcpy(stagingAddress, length, from, length, CannAbi.ACL_MEMCPY_DEVICE_TO_HOST);
      target.put(host.slice(0, length));
      from += length;
    }
  }

  /** Copies from the host to device memory, up to the source's limit. */
  public void copyIn(long address, ByteBuffer source) throws CannException {
    ByteBuffer host = staging();
    long to = address;
    while (source.hasRemaining()) {
      int length = Math.min(source.remaining(), STAGING_BYTES);
      host.put(0, source, source.position(), length);
      cann.acl().memcpy(to, length, stagingAddress, length, CannAbi.ACL_MEMCPY_HOST_TO_DEVICE);
      source.position(source.position() + length);
      to += length;
    }
  }

  /** Bytes that are left on the device; 0 if it can't be asked. */
  public long freeMemory() {
    try {
      return cann.acl().memInfo(CannAbi.ACL_HBM_MEM)[0];
    } catch (CannException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "can't ask how much memory is left", e);
      return 0;
    }
  }

  /** Some bytes of device memory. */
  public byte[] read(long address, int length) throws CannException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    copyOut(address, bytes);
    return bytes.array();
  }

  /** Reads a word as signals use it. */
  public long readLong(long address) throws CannException {
    ByteBuffer host = staging();
    cann.acl()
        .memcpy(stagingAddress, Long.BYTES, address, Long.BYTES, CannAbi.ACL_MEMCPY_DEVICE_TO_HOST);
    return host.getLong(0);
  }

  /** Fills device memory with zeros, and waits until it is. */
  public void zero(long address, long length) throws CannException {
    cann.acl().memset(address, length, 0, length);
  }

  private ByteBuffer staging() throws CannException {
    ByteBuffer known = staging;
    if (known != null) {
      return known;
    }
    long address = cann.acl().mallocHost(STAGING_BYTES);
    // Must be free before the device is reset, or the reset may hang.
    releases.push(() -> cann.acl().freeHost(address));
    stagingAddress = address;
    ByteBuffer buffer =
        new Pointer(address).getByteBuffer(0, STAGING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    staging = buffer;
    return buffer;
  }

  /** Destroys the stream if it is the device's own; by force if work on it will never end. */
  public void destroyStream(boolean byForce) throws CannException {
    if (!ownsStream || stream == 0) {
      return;
    }
    long own = stream;
    stream = 0;
    if (byForce) {
      cann.acl().destroyStreamForce(own);
    } else {
      cann.acl().destroyStream(own);
    }
  }

  /** Gives the device back. What could not be freed before is gone if the reset was forced. */
  public void close() throws CannException {
    try {
      releases.run();
    } catch (CannException e) {
      if (!forced) {
        throw e;
      }
    } finally {
      staging = null;
      AclProcess.leave();
    }
  }
}
