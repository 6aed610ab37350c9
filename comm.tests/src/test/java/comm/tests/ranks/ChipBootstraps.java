package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.PeerFailedException;
import comm.worker.chip.ChipBootstrap;
import comm.worker.chip.ChipBootstrapChannel;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBootstrapResult;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.chip.ChipState;
import comm.worker.chip.ChipWorker;
import comm.worker.chip.DataType;
import comm.worker.chip.HostBuffer;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Brings a chip up by a configuration, and checks what it got. Args: the name of a case. */
public final class ChipBootstraps {

  private static final int WINDOW = 4096;

  private final CommConfig config;
  private final ChipWorker chip;
  private final ChipBootstrapChannel channel =
      new ChipBootstrapChannel(ByteBuffer.allocateDirect(ChipBootstrapChannel.BYTES), 376);

  private ChipBootstraps(CommConfig config, ChipWorker chip) {
    this.config = config;
    this.chip = chip;
  }

  public static void main(String[] args) throws IOException {
    CommConfig config = CommConfig.fromEnvironment();
    try (ChipWorker chip =
        new ChipWorker(plain -> plain.withBackend("sim").withTimeout(config.timeout()))) {
      chip.init();
      ChipBootstraps bootstraps = new ChipBootstraps(config, chip);
      switch (args[0]) {
        case "plain" -> bootstraps.plain();
        case "load" -> bootstraps.load();
        case "store" -> bootstraps.store();
        case "placement" -> bootstraps.placement();
        case "outputs" -> bootstraps.outputs();
        case "alignment" -> bootstraps.alignment();
        case "overflow" -> bootstraps.overflow();
        case "again" -> bootstraps.again();
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
    System.out.println("done " + args[0]);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private ChipBootstrapConfig with(ChipBufferSpec... buffers) {
    return ChipBootstrapConfig.of(
        new ChipCommBootstrapConfig(
            config.rank(), config.size(), Optional.of(config.rootInfo()), WINDOW),
        buffers);
  }

  private ChipBootstrapResult start(ChipBootstrap bootstrap) {
    ChipBootstrapResult result = bootstrap.start(config.rank(), Optional.of(channel));
    check(channel.state() == ChipBootstrapChannel.State.SUCCESS, "state " + channel.state());
    check(channel.result().equals(result), "the channel has " + channel.result());
    check(channel.errorCode() == 0 && channel.errorMessage().isEmpty(), "an error");
    check(chip.state() == ChipState.COMM, "chip is " + chip);
    check(result.actualWindowSize() >= WINDOW, "window of " + result.actualWindowSize());
    ByteBuffer bytes = ByteBuffer.allocate(CommContext.BYTES);
    chip.copyFrom(bytes, result.deviceContext());
    CommContext context = CommContext.decode(bytes.array());
    check(context.rankId() == config.rank() && context.rankNum() == config.size(), "" + context);
    check(context.winSize() == result.actualWindowSize(), "winSize in " + context);
    check(
        context.windowsIn().get(config.rank()) == result.localWindowBase(),
        "own window in " + context);
    return result;
  }

  /** Fails with words that the channel has too; the chip is left as it was given. */
  private void fails(ChipBootstrapConfig wrong, String part, ChipState left) {
    try (ChipBootstrap bootstrap = new ChipBootstrap(chip, wrong)) {
      bootstrap.start(config.rank(), Optional.of(channel));
      throw new AssertionError("not refused: " + part);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      check(message.contains(part), "another message: " + message);
      check(channel.state() == ChipBootstrapChannel.State.ERROR, "state " + channel.state());
      check(channel.errorCode() == 1, "code " + channel.errorCode());
      check(
          channel.errorMessage().equals("IllegalArgumentException: " + message),
          channel.errorMessage());
      check(chip.state() == left, "chip is " + chip);
    }
  }

  private static byte[] pattern(int rank) {
    byte[] bytes = new byte[64];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (100 * rank + i + 1);
    }
    return bytes;
  }

  private byte[] read(long address) {
    ByteBuffer bytes = ByteBuffer.allocate(64);
    chip.copyFrom(bytes, address);
    return bytes.array();
  }

  private void plain() {
    try (ChipBootstrap bootstrap =
        new ChipBootstrap(
            chip,
            with(
                ChipBufferSpec.of("x", DataType.FLOAT32, 16),
                ChipBufferSpec.of("y", DataType.INT64, 2)))) {
      ChipBootstrapResult result = start(bootstrap);
      long base = result.localWindowBase();
      check(result.bufferAddresses().equals(List.of(base, base + 64)), "" + result);
    }
    check(chip.state() == ChipState.DEVICE_SET, "chip is " + chip);
  }

  private void load() throws IOException {
    try (HostBuffer input = HostBuffer.create("x", 64)) {
      input.bytes().put(pattern(config.rank()));
      try (ChipBootstrap bootstrap =
          new ChipBootstrap(
              chip,
              with(
                      ChipBufferSpec.of("before", DataType.INT8, 8),
                      ChipBufferSpec.of("x", DataType.FLOAT32, 16).loadedFromHost())
                  .withHostInputs(input.staging()))) {
        ChipBootstrapResult result = start(bootstrap);

        byte[] found = read(result.bufferAddresses().get(1));
        check(ByteBuffer.wrap(found).equals(ByteBuffer.wrap(pattern(config.rank()))), "input");
        check(read(result.localWindowBase())[0] == 0, "loaded elsewhere");
      }
    }
  }

  private void store() throws IOException {
    try (HostBuffer output = HostBuffer.create("y", 64)) {
      try (ChipBootstrap bootstrap =
          new ChipBootstrap(
              chip,
              with(
                      ChipBufferSpec.of("x", DataType.INT8, 8),
                      ChipBufferSpec.of("y", DataType.INT8, 64).storedToHost())
                  .withHostOutputs(output.staging()))) {
        ChipBootstrapResult result = start(bootstrap);
        chip.copyTo(result.bufferAddresses().get(1), ByteBuffer.wrap(pattern(config.rank())));
        check(output.bytes().getLong() == 0, "stored before it was asked for");

        bootstrap.storeOutputs();

        check(output.bytes().equals(ByteBuffer.wrap(pattern(config.rank()))), "output");
        Files.delete(output.staging().file());
        storeFails(bootstrap);
      }
    }
  }

  private static void storeFails(ChipBootstrap bootstrap) {
    try {
      bootstrap.storeOutputs();
    } catch (ChipException e) {
      check(String.valueOf(e.getMessage()).contains("store_to_host=y"), "another message: " + e);
      return;
    }
    throw new AssertionError("stored to no file");
  }

  private void placement() {
    fails(
        with(new ChipBufferSpec("x", DataType.INT8, 1, 8, "elsewhere", false, false)),
        "placement must be \"window\"",
        ChipState.INITIALIZED);
  }

  private void outputs() {
    fails(
        with(ChipBufferSpec.of("y", DataType.INT8, 64).storedToHost()),
        "no host output \"y\"",
        ChipState.INITIALIZED);
  }

  private void alignment() {
    int[] alignments = {1, 1, 512, 2, 64};
    long[] offsets = {0, 3, 512, 516, 576};
    ChipBufferSpec[] buffers = new ChipBufferSpec[alignments.length];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = ChipBufferSpec.of("b" + i, DataType.INT8, 3).withAlignment(alignments[i]);
    }
    try (ChipBootstrap bootstrap = new ChipBootstrap(chip, with(buffers))) {
      ChipBootstrapResult result = start(bootstrap);
      for (int i = 0; i < buffers.length; i++) {
        long offset = result.bufferAddresses().get(i) - result.localWindowBase();
        check(offset == offsets[i], "buffer " + i + " at " + offset);
      }
    }
  }

  /** Rank 0 asks for more than there is; the others wait for it in a barrier and are told. */
  private void overflow() {
    if (config.rank() == 0) {
      fails(
          with(
              ChipBufferSpec.of("x", DataType.INT8, 8),
              ChipBufferSpec.of("huge", DataType.INT64, 1 << 20)),
          "\"huge\" overflows window size",
          ChipState.DEVICE_SET);
      return;
    }
    try (ChipBootstrap bootstrap =
        new ChipBootstrap(chip, with(ChipBufferSpec.of("x", DataType.INT8, 8)))) {
      // Not one of the checks that copy: rank 0 may have left by now, which breaks the windows.
      ChipBootstrapResult result = bootstrap.start(config.rank(), Optional.of(channel));
      check(channel.state() == ChipBootstrapChannel.State.SUCCESS, "state " + channel.state());
      chip.register(
          "await",
          kernel ->
              kernel.memory().await(kernel.scalar(0), Comparison.NE, 0, Duration.ofMinutes(1)));
      chip.run(
          ChipCallable.named("await"),
          TaskArgs.of(result.bufferAddresses().get(0)),
          RunConfig.DEFAULT);
      throw new AssertionError("nobody sends this signal");
    } catch (PeerFailedException e) {
      System.out.println("told of rank " + e.peer().rank());
    }
  }

  /** A chip that was brought up and taken down is brought up again. */
  private void again() {
    for (int i = 0; i < 5; i++) {
      plain();
      chip.resetDevice();
      channel.reset();
    }
  }
}
