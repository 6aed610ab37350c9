package comm.worker.launch;

import comm.api.CommConfig;
import comm.worker.chip.ChipBootstrap;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBootstrapResult;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.chip.ChipWorker;
import comm.worker.wire.ChipFile;
import comm.worker.wire.ChipSetup;
import comm.worker.wire.Mailbox;
import comm.worker.wire.RequestWait;
import comm.worker.wire.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The program of a chip's process: brings the chip up, then does what the worker asks for until it
 * is told to end. The launcher's environment says which chip it is.
 */
public final class ChipMain {

  /** Everything that fails has this code, as in the ported system. */
  private static final int FAILED = 1;

  private final Mailbox mailbox;
  private final ChipWorker chip;
  private final ChipBootstrap bootstrap;
  private final String prefix;

  private ChipMain(Mailbox mailbox, ChipWorker chip, ChipBootstrap bootstrap, String prefix) {
    this.mailbox = mailbox;
    this.chip = chip;
    this.bootstrap = bootstrap;
    this.prefix = prefix;
  }

  /**
   * Runs the chip.
   *
   * @param args none
   * @throws IOException if what is shared with the worker can't be opened
   */
  public static void main(String[] args) throws IOException {
    Map<String, String> environment = System.getenv();
    int index = Integer.parseInt(environment.getOrDefault("COMM_RANK", ""));
    Path rootInfo = Path.of(environment.getOrDefault("COMM_ROOTINFO", ""));
    ChipFile file = ChipFile.open(rootInfo.resolveSibling("."), index);
    if (!run(file, file.setup(), rootInfo)) {
      System.exit(FAILED);
    }
    if (!file.mailbox().isShutdown()) {
      LauncherWatch.awaitEnd();
    }
  }

  /** From bringing the chip up to its end; false if it could not be brought up. */
  private static boolean run(ChipFile file, ChipSetup setup, Path rootInfo) throws IOException {
    Mailbox mailbox = file.mailbox();
    String prefix = "chip_process dev=" + setup.deviceId();
    try (ChipWorker chip = new ChipWorker(config -> settings(config, setup))) {
      try (ChipBootstrap bootstrap =
          new ChipBootstrap(
              chip,
              withRootInfo(setup.bootstrap(), rootInfo),
              step -> mailbox.step(Step.named(step)))) {
        try {
          mailbox.step(Step.INIT);
          setup.runtime().ifPresentOrElse(chip::init, chip::init);
          ChipBootstrapResult result = bootstrap.start(setup.deviceId(), Optional.empty());
          // First, since the worker may ask and kill as soon as it knows.
          mailbox.step(Step.IDLE);
          file.channel().writeSuccess(result);
        } catch (RuntimeException | Error e) {
          // First what goes with it: the channel's state says that all is there.
          mailbox.writeFailure(prefix, e);
          file.channel().writeError(FAILED, e.getClass().getSimpleName() + ": " + e.getMessage());
          return false;
        }
        InputStream wakeUps = System.in;
        // A kernel that reads must not take the bytes that wake this chip.
        System.setIn(InputStream.nullInputStream());
        new ChipMain(mailbox, chip, bootstrap, prefix)
            .serve(new RequestWait(mailbox, wakeUps, setup.spins()));
        mailbox.step(Step.COMM_DESTROY);
      }
      mailbox.step(Step.FINALIZE);
    }
    return true;
  }

  private static CommConfig settings(CommConfig config, ChipSetup setup) {
    CommConfig timed = config.withTimeout(setup.waitTimeout());
    return setup.backend().map(timed::withBackend).orElse(timed);
  }

  /** Where the worker's user chose no file, the launcher's own is used. */
  private static ChipBootstrapConfig withRootInfo(ChipBootstrapConfig config, Path rootInfo) {
    if (config.comm().isEmpty() || config.comm().get().rootInfo().isPresent()) {
      return config;
    }
    ChipCommBootstrapConfig comm = config.comm().get();
    return new ChipBootstrapConfig(
        Optional.of(
            new ChipCommBootstrapConfig(
                comm.rank(), comm.nranks(), Optional.of(rootInfo), comm.windowSize())),
        config.buffers(),
        config.hostInputs(),
        config.hostOutputs());
  }

  private void serve(RequestWait requests) throws IOException {
    while (requests.await()) {
      int state = mailbox.state();
      // A request that came before the end is still answered: somebody may wait for it.
      if (state == Mailbox.State.TASK_READY) {
        task();
      } else if (state == Mailbox.State.CONTROL_REQUEST) {
        control();
      } else if (mailbox.isShutdown()) {
        return;
      }
      mailbox.step(Step.IDLE);
    }
    // The worker is dead. Leave the other ranks, and then wait for the watch to end this process.
  }

  private void task() {
    try {
      mailbox.step(Step.RUN);
      chip.run(mailbox.callable(), mailbox.args(), mailbox.config());
      mailbox.step(Step.STORE_TO_HOST);
      bootstrap.storeOutputs();
      mailbox.succeed(Mailbox.State.TASK_DONE, 0);
    } catch (Throwable e) {
      // Whatever a kernel throws fails its task; the chip goes on.
      mailbox.fail(Mailbox.State.TASK_DONE, FAILED, prefix, e);
    }
  }

  private void control() {
    try {
      mailbox.step(Step.CONTROL);
      mailbox.succeed(Mailbox.State.CONTROL_DONE, control(mailbox.control()));
    } catch (Throwable e) {
      mailbox.fail(Mailbox.State.CONTROL_DONE, FAILED, prefix, e);
    }
  }

  private long control(Mailbox.Control control) {
    long first = mailbox.controlArg(0);
    switch (control) {
      case MALLOC -> {
        return chip.malloc(first);
      }
      case FREE -> chip.free(first);
      case COPY_TO -> chip.copyTo(first, data());
      case COPY_FROM -> chip.copyFrom(data(), first);
    }
    return 0;
  }

  private ByteBuffer data() {
    long length = mailbox.controlArg(1);
    if (length < 0 || length > Mailbox.DATA_BYTES) {
      throw new IllegalArgumentException("a copy of " + length + " bytes");
    }
    return mailbox.data((int) length);
  }
}
