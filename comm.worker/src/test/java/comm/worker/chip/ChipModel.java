package comm.worker.chip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.BackendUnavailableException;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.KernelContext;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.function.Executable;

/**
 * A chip worker in this JVM, and beside it what its state and its memory must be. Each call is made
 * on both and compared.
 */
final class ChipModel implements AutoCloseable {

  static final long MOST_BYTES = 1L << 30;

  private static final Path ROOT_INFO = Path.of("/nonexistent/ranks.rootinfo");
  private static final String SUM = "sum";

  private final ChipWorker chip = new ChipWorker(config -> config.withBackend("sim"));
  private final Map<Long, byte[]> live = new LinkedHashMap<>();
  private final List<Long> freed = new ArrayList<>();
  private ChipState state = ChipState.NEW;
  private int deviceId = -1;
  private long lastSum;

  void assertSame() {
    assertEquals(state, chip.state());
    assertEquals(deviceId, chip.deviceId());
    assertTrue(chip.toString().contains(state.toString()), chip::toString);
  }

  private static void refused(
      Class<? extends RuntimeException> type, String part, Executable call) {
    String message = String.valueOf(assertThrowsExactly(type, call).getMessage());
    assertTrue(message.contains(part), message);
  }

  private Optional<String> lackOfDevice() {
    return switch (state) {
      case NEW -> Optional.of("ChipWorker not initialized; call init() first");
      case INITIALIZED -> Optional.of("ChipWorker device not set; call setDevice() first");
      case DEVICE_SET, COMM -> Optional.empty();
      case FINALIZED -> Optional.of("ChipWorker already finalized");
    };
  }

  /** Whether there is a device; if not, the call has been seen to say so. */
  private boolean hasDevice(Executable call) {
    Optional<String> lack = lackOfDevice();
    lack.ifPresent(text -> refused(IllegalStateException.class, text, call));
    return lack.isEmpty();
  }

  void init() {
    if (state == ChipState.NEW) {
      chip.init();
      chip.register(SUM, this::sum);
      state = ChipState.INITIALIZED;
    } else {
      refused(
          IllegalStateException.class,
          state == ChipState.FINALIZED
              ? "ChipWorker already finalized; cannot reinitialize"
              : "ChipWorker already initialized; runtime cannot be changed",
          chip::init);
    }
  }

