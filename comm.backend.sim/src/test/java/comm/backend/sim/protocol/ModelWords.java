package comm.backend.sim.protocol;

/** The words of a segment as one execution sees them. */
final class ModelWords implements Words {

  private final Execution execution;
  private final int segment;

  ModelWords(Execution execution, int segment) {
    this.execution = execution;
    this.segment = segment;
  }

  @Override
  public long read(int offset) {
    return execution.perform(Step.READ, segment, offset, 0, 0);
  }

  @Override
  public void write(int offset, long value) {
    execution.perform(Step.WRITE, segment, offset, value, 0);
  }

  @Override
  public void publish(int offset, long value) {
    execution.perform(Step.PUBLISH, segment, offset, value, 0);
  }

  @Override
  public boolean replace(int offset, long expected, long value) {
    return execution.perform(Step.REPLACE, segment, offset, expected, value) == 1;
  }

  @Override
  public void add(int offset, long delta) {
    execution.perform(Step.ADD, segment, offset, delta, 0);
  }
}
