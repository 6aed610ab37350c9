package comm.worker;

import comm.worker.chip.ChipBootstrapChannel;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBootstrapResult;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.launch.ChipMain;
import comm.worker.launch.Signals;
import comm.worker.wire.ChipFile;
import comm.worker.wire.ChipSetup;
import comm.worker.wire.RemoteFailure;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Launches the processes of chips and waits until they have come up. */
final class Startup {

  private static final long LOOK_NANOS = 200_000;

  private final WorkerBuilder.Settings settings;

  Startup(WorkerBuilder.Settings settings) {
    this.settings = settings;
  }

  /** Starts the processes; each finds in its file what it is told. */
  RunningJob launch(RankOutput output, List<ChipFile> files) throws IOException {
    List<String> options = new ArrayList<>();
    List<String> modules = ownModules();
    if (!modules.isEmpty()) {
      // So that kernels are found by their class as here, whoever requires their modules.
      options.add("--add-modules=" + String.join(",", modules));
    }
    options.addAll(settings.jvmOptions());
    Module own = ChipMain.class.getModule();
    RankProgram program =
        new RankProgram(
            own.isNamed() ? Optional.of(own.getName()) : Optional.empty(),
            ChipMain.class.getName());
    RankJob job = RankJob.of(settings.chips(), program).withJvmOptions(options);
    for (Map.Entry<String, String> variable : settings.environment().entrySet()) {
      job = job.withEnvironment(variable.getKey(), variable.getValue());
    }
    return RankLauncher.ofThisJvm()
        .start(
            job,
            output,
            Redirect.PIPE,
            directory -> {
              for (int chip = 0; chip < settings.chips(); chip++) {
                files.add(ChipFile.create(directory, chip, setup(chip)));
              }
            });
  }

  /** The modules of this JVM that are not the JDK's. */
  private static List<String> ownModules() {
    return ModuleLayer.boot().configuration().modules().stream()
        .filter(
            module ->
                module
                    .reference()
                    .location()
                    .filter(location -> !"jrt".equals(location.getScheme()))
                    .isPresent())
        .map(module -> module.name())
        .sorted()
        .toList();
  }

  private ChipSetup setup(int chip) {
    return new ChipSetup(
        settings.deviceIds().get(chip),
        settings.runtime(),
        settings.backend(),
        settings.waitTimeout(),
        settings.spins(),
        settings.configs().get(chip));
  }

  /** Waits for all chips; throws why one of them doesn't come up. */
  List<ChipContext> await(List<Lane> lanes) {
    long start = System.nanoTime();
    while (true) {
      check(lanes);
      List<Integer> pending =
          IntStream.range(0, lanes.size())
              .filter(i -> stateOf(lanes.get(i)) == ChipBootstrapChannel.State.IDLE)
              .boxed()
              .toList();
      if (pending.isEmpty()) {
        return lanes.stream().map(this::context).toList();
      }
      if (System.nanoTime() - start > settings.startupTimeout().toNanos()) {
        throw tooLate(lanes, pending);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new WorkerException("interrupted while chips came up; they were killed", null);
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  private static ChipBootstrapChannel.State stateOf(Lane lane) {
    return lane.file().channel().state();
  }

  private static void check(List<Lane> lanes) {
    // Deaths first: what other chips fail with after one is a consequence of it.
    for (Lane lane : lanes) {
      // Alive before the channel: a process that failed says so before it ends.
      if (!lane.process().isAlive() && stateOf(lane) != ChipBootstrapChannel.State.ERROR) {
        throw died(lane, Optional.empty());
      }
    }
    for (Lane lane : lanes) {
      if (stateOf(lane) == ChipBootstrapChannel.State.ERROR) {
        throw failed(lane);
      }
    }
  }

  private static RemoteChipException failed(Lane lane) {
    ChipBootstrapChannel channel = lane.file().channel();
    Optional<RemoteFailure> failure = lane.mailbox().failure();
    String step = lane.mailbox().step().toString();
    return new RemoteChipException(
        lane.index(),
        step,
        lane.describe() + " bootstrap failed in step " + step + ": " + channel.errorMessage(),
        channel.errorCode(),
        failure);
  }

  /** Why the process of a chip isn't there any more. */
  static ChipDiedException died(Lane lane, Optional<String> work) {
    int code = lane.process().exitValue();
    String step = lane.mailbox().step().toString();
    return new ChipDiedException(
        lane.index(),
        lane.process().pid(),
        code,
        step,
        lane.describe()
            + " died: "
            + Signals.ofExitCode(code)
                .map(signal -> "killed by " + signal)
                .orElse("it ended with exit code " + code)
            + " in step "
            + step
            + work.map(text -> ", " + text).orElse("")
            + "; look at what it printed, and for SIGKILL at the kernel's log (out of memory?);"
            + " close the worker and open a new one");
  }

  private WorkerTimeoutException tooLate(List<Lane> lanes, List<Integer> pending) {
    StringBuilder steps = new StringBuilder();
    for (int chip : pending) {
      steps.append(steps.isEmpty() ? "" : ", ");
      steps.append(lanes.get(chip).describe()).append(" is in step ");
      steps.append(lanes.get(chip).mailbox().step());
    }
    return new WorkerTimeoutException(
        pending,
        "bootstrap wait timed out after "
            + seconds(settings.startupTimeout())
            + " s (the worker's startup timeout): pending chip indices "
            + pending
            + ": "
            + steps
            + "; see what they printed, or raise the timeout");
  }

  private static String seconds(Duration duration) {
    return String.valueOf(duration.toMillis() / 1000.0);
  }

  private ChipContext context(Lane lane) {
    ChipBootstrapConfig config = settings.configs().get(lane.index());
    ChipBootstrapResult result = lane.file().channel().result();
    List<ChipBufferSpec> buffers = config.buffers();
    if (result.bufferAddresses().size() != buffers.size()) {
      throw new WorkerException(
          lane.describe()
              + " reported "
              + result.bufferAddresses().size()
              + " buffers, but was told to have "
              + buffers.size(),
          null);
    }
    Map<String, Long> addresses = new LinkedHashMap<>();
    for (int i = 0; i < buffers.size(); i++) {
      addresses.put(buffers.get(i).name(), result.bufferAddresses().get(i));
    }
    return new ChipContext(
        lane.index(),
        settings.deviceIds().get(lane.index()),
        lane.process().pid(),
        config.comm().map(ChipCommBootstrapConfig::rank).orElse(-1),
        config.comm().map(ChipCommBootstrapConfig::nranks).orElse(0),
        result.deviceContext(),
        result.localWindowBase(),
        result.actualWindowSize(),
        addresses);
  }
}