  private void sum(KernelContext context) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(context.scalar(1)));
    context.memory().get(context.scalar(0), bytes);
    lastSum = sum(bytes.array());
  }

  private static long sum(byte[] bytes) {
    long sum = 0;
    for (byte value : bytes) {
      sum += value;
    }
    return sum;
  }

  void setDevice(int id) {
    if (id < 0) {
      refused(
          IllegalArgumentException.class,
          "device id must be at least 0, but is " + id,
          () -> chip.setDevice(id));
    } else if (state == ChipState.INITIALIZED) {
      chip.setDevice(id);
      deviceId = id;
      state = ChipState.DEVICE_SET;
    } else if (hasDevice(() -> chip.setDevice(id))) {
      refused(
          IllegalStateException.class,
          "Device already set; call resetDevice() before switching devices",
          () -> chip.setDevice(id));
    }
  }

  void resetDevice() {
    chip.resetDevice();
    if (state == ChipState.DEVICE_SET) {
      state = ChipState.INITIALIZED;
      deviceId = -1;
      freed.addAll(live.keySet());
      live.clear();
    }
  }

  void malloc(long bytes) {
    if (bytes < 1) {
      refused(IllegalArgumentException.class, "at least 1 byte", () -> chip.malloc(bytes));
    } else if (hasDevice(() -> chip.malloc(bytes))) {
      if (bytes > MOST_BYTES) {
        refused(ChipException.class, "malloc failed", () -> chip.malloc(bytes));
        return;
      }
      long address = chip.malloc(bytes);
      assertNotEquals(0, address);
      assertFalse(live.containsKey(address) || freed.contains(address), "used twice");
      live.put(address, new byte[Math.toIntExact(bytes)]);
    }
  }

  /** A live address if there is one. */
  private Optional<Long> pick(int index) {
    List<Long> addresses = List.copyOf(live.keySet());
    return addresses.isEmpty()
        ? Optional.empty()
        : Optional.of(addresses.get(index % addresses.size()));
  }

  void free(int index) {
    pick(index)
        .ifPresent(
            address -> {
              chip.free(address);
              live.remove(address);
              freed.add(address);
            });
  }

  void freeAgain() {
    for (long address : freed) {
      freeForeign(address);
    }
  }

  /** Frees what is not allocated here, or the inside of what is. */
  void freeForeign(long address) {
    if (live.containsKey(address) || !hasDevice(() -> chip.free(address))) {
      return;
    }
    if (address == 0) {
      chip.free(0);
    } else {
      refused(IllegalArgumentException.class, "not allocated", () -> chip.free(address));
    }
  }

  /** Where bytes are, unless they are not all in one block: an offset may lead into another one. */
  private Optional<ByteBuffer> find(long address, int length) {
    for (Map.Entry<Long, byte[]> block : live.entrySet()) {
      long offset = address - block.getKey();
      int size = block.getValue().length;
      if (offset >= 0 && offset < size && length <= size - offset) {
        return Optional.of(ByteBuffer.wrap(block.getValue()).slice((int) offset, length));
      }
    }
    return Optional.empty();
  }

  void copyTo(int index, int offset, byte[] bytes) {
    long address = pick(index).orElse(1L) + offset;
    ByteBuffer source = ByteBuffer.wrap(bytes);
    if (!hasDevice(() -> chip.copyTo(address, source))) {
      return;
    }
    Optional<ByteBuffer> part = find(address, bytes.length);
    if (part.isPresent()) {
      chip.copyTo(address, source);
      assertEquals(0, source.remaining());
      part.get().put(bytes);
    } else {
      refused(IllegalArgumentException.class, "address 0x", () -> chip.copyTo(address, source));
      assertEquals(0, source.position());
    }
  }

  void copyFrom(int index, int offset, int length) {
    long address = pick(index).orElse(1L) + offset;
    ByteBuffer target = ByteBuffer.allocateDirect(length);
    if (!hasDevice(() -> chip.copyFrom(target, address))) {
      return;
    }
    Optional<ByteBuffer> part = find(address, length);
    if (part.isPresent()) {
      chip.copyFrom(target, address);
      assertEquals(0, target.remaining());
      byte[] expected = new byte[length];
      part.get().get(expected);
      byte[] found = new byte[length];
      target.get(0, found);
      assertArrayEquals(expected, found);
    } else {
      refused(IllegalArgumentException.class, "address 0x", () -> chip.copyFrom(target, address));
      assertEquals(0, target.position());
    }
  }

  /** Copies to and from memory that has been given back. */
  void useFreed() {
    for (long address : freed) {
      ByteBuffer bytes = ByteBuffer.allocate(1);
      if (hasDevice(() -> chip.copyTo(address, bytes))) {
        refused(IllegalArgumentException.class, "freed", () -> chip.copyTo(address, bytes));
        refused(IllegalArgumentException.class, "freed", () -> chip.copyFrom(bytes, address));
      }
    }
  }

  private byte[] bytesOf(int index) {
    byte[] bytes = live.get(pick(index).orElseThrow());
    if (bytes == null) {
      throw new AssertionError("no block " + index);
    }
    return bytes;
  }

  void run(int index) {
    long address = pick(index).orElse(1L);
    int length = live.isEmpty() ? 1 : bytesOf(index).length;
    Executable call =
        () -> chip.run(ChipCallable.named(SUM), TaskArgs.of(address, length), RunConfig.DEFAULT);
    if (hasDevice(call)) {
      if (live.isEmpty()) {
        refused(IllegalArgumentException.class, "nothing at address", call);
      } else {
        chip.run(ChipCallable.named(SUM), TaskArgs.of(address, length), RunConfig.DEFAULT);
        assertEquals(sum(bytesOf(index)), lastSum);
      }
    }
  }

  void runUnknown() {
    Executable call =
        () -> chip.run(ChipCallable.named("unknown"), TaskArgs.none(), RunConfig.DEFAULT);
    if (hasDevice(call)) {
      refused(IllegalArgumentException.class, "no kernel \"unknown\"", call);
    }
  }

  void commInit(int rank, int nranks) {
    Executable call = () -> chip.commInit(rank, nranks, ROOT_INFO);
    if (nranks < 1 || nranks > 64 || rank < 0 || rank >= nranks) {
      assertThrowsExactly(IllegalArgumentException.class, call);
    } else if (hasDevice(call)) {
      refused(BackendUnavailableException.class, "sim", call);
    }
  }

  /** No handle was ever issued here, so each one is wrong in every state. */
  void useHandle(long handle) {
    refused(IllegalArgumentException.class, "comm handle", () -> chip.commAllocWindows(handle, 64));
    refused(
        IllegalArgumentException.class, "comm handle", () -> chip.commGetLocalWindowBase(handle));
    refused(IllegalArgumentException.class, "comm handle", () -> chip.commGetWindowSize(handle));
    refused(IllegalArgumentException.class, "comm handle", () -> chip.commBarrier(handle));
    refused(IllegalArgumentException.class, "comm handle", () -> chip.commDestroy(handle));
  }

  @Override
  public void close() {
    chip.close();
    state = ChipState.FINALIZED;
    deviceId = -1;
    freed.addAll(live.keySet());
    live.clear();
  }
}
