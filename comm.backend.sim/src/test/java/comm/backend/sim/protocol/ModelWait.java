package comm.backend.sim.protocol;

import java.util.function.IntSupplier;

/** A wait whose every answer the explorer chooses. */
final class ModelWait implements Wait {

  static final Ending[] ENDINGS = Ending.values();

  private final Execution execution;
  private final int segment;

  ModelWait(Execution execution, int segment) {
    this.execution = execution;
    this.segment = segment;
  }

  @Override
  public void begin() {}

  @Override
  public boolean stayAwake(IntSupplier missing) {
    return execution.perform(Step.STAY_AWAKE, segment, 0, 0, 0) == 1;
  }

  @Override
  public void sleep(int offset, long value) {
    execution.perform(Step.SLEEP, segment, offset, value, 0);
  }

  @Override
  public void wake(int offset) {
    execution.perform(Step.WAKE, segment, offset, 0, 0);
  }

  @Override
  public boolean isCheckDue() {
    return execution.perform(Step.CHECK_DUE, segment, 0, 0, 0) == 1;
  }

  @Override
  public Ending ending() {
    return ENDINGS[(int) execution.perform(Step.ENDING, segment, 0, 0, 0)];
  }

  @Override
  public boolean isHeld(int rank) {
    return execution.perform(Step.IS_HELD, segment, rank, 0, 0) == 1;
  }
}
