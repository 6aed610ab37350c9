package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.CommContext;
import comm.worker.chip.ChipWorker;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.HostRuntime;
import comm.worker.kernel.KernelContext;
import comm.worker.kernel.RemotePointer;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The whole life of a chip that is a rank, stage by stage: init, set device, join, allocate, look
 * at everything, reach the other ranks' windows, barrier, destroy, finalize. On the host runtime
 * that the environment names, or else on a chip in this JVM. Each stage is printed. Args: how often
 * the chip joins.
 */
public final class ChipLifecycle {

  private static final int BYTES = 4096;
  private static final int WORKSPACE = 0;
  private static final int RANK_ID = 16;
  private static final int RANK_NUM = 20;
  private static final int WIN_SIZE = 24;
  private static final int WINDOWS_IN = 32;
  private static final int WINDOWS_OUT = 544;

  private final CommConfig config;
  private final boolean inJava;
  private final ChipWorker chip;

  private ChipLifecycle(CommConfig config, boolean inJava) {
    this.config = config;
    this.inJava = inJava;
    this.chip =
        new ChipWorker(
            plain -> {
              CommConfig timed = plain.withTimeout(config.timeout());
              return inJava ? timed.withBackend("sim") : timed;
            });
  }

  public static void main(String[] args) {
    Optional<HostRuntime> runtime = HostRuntime.fromEnvironment(System.getenv());
    ChipLifecycle life = new ChipLifecycle(CommConfig.fromEnvironment(), runtime.isEmpty());
    stage("start");
    runtime.ifPresentOrElse(life.chip::init, life.chip::init);
    stage("init");
    try (life.chip) {
      life.chip.setDevice(life.config.rank());
      stage("set_device");
      if (life.inJava) {
        life.chip.register("check_peers", life::checkPeers);
      }
      for (int cycle = 0; cycle < Integer.parseInt(args[0]); cycle++) {
        life.join(cycle);
      }
      life.chip.resetDevice();
      stage("reset_device");
    }
    stage("finalize");
  }

  private static void stage(String name) {
    System.out.println("stage " + name);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private static void refused(Class<? extends RuntimeException> type, String part, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      check(type.isInstance(e), "another exception: " + e);
      check(String.valueOf(e.getMessage()).contains(part), "another message: " + e);
      return;
    }
    throw new AssertionError("not refused: " + part);
  }

  private void join(int cycle) {
    long comm = chip.commInit(config.rank(), config.size(), config.rootInfo());
    stage("comm_init");
    check(comm != 0, "handle is 0");
    beforeWindows(comm);
    long deviceContext = chip.commAllocWindows(comm, BYTES);
    check(deviceContext != 0, "device context is 0");
    stage("alloc");
    long base = chip.commGetLocalWindowBase(comm);
    check(base != 0, "base is 0");
    long size = chip.commGetWindowSize(comm);
    check(size >= BYTES, "size is " + size);
    stage("query");
    ByteBuffer context = ByteBuffer.allocateDirect(CommContext.BYTES);
    chip.copyFrom(context, deviceContext);
    stage("memcpy");
    checkContext(context.order(ByteOrder.LITTLE_ENDIAN), base, size);
    stage("ctx_fields_ok");
    crossRank(comm, deviceContext, base, size, cycle);
    stage("cross_rank");
    chip.commBarrier(comm);
    stage("barrier");
    chip.commDestroy(comm);
    stage("destroy");
    afterwards(comm, deviceContext, base);
  }

  private void beforeWindows(long comm) {
    refused(
        IllegalStateException.class,
        "already active",
        () -> chip.commInit(config.rank(), config.size(), config.rootInfo()));
    refused(IllegalStateException.class, "active", chip::resetDevice);
    refused(IllegalStateException.class, "no windows yet", () -> chip.commGetLocalWindowBase(comm));
    refused(IllegalStateException.class, "no windows yet", () -> chip.commGetWindowSize(comm));
    refused(IllegalArgumentException.class, "comm handle", () -> chip.commBarrier(comm + 1));
    refused(IllegalArgumentException.class, "", () -> chip.commAllocWindows(comm, 0));
  }

