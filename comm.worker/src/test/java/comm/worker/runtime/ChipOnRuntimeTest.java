package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.NativeCallException;
import comm.worker.chip.ChipState;
import comm.worker.chip.ChipWorker;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chip worker on runtimes that lack something: only the call that needs it fails. */
class ChipOnRuntimeTest {

  @TempDir private Path directory;

  private static ChipWorker worker(String variant) {
    ChipWorker chip = new ChipWorker();
    chip.init(NativeRuntime.named(variant));
    chip.setDevice(0);
    return chip;
  }

  private static void assertCopies(ChipWorker chip, long address) {
    ByteBuffer back = ByteBuffer.allocate(3);
    chip.copyTo(address, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    chip.copyFrom(back, address);
    assertArrayEquals(new byte[] {1, 2, 3}, back.array());
  }

  @Test
  void without_communicators_it_has_a_device_and_memory_and_only_joining_fails() {
    try (ChipWorker chip = worker("no_comm")) {
      assertCopies(chip, chip.malloc(8));

      NativeCallException thrown =
          assertThrows(
              NativeCallException.class, () -> chip.commInit(0, 1, directory.resolve("root")));

      assertLacks(thrown, "comm_init");
      assertEquals(ChipState.DEVICE_SET, chip.state());
      assertCopies(chip, chip.malloc(8));
    }
  }

  @Test
  void without_a_barrier_it_joins_and_has_windows_and_only_the_barrier_fails() {
    try (ChipWorker chip = worker("no_barrier")) {
      long handle = chip.commInit(0, 1, directory.resolve("root"));
      chip.commAllocWindows(handle, 4096);
      assertEquals(4096, chip.commGetWindowSize(handle));
      assertCopies(chip, chip.commGetLocalWindowBase(handle));

      assertLacks(
          assertThrows(NativeCallException.class, () -> chip.commBarrier(handle)), "comm_barrier");

      chip.commDestroy(handle);
      assertEquals(ChipState.DEVICE_SET, chip.state());
    }
  }

  private static void assertLacks(NativeCallException thrown, String symbol) {
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.contains("dlsym failed for '" + symbol + "'"), message);
    assertTrue(message.contains("libhost_runtime.so"), message);
    assertTrue(message.contains("group \"comm\""), message);
  }
}
