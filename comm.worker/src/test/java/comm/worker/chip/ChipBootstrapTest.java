package comm.worker.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.BackendUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bootstrap refuses before it touches the chip, and what it says when it fails. */
class ChipBootstrapTest {

  private static final ChipCommBootstrapConfig COMM =
      new ChipCommBootstrapConfig(0, 1, Optional.of(Path.of("/nonexistent/ranks.rootinfo")), 4096);
  private static final ChipBufferSpec INPUT =
      ChipBufferSpec.of("input", DataType.INT8, 64).loadedFromHost();
  private static final ChipBufferSpec OUTPUT =
      ChipBufferSpec.of("output", DataType.INT8, 64).storedToHost();

  private final ChipWorker chip = new ChipWorker(config -> config.withBackend("sim"));
  private final ChipBootstrapChannel channel =
      new ChipBootstrapChannel(ByteBuffer.allocateDirect(4096), 376);
  private final List<String> steps = new ArrayList<>();

  @BeforeEach
  void init() {
    chip.init();
  }

  @AfterEach
  void close() {
    chip.close();
  }

  private ChipBootstrap bootstrap(ChipBootstrapConfig config) {
    return new ChipBootstrap(chip, config, steps::add);
  }

  /** Refuses a configuration before any step, and says so in the channel. */
  private void refuses(ChipBootstrapConfig config, String part) {
    channel.reset();
    try (ChipBootstrap bootstrap = bootstrap(config)) {
      IllegalArgumentException error =
          assertThrowsExactly(
              IllegalArgumentException.class, () -> bootstrap.start(0, Optional.of(channel)));

      String message = String.valueOf(error.getMessage());
      assertTrue(message.contains(part), message);
      assertEquals(ChipBootstrapChannel.State.ERROR, channel.state());
      assertEquals(1, channel.errorCode());
      assertEquals("IllegalArgumentException: " + message, channel.errorMessage());
      assertEquals(List.of(), steps);
      assertEquals(ChipState.INITIALIZED, chip.state());
    }
  }

  @Test
  void a_chip_alone_gets_a_device_and_nothing_else() {
    ChipBootstrapResult nothing = new ChipBootstrapResult(0, 0, 0, List.of());
    try (ChipBootstrap bootstrap = bootstrap(ChipBootstrapConfig.ALONE)) {
      assertEquals(nothing, bootstrap.start(7, Optional.of(channel)));
      bootstrap.storeOutputs();
    }

    assertEquals(7, chip.deviceId());
    assertEquals(List.of("set_device"), steps);
    assertEquals(ChipBootstrapChannel.State.SUCCESS, channel.state());
    assertEquals(nothing, channel.result());
  }

  @Test
  void buffers_need_a_communicator() {
    refuses(
        new ChipBootstrapConfig(
            Optional.empty(),
            List.of(ChipBufferSpec.of("x", DataType.FLOAT32, 1)),
            List.of(),
            List.of()),
        "no communicator");
  }

  @Test
  void buffers_lie_in_the_window() {
    refuses(
        ChipBootstrapConfig.of(
            COMM, new ChipBufferSpec("x", DataType.FLOAT32, 1, 8, "heap", false, false)),
        "placement must be \"window\", but is \"heap\"");
  }

  @Test
  void what_is_staged_must_be_named(@TempDir Path directory) {
    HostBufferStaging other = new HostBufferStaging("other", directory.resolve("other"), 64);

    refuses(ChipBootstrapConfig.of(COMM, INPUT), "no host input \"input\"");
    refuses(ChipBootstrapConfig.of(COMM, OUTPUT), "no host output \"output\"");
    refuses(ChipBootstrapConfig.of(COMM, INPUT).withHostInputs(other), "[other]");
    refuses(ChipBootstrapConfig.of(COMM, OUTPUT).withHostOutputs(other), "[other]");
    refuses(ChipBootstrapConfig.of(COMM, INPUT).withHostOutputs(other), "no host input");
  }

  @Test
  void what_is_staged_must_have_the_size_of_the_buffer(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("staged"), new byte[63]);

