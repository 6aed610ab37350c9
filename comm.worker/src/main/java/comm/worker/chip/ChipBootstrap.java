package comm.worker.chip;

import static java.util.Objects.requireNonNull;

import comm.worker.kernel.ChipException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings a chip up as a configuration says: device, communicator, window, buffers, inputs. And
 * takes it down again.
 *
 * <pre>{@code
 * ChipBootstrap chip = new ChipBootstrap(worker, config);
 * ChipBootstrapResult result = chip.start(0, Optional.empty());
 * ...
 * chip.storeOutputs();
 * chip.close();
 * }</pre>
 *
 * <p>For one thread.
 */
public final class ChipBootstrap implements AutoCloseable {

  /** The error code of everything that fails at bootstrap and in a task. */
  static final int FAILED = 1;

  private static final int CHUNK = 1 << 20;

  private final ChipWorker chip;
  private final ChipBootstrapConfig config;
  private final Consumer<String> steps;
  private long handle;
  private List<Long> addresses = List.of();

  /**
   * A bootstrap.
   *
   * @param chip an initialised worker without a device
   * @param config how to bring it up
   */
  public ChipBootstrap(ChipWorker chip, ChipBootstrapConfig config) {
    this(chip, config, step -> {});
  }

  /**
   * A bootstrap that says what it does.
   *
   * @param chip an initialised worker without a device
   * @param config how to bring it up
   * @param steps told the name of each step before it begins
   */
  public ChipBootstrap(ChipWorker chip, ChipBootstrapConfig config, Consumer<String> steps) {
    this.chip = requireNonNull(chip, "chip");
    this.config = requireNonNull(config, "config");
    this.steps = requireNonNull(steps, "steps");
  }

