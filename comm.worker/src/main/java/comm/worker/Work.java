package comm.worker;

import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import comm.worker.wire.Mailbox;
import comm.worker.wire.Mailbox.Control;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One thing that a chip is asked for. Guarded by the engine's lock, apart from how it ended. */
abstract sealed class Work {

  private final int chip;
  private volatile boolean ended;
  private volatile @Nullable WorkerException failure;

  Work(int chip) {
    this.chip = chip;
  }

  int chip() {
    return chip;
  }

  /** What it is, for messages. */
  abstract String describe();

  /** The step in which it fails, for messages. */
  abstract String step();

  /** Asks for it, or for its next part. */
  abstract void post(Mailbox mailbox);

  /** Takes a successful answer; true if that was all, false if there is a part to be posted. */
  abstract boolean take(Mailbox mailbox);

  /** The group that it is a member of, if any. */
  Optional<Group> group() {
    return Optional.empty();
  }

  final void end(@Nullable WorkerException why) {
    failure = why;
    ended = true;
  }

  final boolean isEnded() {
    return ended;
  }

  final @Nullable WorkerException failure() {
    return failure;
  }

  /** Members that begin together or not at all. */
  static final class Group {
    private final int size;
    private int waiting;

    Group(int size) {
      this.size = size;
    }

    /** A member is the next one on its chip, which is idle. */
    void arrive() {
      waiting++;
    }

    boolean isComplete() {
      return waiting == size;
    }
  }

  /** A task. */
  static final class Task extends Work {
    private final ChipCallable callable;
    private final TaskArgs args;
    private final RunConfig config;
    private final Optional<Group> group;

    Task(int chip, ChipCallable callable, TaskArgs args, RunConfig config, Optional<Group> group) {
      super(chip);
      this.callable = callable;
      this.args = args;
      this.config = config;
      this.group = group;
    }

    @Override
    String describe() {
      return "task " + callable;
    }

    @Override
    String step() {
      return "run";
    }

    @Override
    Optional<Group> group() {
      return group;
    }

    @Override
    void post(Mailbox mailbox) {
      mailbox.postTask(callable, args, config);
    }

    @Override
    boolean take(Mailbox mailbox) {
      return true;
    }
  }

  /** Allocates or frees. */
  static final class Memory extends Work {
    private final Control control;
    private final long argument;
    private long result;

    Memory(int chip, Control control, long argument) {
      super(chip);
      this.control = control;
      this.argument = argument;
    }

    long result() {
      return result;
    }

    @Override
    String describe() {
      return control == Control.MALLOC
          ? "malloc of " + argument + " bytes"
          : "free of 0x" + Long.toHexString(argument);
    }

    @Override
    String step() {
      return control == Control.MALLOC ? "malloc" : "free";
    }

    @Override
    void post(Mailbox mailbox) {
      mailbox.postControl(control, argument, 0);
    }

    @Override
    boolean take(Mailbox mailbox) {
      result = mailbox.controlResult();
      return true;
    }
  }

  /** Copies between the host and a chip, in parts. */
  static final class Copy extends Work {
    private final boolean toChip;
    private final long address;
    private final ByteBuffer bytes;
    private final int length;

    Copy(int chip, boolean toChip, long address, ByteBuffer bytes) {
      super(chip);
      this.toChip = toChip;
      this.address = address;
      this.bytes = bytes;
      this.length = bytes.remaining();
    }

    private int part() {
      return Math.min(bytes.remaining(), Mailbox.DATA_BYTES);
    }

    @Override
    String describe() {
      return step() + " of " + length + " bytes at 0x" + Long.toHexString(address);
    }

    @Override
    String step() {
      return toChip ? "copy_to" : "copy_from";
    }

    @Override
    void post(Mailbox mailbox) {
      int part = part();
      long at = address + length - bytes.remaining();
      if (toChip) {
        ByteBuffer source = bytes.duplicate().limit(bytes.position() + part);
        mailbox.data(part).put(source);
      }
      mailbox.postControl(toChip ? Control.COPY_TO : Control.COPY_FROM, at, part);
    }

    @Override
    boolean take(Mailbox mailbox) {
      int part = part();
      if (toChip) {
        bytes.position(bytes.position() + part);
      } else {
        bytes.put(mailbox.data(part));
      }
      return !bytes.hasRemaining();
    }
  }
}
