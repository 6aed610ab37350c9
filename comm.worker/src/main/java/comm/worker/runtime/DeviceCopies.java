package comm.worker.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import comm.worker.kernel.ChipException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Copies between buffers and device memory. A buffer on the heap goes in pieces through one piece
 * of native memory, since the runtime can't reach the heap.
 */
final class DeviceCopies {

  private static final int PIECE = 1 << 20;

  private final HostCalls calls;
  private final long context;
  private final String where;

  /**
   * Copies in a device context.
   *
   * @param where library and device, for errors
   */
  DeviceCopies(HostCalls calls, long context, String where) {
    this.calls = calls;
    this.context = context;
    this.where = where;
  }

  private interface Copy {
    void bytes(Pointer host, long device, int count);
  }

  /** Copies what remains in the source; its position moves as far as was copied. */
  void to(long target, ByteBuffer source) {
    Copy copy =
        (host, device, count) ->
            check(
                "copy_to", calls.copyToDevice(context, device, host, count), count, device, source);
    if (source.isDirect()) {
      direct(source, target, copy);
      return;
    }
    pieces(
        source,
        target,
        (host, device, count) -> {
          ByteBuffer piece = source.slice(source.position(), count);
          host.getByteBuffer(0, count).put(piece);
          copy.bytes(host, device, count);
        });
  }

  /** Fills the target; its position moves as far as was copied. */
  void from(ByteBuffer target, long source) {
    Copy copy =
        (host, device, count) ->
            check(
                "copy_from",
                calls.copyFromDevice(context, host, device, count),
                count,
                device,
                target);
    if (target.isDirect()) {
      direct(target, source, copy);
      return;
    }
    pieces(
        target,
        source,
        (host, device, count) -> {
          copy.bytes(host, device, count);
          target.slice(target.position(), count).put(host.getByteBuffer(0, count));
        });
  }

  private static void direct(ByteBuffer buffer, long device, Copy copy) {
    if (buffer.hasRemaining()) {
      try {
        copy.bytes(Native.getDirectBufferPointer(buffer.slice()), device, buffer.remaining());
        buffer.position(buffer.limit());
      } finally {
        Reference.reachabilityFence(buffer);
      }
    }
  }

  private static void pieces(ByteBuffer buffer, long device, Copy copy) {
    if (!buffer.hasRemaining()) {
      return;
    }
    try (Memory scratch = new Memory(Math.min(PIECE, buffer.remaining()))) {
      long at = device;
      while (buffer.hasRemaining()) {
        int count = Math.min(PIECE, buffer.remaining());
        copy.bytes(scratch, at, count);
        buffer.position(buffer.position() + count);
        at += count;
      }
    }
  }

  private void check(String name, int code, int count, long device, ByteBuffer buffer) {
    if (code != 0) {
      throw new ChipException(
          name,
          code,
          name
              + " failed with code "
              + code
              + ": "
              + count
              + " bytes at device address 0x"
              + Long.toHexString(device)
              + (buffer.isDirect() ? "" : ", of a buffer on the heap")
              + ", "
              + where
              + ". To do: check that the range was allocated on this device and is still there");
    }
  }
}
