package comm.backend.sim.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The rootinfo file and the shared-memory names, in the steps in which production does it: every
 * system call that others can tell is one step, so that a crash or another process comes between.
 */
final class ModelMeetingPlace implements MeetingPlace {

  private final Execution execution;
  private final int size;
  private Wait.Ending ending = Wait.Ending.NONE;

  ModelMeetingPlace(Execution execution, int size) {
    this.execution = execution;
    this.size = size;
  }

  /** A segment as one process has attached to it. */
  final class ModelControl implements Control {

    private final int segment;
    private boolean published;

    private ModelControl(int segment) {
      this.segment = segment;
    }

    int segment() {
      return segment;
    }

    @Override
    public Words words() {
      return new ModelWords(execution, segment);
    }

    @Override
    public Wait waiting() {
      return new ModelWait(execution, segment);
    }

    @Override
    public boolean claim(int rank) {
      return at(Step.CLAIM, segment, rank);
    }

    @Override
    public boolean isHeld(int rank) {
      return at(Step.IS_HELD, segment, rank);
    }

    @Override
    public void close() {
      at(Step.CLOSE, segment, 0);
    }
  }

  private boolean at(Step step, int segment, int place) {
    return execution.perform(step, segment, place, 0, 0) == 1;
  }

  private boolean at(Step step, int segment) {
    return at(step, segment, 0);
  }

  @Override
  public ModelControl create() {
    int segment = (int) execution.perform(Step.CREATE, -1, size, 0, 0);
    ModelControl control = new ModelControl(segment);
    control.claim(0);
    return control;
  }

  @Override
  public boolean offer(Control control) {
    ModelControl own = (ModelControl) control;
    while (!at(Step.LINK, own.segment)) {
      if (!removeDead()) {
        return false;
      }
    }
    own.published = true;
    return true;
  }

  /** False if what is there is alive. */
  private boolean removeDead() {
    int found = openFile();
    if (found < 0) {
      return true;
    }
    if (!at(Step.LOCK_FILE, found)) {
      return false;
    }
    if (at(Step.IS_AT_PATH, found)) {
      removeName(found);
      at(Step.REMOVE_FILE, found);
    }
    at(Step.UNLOCK_FILE, found);
    return true;
  }

  private void removeName(int segment) {
    if (!at(Step.IS_SEGMENT_HELD, segment)) {
      at(Step.REMOVE_NAME, segment);
    }
  }

  private int openFile() {
    return (int) execution.perform(Step.OPEN_FILE, -1, 0, 0, 0);
  }

  @Override
  public @Nullable ModelControl visit() {
    int found = openFile();
    return found >= 0 && at(Step.IS_FILE_LOCKED, found) ? attach(found) : null;
  }

  private @Nullable ModelControl attach(int segment) {
    return execution.perform(Step.ATTACH, segment, 0, 0, 0) < 0 ? null : new ModelControl(segment);
  }

  @Override
  public void retract(Control control) {
    ModelControl own = (ModelControl) control;
    if (own.published) {
      own.published = false;
      if (at(Step.IS_AT_PATH, own.segment)) {
        at(Step.REMOVE_FILE, own.segment);
      }
      at(Step.UNLOCK_FILE, own.segment);
    }
    at(Step.REMOVE_NAME, own.segment);
  }

  /** What a rank does about a run that broke: the names its dead rank 0 may have left. */
  void removeDead(ModelControl control) {
    int found = openFile();
    if (found == control.segment && at(Step.LOCK_FILE, found)) {
      if (at(Step.IS_AT_PATH, found)) {
        at(Step.REMOVE_FILE, found);
      }
      at(Step.UNLOCK_FILE, found);
    }
    removeName(control.segment);
  }

  @Override
  public void idle() {
    at(Step.IDLE, -1);
  }

  @Override
  public Wait.Ending ending() {
    if (ending == Wait.Ending.NONE) {
      ending = ModelWait.ENDINGS[(int) execution.perform(Step.ENDING, -1, 0, 0, 0)];
    }
    return ending;
  }
}
