package comm.backend.sim.protocol;

/**
 * Barriers around one counter, as one writes them first: wrong, each in its way. None of them looks
 * for the dead, and none sleeps, so that their mistakes in counting show.
 */
final class CentralCounter implements AnyBarrier {

  /** How it lets the ranks go. */
  enum Style {
    /** The count is set back by the last to come, and whoever waits looks at the count. */
    WITHOUT_PHASE,
    /**
     * A phase tells the barriers apart; who runs out of time goes, and its arrival stays counted.
     */
    PHASE_THAT_LIES_AFTER_A_TIMEOUT,
    /** The phase moves before the count is set back. */
    PHASE_BEFORE_RESET
  }

  private final Words words;
  private final int size;
  private final Style style;
  private long phase;

  private CentralCounter(Execution self, int size, Style style) {
    this.words = self.words();
    this.size = size;
    this.style = style;
    self.dependsOn(() -> phase);
  }

  static AnyBarrier.Maker of(Style style) {
    return (self, rank, size) -> new CentralCounter(self, size, style);
  }

  @Override
  public boolean await(Wait wait) {
    phase = words.read(Cells.PHASE);
    long count;
    do {
      count = words.read(Cells.COUNT);
    } while (!words.replace(Cells.COUNT, count, count + 1));
    if (count + 1 == size) {
      if (style == Style.PHASE_BEFORE_RESET) {
        words.add(Cells.PHASE, 1);
      }
      words.publish(Cells.COUNT, 0);
      if (style == Style.PHASE_THAT_LIES_AFTER_A_TIMEOUT) {
        words.add(Cells.PHASE, 1);
      }
      return true;
    }
    while (true) {
      boolean done =
          style == Style.WITHOUT_PHASE
              ? words.read(Cells.COUNT) == 0
              : words.read(Cells.PHASE) != phase;
      if (done) {
        return true;
      }
      if (wait.isCheckDue() && wait.ending() != Wait.Ending.NONE) {
        return false;
      }
    }
  }
}
