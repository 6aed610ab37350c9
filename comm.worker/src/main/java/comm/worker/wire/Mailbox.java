package comm.worker.wire;

import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Memory that a worker shares with the process of one chip. The worker asks for one thing at a time
 * by writing what it asks for and then the state; the chip answers in the same way.
 *
 * <pre>
 *   offset  type     field
 *        0  i32      state: 0 idle, 1 task ready, 2 task done, 4 control request, 5 control done
 *        4  i32      error code of what is done, 0 if it succeeded
 *        8  u64      task: bytes of a compiled callable, 0 for a named one; control: which one
 *       16  i32[4]   task: block dim, AI CPU threads, profiling, dump
 *       16  u64[3]   control: arguments
 *       40  u64      control: result
 *       64           task: arguments
 *     3776  i32      what the chip does
 *     3780  i32      1 while the chip sleeps and must be woken
 *     3784  i32      1 once the chip is to end; never taken back
 *     3840  256 B    error message, ended by a zero byte
 *     4096  i32, B   task: name of the callable
 *     8192  i32, B   what was thrown
 *    65536  1 MiB    control: bytes to copy; task: a compiled callable
 * </pre>
 *
 * <p>All of a request or an answer is written before its state, which is a release; the other side
 * reads the state first, which is an acquire. What a peer wrote is taken for what it may be.
 */
public final class Mailbox {

  /** Bytes of a mailbox. */
  public static final int BYTES = 65_536 + (1 << 20);

  /** Most bytes that one control copies, and that a compiled callable has. */
  public static final int DATA_BYTES = 1 << 20;

  /** Most bytes of the encoded form of what was thrown. */
  static final int FAILURE_BYTES = 65_536 - 8192 - 4;

  private static final int STATE = 0;
  private static final int ERROR_CODE = 4;
  private static final int CALLABLE = 8;
  private static final int CONFIG = 16;
  private static final int CONTROL_ARGS = 16;
  private static final int CONTROL_RESULT = 40;
  private static final int ARGS = 64;
  private static final int STEP = 3776;
  private static final int SLEEPING = 3780;
  private static final int SHUTDOWN = 3784;
  private static final int MESSAGE = 3840;
  private static final int MESSAGE_BYTES = 256;
  private static final int NAME = 4096;
  private static final int NAME_BYTES = 1020;
  private static final int FAILURE = 8192;
  private static final int DATA = 65_536;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** State words, with the numbers of the ported system. */
  public static final class State {
    /** Nothing is asked for. */
    public static final int IDLE = 0;

    /** A task is to run. */
    public static final int TASK_READY = 1;

    /** It has ended. */
    public static final int TASK_DONE = 2;

    /** A control is to be done. */
    public static final int CONTROL_REQUEST = 4;

    /** It has been done. */
    public static final int CONTROL_DONE = 5;

    private State() {}
  }

  /** What can be asked for beside tasks, with the numbers of the ported system. */
  public enum Control {
    /** Allocate: bytes; gives the address. */
    MALLOC(0),
    /** Free: address. */
    FREE(1),
    /** Copy to the device: address, bytes. */
    COPY_TO(2),
    /** Copy from the device: address, bytes. */
    COPY_FROM(3);

    private static final Control[] ALL = values();

    private final long number;

    Control(long number) {
      this.number = number;
    }

    static Control of(long number) {
      for (Control control : ALL) {
        if (control.number == number) {
          return control;
        }
      }
      throw new IllegalArgumentException("there is no control " + number);
    }
  }

  private final ByteBuffer memory;

  /**
   * A mailbox in shared memory.
   *
   * @param memory {@value #BYTES} bytes, direct, the first at a multiple of 8
   */
  public Mailbox(ByteBuffer memory) {
    if (memory.capacity() != BYTES) {
      throw new IllegalArgumentException("a mailbox has " + BYTES + " bytes");
    }
    this.memory = memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The state; an acquire. */
  public int state() {
    return (int) INT.getAcquire(memory, STATE);
  }

  /** The answer has been read. */
  public void idle() {
    INT.setRelease(memory, STATE, State.IDLE);
  }

  /** Asks for a task. */
  public void postTask(ChipCallable callable, TaskArgs args, RunConfig config) {
    String name;
    if (callable instanceof ChipCallable.Binary binary) {
      name = binary.name();
      memory.putLong(CALLABLE, binary.length());
      memory.put(DATA, binary.bytes());
    } else {
      name = ((ChipCallable.Named) callable).name();
      memory.putLong(CALLABLE, 0);
    }
    memory.putInt(CONFIG, config.blockDim());
    memory.putInt(CONFIG + 4, config.aicpuThreads());
    memory.putInt(CONFIG + 8, config.profiling() ? 1 : 0);
    memory.putInt(CONFIG + 12, config.dumpTensors() ? 1 : 0);
    args.encode(memory.duplicate().position(ARGS));
    putBytes(NAME, name.getBytes(StandardCharsets.UTF_8));
    INT.setRelease(memory, STATE, State.TASK_READY);
  }

  /**
   * Checks that a callable fits.
   *
   * @throws IllegalArgumentException if it doesn't
   */
  public static void check(ChipCallable callable) {
    String name =
        callable instanceof ChipCallable.Binary binary
            ? binary.name()
            : ((ChipCallable.Named) callable).name();
    if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
      throw new IllegalArgumentException(
          "the name of a callable has at most " + NAME_BYTES + " bytes: " + name);
    }
    if (callable instanceof ChipCallable.Binary binary && binary.length() > DATA_BYTES) {
      throw new IllegalArgumentException(
          "callable " + binary + " is longer than " + DATA_BYTES + " bytes");
    }
  }