    refuses(
        ChipBootstrapConfig.of(COMM, INPUT)
            .withHostInputs(new HostBufferStaging("input", file, 63)),
        "load_from_host=input: the staged buffer has 63 bytes, but the chip's has 64");
    refuses(
        ChipBootstrapConfig.of(COMM, OUTPUT)
            .withHostOutputs(new HostBufferStaging("output", file, 63)),
        "store_to_host=output");
    refuses(
        ChipBootstrapConfig.of(COMM, INPUT)
            .withHostInputs(new HostBufferStaging("input", file, 64)),
        "has 63 bytes, not 64");
    refuses(
        ChipBootstrapConfig.of(COMM, OUTPUT)
            .withHostOutputs(new HostBufferStaging("output", file, 64)),
        "has 63 bytes, not 64");
  }

  @Test
  void what_is_staged_must_exist(@TempDir Path directory) {
    Path file = directory.resolve("missing");

    refuses(
        ChipBootstrapConfig.of(COMM, INPUT)
            .withHostInputs(new HostBufferStaging("input", file, 64)),
        "load_from_host=input: there is no file " + file);
    refuses(
        ChipBootstrapConfig.of(COMM, OUTPUT)
            .withHostOutputs(new HostBufferStaging("output", file, 64)),
        "store_to_host=output: there is no file " + file);
  }

  @Test
  void a_communicator_that_can_not_be_joined_is_said_in_the_channel() {
    try (ChipBootstrap bootstrap = bootstrap(ChipBootstrapConfig.of(COMM))) {
      BackendUnavailableException error =
          assertThrowsExactly(
              BackendUnavailableException.class, () -> bootstrap.start(3, Optional.of(channel)));

      assertEquals(List.of("set_device", "comm_init"), steps);
      assertEquals(ChipState.DEVICE_SET, chip.state());
      assertTrue(
          ("BackendUnavailableException: " + error.getMessage()).startsWith(channel.errorMessage()),
          channel.errorMessage());
    }
  }

  @Test
  void a_communicator_without_root_info_is_refused() {
    ChipCommBootstrapConfig nowhere = new ChipCommBootstrapConfig(0, 1, Optional.empty(), 4096);
    try (ChipBootstrap bootstrap = bootstrap(ChipBootstrapConfig.of(nowhere))) {
      assertThrowsExactly(
          IllegalArgumentException.class, () -> bootstrap.start(0, Optional.of(channel)));
    }
    assertEquals(ChipBootstrapChannel.State.ERROR, channel.state());
  }

  @Test
  void a_worker_that_is_not_initialised_or_has_a_device_is_refused() {
    try (ChipWorker fresh = new ChipWorker();
        ChipBootstrap bootstrap = new ChipBootstrap(fresh, ChipBootstrapConfig.ALONE)) {
      assertThrowsExactly(
          IllegalStateException.class, () -> bootstrap.start(0, Optional.of(channel)));
      assertTrue(
          channel.errorMessage().startsWith("IllegalStateException: ChipWorker not initialized"),
          channel.errorMessage());
    }
    chip.setDevice(0);
    channel.reset();
    try (ChipBootstrap bootstrap = bootstrap(ChipBootstrapConfig.ALONE)) {
      assertThrowsExactly(
          IllegalStateException.class, () -> bootstrap.start(0, Optional.of(channel)));
    }
    assertEquals(ChipBootstrapChannel.State.ERROR, channel.state());
    assertEquals(ChipState.DEVICE_SET, chip.state());
  }

  @Test
  void a_negative_device_is_said_in_the_channel() {
    try (ChipBootstrap bootstrap = bootstrap(ChipBootstrapConfig.ALONE)) {
      assertThrowsExactly(
          IllegalArgumentException.class, () -> bootstrap.start(-1, Optional.of(channel)));
    }
    assertEquals(1, channel.errorCode());
  }

  @Test
  void an_error_of_whoever_is_told_the_steps_is_an_error_of_the_bootstrap() {
    AssertionError error = new AssertionError("step");
    try (ChipBootstrap bootstrap =
        new ChipBootstrap(
            chip,
            ChipBootstrapConfig.ALONE,
            step -> {
              throw error;
            })) {
      assertSame(
          error,
          assertThrows(AssertionError.class, () -> bootstrap.start(0, Optional.of(channel))));
    }
    assertEquals("AssertionError: step", channel.errorMessage());
  }

  @Test
  void a_bootstrap_is_closed_before_its_start_and_twice() {
    ChipBootstrap bootstrap = bootstrap(ChipBootstrapConfig.ALONE);
    bootstrap.close();
    bootstrap.close();
    assertEquals(ChipState.INITIALIZED, chip.state());
  }
}