  /**
   * Brings the chip up. Collective where there is a communicator. When it throws, the communicator
   * has been left again, and the device is still set.
   *
   * @param deviceId the device
   * @param channel told how it ended, if there is one
   * @return what the chip has
   * @throws IllegalArgumentException if the configuration can't be: a placement that there isn't,
   *     buffers without a communicator or that overflow the window, an input or output that is
   *     missing or of another size
   * @throws IllegalStateException if the worker isn't initialised or has a device
   * @throws ChipException if the chip fails
   * @throws comm.api.CommException if joining the communicator fails
   */
  public ChipBootstrapResult start(int deviceId, Optional<ChipBootstrapChannel> channel) {
    try {
      checkConfig();
      ChipBootstrapResult result = bringUp(deviceId);
      channel.ifPresent(open -> open.writeSuccess(result));
      return result;
    } catch (RuntimeException | Error e) {
      try {
        close();
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      channel.ifPresent(
          open -> open.writeError(FAILED, e.getClass().getSimpleName() + ": " + e.getMessage()));
      throw e;
    }
  }

  private ChipBootstrapResult bringUp(int deviceId) {
    steps.accept("set_device");
    chip.setDevice(deviceId);
    if (config.comm().isEmpty()) {
      return new ChipBootstrapResult(0, 0, 0, List.of());
    }
    ChipCommBootstrapConfig comm = config.comm().get();
    Path rootInfo =
        comm.rootInfo()
            .orElseThrow(() -> new IllegalArgumentException("the communicator has no rootInfo"));
    steps.accept("comm_init");
    handle = chip.commInit(comm.rank(), comm.nranks(), rootInfo);
    steps.accept("comm_alloc_windows");
    long deviceContext = chip.commAllocWindows(handle, comm.windowSize());
    long base = chip.commGetLocalWindowBase(handle);
    long size = chip.commGetWindowSize(handle);
    steps.accept("carve");
    addresses = carve(base, size);
    steps.accept("load_from_host");
    for (int i = 0; i < addresses.size(); i++) {
      if (config.buffers().get(i).loadFromHost()) {
        load(config.inputStaging(config.buffers().get(i).name()), addresses.get(i));
      }
    }
    return new ChipBootstrapResult(deviceContext, base, size, addresses);
  }

  /** What can be told without touching the chip is told before the chip is touched. */
  private void checkConfig() {
    if (config.comm().isEmpty() && !config.buffers().isEmpty()) {
      throw new IllegalArgumentException(
          "there are buffers but no communicator, so there is no window to carve them out of");
    }
    for (ChipBufferSpec buffer : config.buffers()) {
      if (!buffer.placement().equals(ChipBufferSpec.WINDOW)) {
        throw new IllegalArgumentException(
            "buffer \""
                + buffer.name()
                + "\": placement must be \""
                + ChipBufferSpec.WINDOW
                + "\", but is \""
                + buffer.placement()
                + "\"");
      }
      if (buffer.loadFromHost()) {
        checkStaging("load_from_host", buffer, config.inputStaging(buffer.name()));
      }
      if (buffer.storeToHost()) {
        checkStaging("store_to_host", buffer, config.outputStaging(buffer.name()));
      }
    }
  }

  private static void checkStaging(String use, ChipBufferSpec buffer, HostBufferStaging staging) {
    if (staging.size() != buffer.bytes()) {
      throw new IllegalArgumentException(
          use
              + "="
              + buffer.name()
              + ": the staged buffer has "
              + staging.size()
              + " bytes, but the chip's has "
              + buffer.bytes());
    }
    try {
      long size = Files.size(staging.file());
      if (size != staging.size()) {
        throw new IllegalArgumentException(
            use
                + "="
                + buffer.name()
                + ": "
                + staging.file()
                + " has "
                + size
                + " bytes, not "
                + staging.size());
      }
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          use + "=" + buffer.name() + ": there is no file " + staging.file(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          use + "=" + buffer.name() + ": " + staging.file() + " can't be looked at: " + e, e);
    }
  }

  private List<Long> carve(long base, long size) {
    List<Long> carved = new ArrayList<>();
    long end = 0;
    for (ChipBufferSpec buffer : config.buffers()) {
      // Neither sum overflows: the end is at most the window's size, and that is checked first.
      long start = (end + buffer.alignment() - 1) & -(long) buffer.alignment();
      if (start < end || start > size || buffer.bytes() > size - start) {
        throw new IllegalArgumentException(
            "buffer \""
                + buffer.name()
                + "\" overflows window size: it needs "
                + buffer.bytes()
                + " bytes from "
                + start
                + " on, but the window has "
                + size);
      }
      end = start + buffer.bytes();
      carved.add(base + start);
    }
    return carved;
  }

  private void load(HostBufferStaging staging, long address) {
    move(
        "load_from_host",
        staging,
        (channel, chunk, offset) -> {
          readFully(channel, chunk);
          chip.copyTo(address + offset, chunk.flip());
        },
        StandardOpenOption.READ);
  }

  /**
   * Copies each buffer that is stored to the host. Called after a task that succeeded, before its
   * success is said.
   *
   * @throws ChipException if one can't be stored; {@code store_to_host=} and its name are in the
   *     message
   */
  public void storeOutputs() {
    for (int i = 0; i < addresses.size(); i++) {
      if (config.buffers().get(i).storeToHost()) {
        long address = addresses.get(i);
        move(
            "store_to_host",
            config.outputStaging(config.buffers().get(i).name()),
            (channel, chunk, offset) -> {
              chip.copyFrom(chunk, address + offset);
              chunk.flip();
              while (chunk.hasRemaining()) {
                channel.write(chunk);
              }
            },
            StandardOpenOption.WRITE);
      }
    }
  }

  /** Moves one part of a buffer between the chip and the file. */
  private interface Mover {
    void move(FileChannel channel, ByteBuffer chunk, long offset) throws IOException;
  }

  private static void move(
      String use, HostBufferStaging staging, Mover mover, StandardOpenOption mode) {
    try (FileChannel channel = FileChannel.open(staging.file(), mode)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK, staging.size()));
      for (long offset = 0; offset < staging.size(); offset += chunk.capacity()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), staging.size() - offset));
        mover.move(channel, chunk, offset);
      }
    } catch (IOException | RuntimeException e) {
      throw new ChipException(
          use, FAILED, use + "=" + staging.name() + " failed on " + staging.file() + ": " + e, e);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer chunk) throws IOException {
    while (chunk.hasRemaining()) {
      if (channel.read(chunk) < 0) {
        throw new IOException("the file has become shorter");
      }
    }
  }

  /**
   * Leaves the communicator. The device stays set. Idempotent; the ported system calls it {@code
   * shutdown_bootstrap}.
   *
   * @throws RuntimeException as {@link ChipWorker#commDestroy}
   */
  @Override
  public void close() {
    long ending = handle;
    handle = 0;
    addresses = List.of();
    if (ending != 0 && chip.state() == ChipState.COMM) {
      chip.commDestroy(ending);
    }
  }
}
