package comm.testkit.conformance.wrong;

import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.RankStatus;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Hands every call on to what is right; subclasses do one thing wrong. */
final class Relay {

  private Relay() {}

  static class Session implements BackendSession {

    final BackendSession right;

    Session(BackendSession right) {
      this.right = right;
    }

    BackendWindows windows(BackendWindows windows) throws BackendFailure {
      return windows;
    }

    @Override
    public BackendWindows allocateWindows(long bytes, WaitLimit limit) throws BackendFailure {
      return windows(right.allocateWindows(bytes, limit));
    }

    @Override
    public void barrier(WaitLimit limit) throws BackendFailure {
      right.barrier(limit);
    }

    @Override
    public List<RankStatus> peers() {
      return right.peers();
    }

    @Override
    public void cancel() {
      right.cancel();
    }

    @Override
    public void close(WaitLimit limit) throws BackendFailure {
      right.close(limit);
    }
  }

  static class Windows implements BackendWindows {

    final BackendWindows right;

    Windows(BackendWindows right) {
      this.right = right;
    }

    WindowMemory memory(WindowMemory memory, int owner) {
      return memory;
    }

    @Override
    public long size() {
      return right.size();
    }

    @Override
    public CommContext context() {
      return right.context();
    }

    @Override
    public long deviceContext() {
      return right.deviceContext();
    }

    @Override
    public WindowMemory memory(int rank, AccessFailures failures) {
      return memory(right.memory(rank, failures), rank);
    }

    @Override
    public Map<String, String> attributes() {
      return right.attributes();
    }

    @Override
    public void signal(int rank, long offset, SignalOperation operation, long operand)
        throws BackendFailure {
      right.signal(rank, offset, operation, operand);
    }

    @Override
    public long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit)
        throws BackendFailure {
      return right.await(rank, offset, comparison, operand, limit);
    }

    @Override
    public void close(WaitLimit limit) throws BackendFailure {
      right.close(limit);
    }
  }

  /** Typed accesses are made of the two that move bytes. */
  static class Memory implements WindowMemory {

    final WindowMemory right;

    Memory(WindowMemory right) {
      this.right = right;
    }

    @Override
    public void get(long offset, ByteBuffer target) {
      right.get(offset, target);
    }

    @Override
    public void put(long offset, ByteBuffer source) {
      right.put(offset, source);
    }

    @Override
    public ByteBuffer view(long offset, int length) {
      return right.view(offset, length);
    }

    @Override
    public int getIntAcquire(long offset) {
      return right.getIntAcquire(offset);
    }

    @Override
    public void putIntRelease(long offset, int value) {
      right.putIntRelease(offset, value);
    }

    @Override
    public int getAndAddInt(long offset, int delta) {
      return right.getAndAddInt(offset, delta);
    }

    @Override
    public int getAndSetInt(long offset, int value) {
      return right.getAndSetInt(offset, value);
    }

    @Override
    public boolean compareAndSetInt(long offset, int expected, int value) {
      return right.compareAndSetInt(offset, expected, value);
    }

    @Override
    public long getLongAcquire(long offset) {
      return right.getLongAcquire(offset);
    }

    @Override
    public void putLongRelease(long offset, long value) {
      right.putLongRelease(offset, value);
    }

    @Override
    public long getAndAddLong(long offset, long delta) {
      return right.getAndAddLong(offset, delta);
    }

    @Override
    public long getAndSetLong(long offset, long value) {
      return right.getAndSetLong(offset, value);
    }

    @Override
    public boolean compareAndSetLong(long offset, long expected, long value) {
      return right.compareAndSetLong(offset, expected, value);
    }
  }
}
