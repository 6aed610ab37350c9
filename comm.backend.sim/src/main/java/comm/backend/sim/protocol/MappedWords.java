package comm.backend.sim.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Words in mapped memory. */
public final class MappedWords implements Words {

  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer memory;

  public MappedWords(ByteBuffer memory) {
    this.memory = memory;
  }

  @Override
  public long read(int offset) {
    return (long) WORD.getAcquire(memory, offset);
  }

  @Override
  public void write(int offset, long value) {
    WORD.setRelease(memory, offset, value);
  }

  @Override
  public void publish(int offset, long value) {
    WORD.setRelease(memory, offset, value);
    VarHandle.fullFence();
  }

  @Override
  public boolean replace(int offset, long expected, long value) {
    boolean replaced = WORD.compareAndSet(memory, offset, expected, value);
    VarHandle.fullFence();
    return replaced;
  }

  @Override
  public void add(int offset, long delta) {
    WORD.getAndAdd(memory, offset, delta);
    VarHandle.fullFence();
  }
}
