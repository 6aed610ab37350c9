package comm.backend.hccl.rendezvous;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import java.util.List;

/** One collective step of one rank, from its arrival to the verdict. */
public final class Step {

  private final Agreement agreement;
  private final long number;

  Step(Agreement agreement, long number) {
    this.agreement = agreement;
    this.number = number;
  }

  /**
   * Waits on the host until every rank has arrived.
   *
   * @return what each rank brought, in rank order
   */
  public List<byte[]> awaitAll(Wait wait) throws BackendFailure {
    return agreement.awaitAll(number, wait);
  }

  /**
   * One look around while a device works on the step: whether a rank is dead or has left, this
   * rank's time is over, or the step is broken; if so it is broken for all.
   */
  public void check(Wait wait) throws BackendFailure {
    agreement.check(number, wait);
  }

  /** The ranks that have not arrived. */
  public List<RankStatus> missing() throws BackendFailure {
    return agreement.missing(number);
  }

  /** Whether it has held, as another rank said. */
  public boolean isHeld() throws BackendFailure {
    return agreement.isHeld(number);
  }

  /** Says that the step held, as this rank's device says; unless it is broken. */
  public void hold(Wait wait) throws BackendFailure {
    agreement.hold(number, wait);
  }

  /**
   * Says that this rank failed.
   *
   * @return what to throw: this failure, or that of the rank that was first
   */
  public BackendFailure fail(Failure failure, Wait wait) {
    return agreement.breakFrom(number, failure, wait.waited());
  }
}