  private void checkContext(ByteBuffer context, long base, long size) {
    int rank = config.rank();
    check(context.getInt(RANK_ID) == rank, "rankId");
    check(context.getInt(RANK_NUM) == config.size(), "rankNum");
    check(context.getLong(WIN_SIZE) == size, "winSize");
    check(context.getLong(WINDOWS_IN + 8 * rank) == base, "windowsIn of this rank");
    for (int peer = 0; peer < CommContext.MAX_RANKS; peer++) {
      long in = context.getLong(WINDOWS_IN + 8 * peer);
      long out = context.getLong(WINDOWS_OUT + 8 * peer);
      if (peer < config.size()) {
        check(in != 0, "windowsIn of rank " + peer + " is 0");
        check(out == 0 || out == in, "windowsOut of rank " + peer);
      } else {
        check(in == 0 && out == 0, "there is no rank " + peer);
      }
    }
    if (inJava) {
      check(context.getLong(WORKSPACE) == 0 && context.getLong(WORKSPACE + 8) == 0, "workspace");
    }
  }

  private static byte pattern(int rank, int cycle, int place) {
    return (byte) (31 * (rank + 1) + 7 * cycle + place);
  }

  private void crossRank(long comm, long deviceContext, long base, long size, int cycle) {
    byte[] mine = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      mine[i] = pattern(config.rank(), cycle, i);
    }
    chip.copyTo(base, ByteBuffer.wrap(mine));
    chip.commBarrier(comm);
    ByteBuffer back = ByteBuffer.allocate(BYTES);
    chip.copyFrom(back, base);
    check(back.flip().equals(ByteBuffer.wrap(mine)), "own window has another pattern");
    if (!inJava) {
      return;
    }
    chip.run(
        ChipCallable.named("check_peers"),
        TaskArgs.of(deviceContext, base, cycle),
        RunConfig.DEFAULT);
    chip.commBarrier(comm);
    refused(
        IllegalArgumentException.class,
        "can't be written to",
        () -> chip.copyTo(deviceContext, ByteBuffer.allocate(1)));
    refused(
        IllegalArgumentException.class,
        "past the end of the window of rank " + config.rank(),
        () -> chip.copyTo(base + size - 1, ByteBuffer.allocate(2)));
    refused(
        IllegalArgumentException.class,
        "past the end of a device context",
        () -> chip.copyFrom(ByteBuffer.allocate(CommContext.BYTES + 1), deviceContext));
  }

  private void checkPeers(KernelContext kernel) {
    RemotePointer remote = kernel.remote(kernel.scalar(0));
    long base = kernel.scalar(1);
    int cycle = (int) kernel.scalar(2);
    check(remote.context().rankNum() == config.size(), "another context");
    for (int peer = 0; peer < config.size(); peer++) {
      ByteBuffer theirs = ByteBuffer.allocate(BYTES);
      kernel.memory().get(remote.to(base, peer), theirs);
      for (int i = 0; i < BYTES; i++) {
        check(theirs.get(i) == pattern(peer, cycle, i), "rank " + peer + " at " + i);
      }
      int offset = 1000 + peer;
      ByteBuffer one = ByteBuffer.allocate(1);
      kernel.memory().get(remote.to(base + offset, peer), one);
      check(one.get(0) == pattern(peer, cycle, offset), "rank " + peer + " at " + offset);
    }
  }

  private void afterwards(long comm, long deviceContext, long base) {
    refused(IllegalStateException.class, "stale", () -> chip.commAllocWindows(comm, BYTES));
    refused(IllegalStateException.class, "stale", () -> chip.commGetLocalWindowBase(comm));
    refused(IllegalStateException.class, "stale", () -> chip.commGetWindowSize(comm));
    refused(IllegalStateException.class, "stale", () -> chip.commBarrier(comm));
    refused(IllegalStateException.class, "stale", () -> chip.commDestroy(comm));
    if (inJava) {
      refused(
          IllegalArgumentException.class,
          "no open window",
          () -> chip.copyFrom(ByteBuffer.allocate(1), base));
      refused(
          IllegalArgumentException.class,
          "no open window",
          () -> chip.copyFrom(ByteBuffer.allocate(1), deviceContext));
    }
    stage("stale_handle_refused");
  }
}
