package comm.worker.chip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.api.BackendUnavailableException;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.HostRuntime;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A chip in this JVM: order of calls, memory, and what is missing without a backend. */
@Timeout(60)
class ChipWorkerTest {

  private static final Path ROOT_INFO = Path.of("/nonexistent/ranks.rootinfo");

  private final ChipWorker chip = new ChipWorker();

  @AfterEach
  void close() {
    chip.close();
  }

  private static String message(Class<? extends Throwable> type, Executable call) {
    return String.valueOf(assertThrowsExactly(type, call).getMessage());
  }

  private static void says(Class<? extends Throwable> type, String part, Executable call) {
    String message = message(type, call);
    assertTrue(message.contains(part), message);
  }

  private void bringUp() {
    chip.init();
    chip.setDevice(0);
  }

  private byte[] read(ChipWorker from, long address, int length) {
    ByteBuffer target = ByteBuffer.allocate(length);
    from.copyFrom(target, address);
    return target.array();
  }

  @Test
  void runs_have_the_defaults_of_the_ported_system() {
    assertEquals(24, RunConfig.DEFAULT.blockDim());
    assertEquals(3, RunConfig.DEFAULT.aicpuThreads());
    assertEquals(false, RunConfig.DEFAULT.profiling());
    assertEquals(false, RunConfig.DEFAULT.dumpTensors());
    says(IllegalArgumentException.class, "at least 1", () -> new RunConfig(0, 3, false, false));
    says(IllegalArgumentException.class, "at least 1", () -> new RunConfig(24, 0, false, false));
  }

  @Test
  void a_new_worker_has_no_device() {
    assertEquals(ChipState.NEW, chip.state());
    assertEquals(-1, chip.deviceId());
    assertEquals("ChipWorker NEW", chip.toString());
  }

  @Test
  void nothing_runs_before_a_device_is_set() {
    says(IllegalStateException.class, "not initialized", () -> chip.setDevice(0));
    says(IllegalStateException.class, "not initialized", () -> chip.register("k", context -> {}));

    chip.init();

    says(
        IllegalStateException.class,
        "device not set",
        () -> chip.run(ChipCallable.named("any"), TaskArgs.none(), RunConfig.DEFAULT));
    says(IllegalStateException.class, "device not set", () -> chip.commInit(0, 1, ROOT_INFO));
    assertEquals(ChipState.INITIALIZED, chip.state());
  }

  @Test
  void a_device_is_reset_twice_and_before_there_is_one() {
    chip.resetDevice();
    chip.init();
    chip.resetDevice();
    chip.setDevice(5);
    assertEquals("ChipWorker DEVICE_SET on device 5", chip.toString());
    says(IllegalStateException.class, "Device already set", () -> chip.setDevice(6));
    assertEquals(5, chip.deviceId());

    chip.resetDevice();
    chip.resetDevice();

    assertEquals(ChipState.INITIALIZED, chip.state());
    assertEquals(-1, chip.deviceId());
    chip.setDevice(6);
    assertEquals(6, chip.deviceId());
  }

  @Test
  void a_worker_is_closed_twice_and_in_every_state() {
    new ChipWorker().close();
    bringUp();

    chip.close();
    chip.close();

    assertEquals(ChipState.FINALIZED, chip.state());
    assertEquals(-1, chip.deviceId());
    chip.resetDevice();
    assertEquals(ChipState.FINALIZED, chip.state());
  }

  @Test
  void what_was_closed_is_not_initialised_again() {
    chip.init();
    says(IllegalStateException.class, "already initialized", chip::init);
    chip.close();

    says(IllegalStateException.class, "finalized", chip::init);
    says(IllegalStateException.class, "finalized", () -> chip.setDevice(0));
    says(
        IllegalStateException.class,
        "finalized",
        () -> chip.init(HostRuntime.of(Path.of("/nonexistent/libhost_runtime.so"))));
  }

