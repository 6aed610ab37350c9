package comm.backend.hccl.cann;

/** Reads device memory. */
@FunctionalInterface
public interface DeviceReader {

  /** Copies bytes from a device address. */
  byte[] read(long address, int length) throws CannException;
}
