package comm.backend.hccl.window;

import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.device.Device;
import comm.backend.hccl.device.DeviceThread;
import comm.backend.hccl.device.DeviceWork;
import comm.backend.hccl.rendezvous.Operation;
import comm.backend.hccl.rendezvous.Run;
import comm.backend.hccl.rendezvous.Wait;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The windows of all ranks in device memory. This process reaches them by copies only. */
public final class HcclWindows implements BackendWindows {

  private static final System.Logger LOGGER = System.getLogger(HcclWindows.class.getName());

  private final Device device;
  private final DeviceWork work;
  private final Run run;
  private final Attempt attempt;
  private final Attempt.Attached attached;
  private final Map<String, String> attributes;
  private final WaitLimit accessLimit;
  private final BooleanSupplier cancelled;

  /** Set on the device's thread before the mappings go, read there before every access. */
  private volatile boolean closed;

  HcclWindows(
      Device device,
      DeviceWork work,
      Run run,
      Attempt attempt,
      Attempt.Attached attached,
      Map<String, String> attributes,
      WaitLimit accessLimit,
      BooleanSupplier cancelled) {
    this.device = device;
    this.work = work;
    this.run = run;
    this.attempt = attempt;
    this.attached = attached;
    this.attributes = attributes;
    this.accessLimit = accessLimit;
    this.cancelled = cancelled;
  }

  /** How they are shared. */
  public StrategyName strategy() {
    return attempt.name();
  }

  /** Whether this rank has let go of them. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public long size() {
    return attached.context().winSize();
  }

  @Override
  public CommContext context() {
    return attached.context();
  }

  @Override
  public long deviceContext() {
    return attached.deviceContext();
  }

  @Override
  public Map<String, String> attributes() {
    return attributes;
  }

  @Override
  public DeviceMemory memory(int rank, AccessFailures failures) {
    return new DeviceMemory(this, address(rank), failures);
  }

  private long address(int rank) {
    return attached.context().windowsIn().get(rank);
  }

  void copyOut(long address, ByteBuffer target) throws BackendFailure {
    access(
        () -> {
          device.copyOut(address, target);
          return true;
        });
  }

  void copyIn(long address, ByteBuffer source) throws BackendFailure {
    access(
        () -> {
          device.copyIn(address, source);
          return true;
        });
  }

  /** Not ended by an interrupt: half a copy is of no use to anybody. */
  private <T> T access(DeviceThread.Task<T> task) throws BackendFailure {
    Wait wait = new Wait(accessLimit, () -> false);
    try {
      return work.thread()
          .call(
              () -> {
                if (closed) {
                  throw new IllegalStateException("the windows are closed");
                }
                return task.run();
              },
              () -> {
                if (wait.isOver()) {
                  throw new BackendFailure(
                      new Failure.NativeCall(
                          "aclrtMemcpy", 0, "", work.stuck(), "the device hangs: see its log"),
                      wait.waited());
                }
              });
    } catch (CannException e) {
      throw DeviceWork.because(run.breakRun(e.toFailure(), wait.waited()), e);
    } catch (BackendFailure e) {
      throw run.breakRun(e.failure(), e.waited());
    }
  }

  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand)
      throws BackendFailure {
    if (operation != SignalOperation.SET) {
      throw new UnsupportedOperationException(
          "signalAdd: backend hccl can't add to a word of device memory in one step; give each rank"
              + " that signals a word of its own, and use signal");
    }
    // What was copied before is there already: a copy returns when it is done.
    copyIn(
        address(rank) + offset,
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, operand));
  }

  @Override
  public long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit)
      throws BackendFailure {
    Wait wait = new Wait(limit, cancelled);
    run.record(Operation.AWAIT);
    long address = address(rank) + offset;
    while (true) {
      long word = access(() -> device.readLong(address));
      if (comparison.holds(word, operand)) {
        return word;
      }
      try {
        run.checkWaiting(wait);
      } catch (BackendFailure e) {
        // The last to leave may have signalled first, so the word has the last word.
        long last = isLeft(e) ? access(() -> device.readLong(address)) : word;
        if (comparison.holds(last, operand)) {
          return last;
        }
        throw e;
      }
      wait.pause();
    }
  }

  private static boolean isLeft(BackendFailure failure) {
    return failure.failure() instanceof Failure.PeerFailed;
  }

  private void release() throws CannException {
    try {
      attempt.release();
    } catch (CannException e) {
      device.note(e);
      if (!device.isLost()) {
        throw e;
      }
      LOGGER.log(System.Logger.Level.DEBUG, "windows go with the device, which is lost", e);
    }
  }

  @Override
  public void close(WaitLimit limit) throws BackendFailure {
    Wait wait = new Wait(limit, () -> false);
    try {
      work.thread()
          .call(
              () -> {
                closed = true;
                release();
                return true;
              },
              () -> work.giveUpClosing(wait));
    } catch (CannException e) {
      throw DeviceWork.because(new BackendFailure(e.toFailure(), wait.waited()), e);
    }
  }
}