  @Test
  void a_library_that_does_not_exist_leaves_the_worker_new() {
    Path library = Path.of("/nonexistent/libhost_runtime.so");

    ChipException error =
        assertThrows(ChipException.class, () -> chip.init(HostRuntime.of(library)));

    assertEquals("dlopen", error.function());
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("dlopen failed"), message);
    assertTrue(message.contains(library.toString()), message);
    assertEquals(ChipState.NEW, chip.state());
    chip.init();
    assertEquals(ChipState.INITIALIZED, chip.state());
  }

  @Test
  void a_context_library_that_does_not_exist_is_named() {
    Path context = Path.of("/nonexistent/libcpu_sim_context.so");
    HostRuntime runtime =
        HostRuntime.of(Path.of("/nonexistent/libhost_runtime.so")).withSimContext(context);

    String message = message(ChipException.class, () -> chip.init(runtime));

    assertTrue(message.contains("dlopen sim_context failed"), message);
    assertTrue(message.contains(context.toString()), message);
    assertEquals(ChipState.NEW, chip.state());
  }

  @Test
  void a_negative_device_is_refused_in_every_state() {
    says(IllegalArgumentException.class, "-1", () -> chip.setDevice(-1));
    chip.init();
    says(IllegalArgumentException.class, "-1", () -> chip.setDevice(-1));
    assertEquals(ChipState.INITIALIZED, chip.state());
  }

  @Test
  void without_a_backend_only_joining_fails_and_says_what_is_missing() {
    assumeTrue(System.getenv(HostRuntime.LIBRARY_VARIABLE) == null, "a host runtime is named");
    bringUp();
    long address = chip.malloc(8);
    chip.copyTo(address, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    chip.register(
        "negate",
        context -> context.memory().putLong(context.scalar(0), -context.memory().getLong(address)));

    String message =
        message(BackendUnavailableException.class, () -> chip.commInit(0, 2, ROOT_INFO));

    assertTrue(message.contains("runtime (not usable: no host runtime is named"), message);
    assertEquals(ChipState.DEVICE_SET, chip.state());
    chip.run(ChipCallable.named("negate"), TaskArgs.of(address), RunConfig.DEFAULT);
    assertEquals(
        -0x0807060504030201L,
        ByteBuffer.wrap(read(chip, address, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong());
    // Joining that failed is no session that is active.
    chip.resetDevice();
    assertEquals(ChipState.INITIALIZED, chip.state());
  }

  @Test
  void a_backend_that_is_not_there_is_named() {
    try (ChipWorker named = new ChipWorker(config -> config.withBackend("sim"))) {
      named.init();
      named.setDevice(0);

      says(BackendUnavailableException.class, "\"sim\"", () -> named.commInit(0, 1, ROOT_INFO));
      says(
          BackendUnavailableException.class,
          "\"sim\"",
          () -> named.commInit(0, 1, 0x1234, ROOT_INFO));
      assertEquals(ChipState.DEVICE_SET, named.state());
    }
  }

  @Test
  void settings_that_throw_leave_no_session() {
    try (ChipWorker broken =
        new ChipWorker(
            config -> {
              throw new UnsupportedOperationException("no settings");
            })) {
      broken.init();
      broken.setDevice(0);

      says(
          UnsupportedOperationException.class,
          "no settings",
          () -> broken.commInit(0, 1, ROOT_INFO));

      broken.resetDevice();
      assertEquals(ChipState.INITIALIZED, broken.state());
    }
  }

  @Test
  void memory_of_two_workers_is_not_shared() {
    bringUp();
    try (ChipWorker other = new ChipWorker()) {
      other.init();
      other.setDevice(0);
      long mine = chip.malloc(4);
      long theirs = other.malloc(4);
      chip.copyTo(mine, ByteBuffer.wrap(new byte[] {1, 1, 1, 1}));
      other.copyTo(theirs, ByteBuffer.wrap(new byte[] {2, 2, 2, 2}));
      long onlyMine = chip.malloc(4);

      assertArrayEquals(new byte[] {1, 1, 1, 1}, read(chip, mine, 4));
      assertArrayEquals(new byte[] {2, 2, 2, 2}, read(other, theirs, 4));
      assertThrowsExactly(IllegalArgumentException.class, () -> other.free(onlyMine));
      chip.free(mine);
      assertArrayEquals(new byte[] {2, 2, 2, 2}, read(other, theirs, 4));
    }
  }

  @Test
  void copies_stop_at_the_end_of_an_allocation() {
    bringUp();
    long first = chip.malloc(512);
    long second = chip.malloc(512);
    chip.copyTo(second, ByteBuffer.wrap(new byte[] {7}));

    says(
        IllegalArgumentException.class,
        "past the end",
        () -> chip.copyTo(first, ByteBuffer.allocate(513)));
    says(
        IllegalArgumentException.class,
        "past the end",
        () -> chip.copyFrom(ByteBuffer.allocate(2), first + 511));
    says(
        IllegalArgumentException.class,
        "nothing at address",
        () -> chip.copyFrom(ByteBuffer.allocate(1), first + 512));
    says(
        IllegalArgumentException.class,
        "nothing at address",
        () -> chip.copyTo(first - 1, ByteBuffer.allocate(1)));

    assertNotEquals(first, second);
    assertArrayEquals(new byte[512], read(chip, first, 512));
    assertArrayEquals(new byte[] {7}, read(chip, second, 1));
  }

  @Test
  void buffers_of_every_kind_are_copied_between_position_and_limit() {
    bringUp();
    long address = chip.malloc(16);
    ByteBuffer source =
        ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}).position(1).limit(4).asReadOnlyBuffer();
    chip.copyTo(address + 5, source);
    assertEquals(4, source.position());

    ByteBuffer target = ByteBuffer.allocateDirect(8).position(2).limit(5);
    chip.copyFrom(target, address + 5);

    assertEquals(5, target.position());
    byte[] found = new byte[8];
    target.get(0, found, 0, 5);
    assertArrayEquals(new byte[] {0, 0, 1, 2, 3, 0, 0, 0}, found);
  }

  @Test
  void memory_ends_with_the_device() {
    bringUp();
    long address = chip.malloc(64);
    chip.resetDevice();
    chip.setDevice(0);

    says(
        IllegalArgumentException.class,
        "freed",
        () -> chip.copyFrom(ByteBuffer.allocate(1), address));
    assertThrowsExactly(IllegalArgumentException.class, () -> chip.free(address));
    assertNotEquals(address, chip.malloc(64));
  }
}
