package comm.backend.hccl.device;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.backend.hccl.cann.Calls;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.HcclEnvironment;
import comm.backend.hccl.rendezvous.Run;
import comm.backend.hccl.rendezvous.Wait;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Work on the device that the other ranks wait for: they are watched while it runs, and hear of it
 * when it fails.
 */
public final class DeviceWork {

  /** A thread that hung in a call before is given this long to come back. */
  private static final Duration HUNG_PATIENCE = Duration.ofSeconds(2);

  private final DeviceThread thread;
  private final Run run;
  private final Calls calls;
  private final HcclEnvironment environment;

  public DeviceWork(DeviceThread thread, Run run, Calls calls, HcclEnvironment environment) {
    this.thread = thread;
    this.run = run;
    this.calls = calls;
    this.environment = environment;
  }

  /** The thread on which it is done. */
  public DeviceThread thread() {
    return thread;
  }

  /**
   * Runs a task on the device's thread. When it fails, or this rank gives up on it, the run is
   * broken for all.
   */
  public <T> T perform(DeviceThread.Task<T> task, Wait wait) throws BackendFailure {
    return perform(task, CannException::toFailure, wait);
  }

  /**
   * The same, with other words for a native failure.
   *
   * @param facts what to tell all ranks of it
   */
  public <T> T perform(DeviceThread.Task<T> task, Function<CannException, Failure> facts, Wait wait)
      throws BackendFailure {
    try {
      return thread.call(task, () -> run.checkWaiting(wait));
    } catch (CannException e) {
      throw because(run.breakRun(facts.apply(e), wait.waited()), e);
    } catch (BackendFailure e) {
      throw run.breakRun(explained(e), e.waited());
    }
  }

  /** A failure with the native one beneath it, for the stack trace. */
  public static BackendFailure because(BackendFailure failure, CannException cause) {
    if (failure.getCause() == null) {
      failure.initCause(cause);
    }
    return failure;
  }

  private Failure explained(BackendFailure failure) {
    return failure.failure() instanceof Failure.TimedOut timeout && timeout.missing().isEmpty()
        ? new Failure.TimedOut(List.of(), stuck())
        : failure.failure();
  }

  /**
   * Ends the wait of a caller that closes: at its limit, or soon if the thread is known to hang.
   * What the thread holds is given back when its call returns, or with the process.
   */
  public void giveUpClosing(Wait wait) throws BackendFailure {
    if (wait.isOver() || (thread.isHung() && wait.waited().compareTo(HUNG_PATIENCE) > 0)) {
      throw new BackendFailure(
          new Failure.NativeCall(
              calls.current().orElse("work on the device"),
              0,
              "",
              stuck(),
              "what this process holds is freed when the call returns, or with the process: end it"),
          wait.waited());
    }
  }

  /** Which native call is running, for how long, and the limits it has of its own. */
  public String stuck() {
    String where =
        calls
            .current()
            .map(function -> function + " has not returned for " + calls.since().toMillis() + " ms")
            .orElse("the device has not finished");
    return where + "; HCCL's own limits: " + environment.inForce();
  }
}