  /** The callable of a task. */
  public ChipCallable callable() {
    String name = new String(getBytes(NAME, NAME_BYTES), StandardCharsets.UTF_8);
    long length = memory.getLong(CALLABLE);
    if (length == 0) {
      return new ChipCallable.Named(name);
    }
    if (length < 0 || length > DATA_BYTES) {
      throw new IllegalArgumentException("a callable of " + length + " bytes");
    }
    byte[] bytes = new byte[(int) length];
    memory.get(DATA, bytes);
    return new ChipCallable.Binary(name, bytes);
  }

  /** The arguments of a task. */
  public TaskArgs args() {
    return TaskArgs.decode(memory.duplicate().position(ARGS).limit(STEP));
  }

  /** How a task is to run. */
  public RunConfig config() {
    return new RunConfig(
        memory.getInt(CONFIG),
        memory.getInt(CONFIG + 4),
        memory.getInt(CONFIG + 8) != 0,
        memory.getInt(CONFIG + 12) != 0);
  }

  /** Asks for a control. */
  public void postControl(Control control, long first, long second) {
    memory.putLong(CALLABLE, control.number);
    memory.putLong(CONTROL_ARGS, first);
    memory.putLong(CONTROL_ARGS + 8, second);
    INT.setRelease(memory, STATE, State.CONTROL_REQUEST);
  }

  /** Which control is asked for. */
  public Control control() {
    return Control.of(memory.getLong(CALLABLE));
  }

  /** An argument of a control. */
  public long controlArg(int index) {
    return memory.getLong(CONTROL_ARGS + 8 * index);
  }

  /** What a control gave. */
  public long controlResult() {
    return memory.getLong(CONTROL_RESULT);
  }

  /** The bytes that a control copies; changes to the buffer's content are seen by both sides. */
  public ByteBuffer data(int length) {
    return memory.slice(DATA, length);
  }

  /** Says that the task has ended, or that the control has been done and what it gave. */
  public void succeed(int doneState, long result) {
    memory.putInt(ERROR_CODE, 0);
    if (doneState == State.CONTROL_DONE) {
      memory.putLong(CONTROL_RESULT, result);
    }
    INT.setRelease(memory, STATE, doneState);
  }

  /** Says that it failed. */
  public void fail(int doneState, int code, String prefix, Throwable thrown) {
    memory.putInt(ERROR_CODE, code);
    writeFailure(prefix, thrown);
    INT.setRelease(memory, STATE, doneState);
  }

  /** Says what was thrown, without any state. */
  public void writeFailure(String prefix, Throwable thrown) {
    RemoteFailure failure = RemoteFailure.of(thrown);
    String line = prefix + ": " + thrown.getClass().getSimpleName() + ": " + failure.message();
    byte[] message = line.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(message.length, MESSAGE_BYTES - 1);
    memory.put(MESSAGE, message, 0, length);
    memory.put(MESSAGE + length, (byte) 0);
    putBytes(FAILURE, failure.encode());
  }

  /** The error code of what is done. */
  public int errorCode() {
    return memory.getInt(ERROR_CODE);
  }

  /** What was thrown, empty if that can't be read. */
  public Optional<RemoteFailure> failure() {
    return RemoteFailure.decode(getBytes(FAILURE, FAILURE_BYTES));
  }

  /** Says what the chip does. */
  public void step(Step step) {
    INT.setRelease(memory, STEP, step.number());
  }

  /** What the chip does, or did last. */
  public Step step() {
    return Step.of((int) INT.getAcquire(memory, STEP));
  }

  /** Tells the chip to end, whatever else is going on. */
  public void shutdown() {
    INT.setVolatile(memory, SHUTDOWN, 1);
  }

  /** Whether the chip is to end. */
  public boolean isShutdown() {
    return (int) INT.getVolatile(memory, SHUTDOWN) != 0;
  }

  /** The chip is about to sleep; it must look for requests once more after this. */
  public void sleeping() {
    INT.setVolatile(memory, SLEEPING, 1);
    // The look for a request that follows is an acquire only, and must not come before the mark.
    VarHandle.fullFence();
  }

  /**
   * Ends the chip's sleep, whoever is first: true for one side only. The worker then wakes the
   * chip, and the chip knows that nobody will.
   */
  public boolean endSleep() {
    // The post before and this look must not change places, nor the chip's mark and its look.
    VarHandle.fullFence();
    return (int) INT.getVolatile(memory, SLEEPING) == 1
        && INT.compareAndSet(memory, SLEEPING, 1, 0);
  }

  private void putBytes(int offset, byte[] bytes) {
    memory.putInt(offset, bytes.length);
    memory.put(offset + Integer.BYTES, bytes);
  }

  private byte[] getBytes(int offset, int most) {
    int length = Math.max(0, Math.min(memory.getInt(offset), most));
    byte[] bytes = new byte[length];
    memory.get(offset + Integer.BYTES, bytes);
    return bytes;
  }
}
