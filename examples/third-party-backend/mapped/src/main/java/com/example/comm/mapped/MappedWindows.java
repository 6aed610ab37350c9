package com.example.comm.mapped;

import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.HostMemory;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The windows of one allocation. Their memory is unmapped once nobody can reach it any more. */
final class MappedWindows implements BackendWindows {

  private static final long PAGE = 4096;

  /** Java doesn't tell where a file is mapped without native code: numbers that name windows. */
  private static final AtomicLong NEXT_ADDRESS = new AtomicLong(1L << 44);

  private final Group group;
  /** None once closed: a mapping lives as long as anybody can reach its buffers. */
  private volatile HostMemory[] windows;

  private final long bytes;
  private final int number;
  private final Consumer<MappedWindows> forget;
  private final CommContext context;
  private final long deviceContext = name(CommContext.BYTES);

  MappedWindows(
      Group group,
      HostMemory[] windows,
      long bytes,
      int number,
      Consumer<MappedWindows> forget) {
    this.group = group;
    this.windows = windows;
    this.bytes = bytes;
    this.number = number;
    this.forget = forget;
    List<Long> addresses = new ArrayList<>(group.size);
    for (int rank = 0; rank < group.size; rank++) {
      addresses.add(name(bytes));
    }
    context = new CommContext(0, 0, group.rank, group.size, bytes, addresses, addresses);
  }

  private static long name(long bytes) {
    return NEXT_ADDRESS.getAndAdd((bytes + 2 * PAGE - 1) / PAGE * PAGE);
  }

  @Override
  public long size() {
    return bytes;
  }

  @Override
  public CommContext context() {
    return context;
  }

  @Override
  public long deviceContext() {
    return deviceContext;
  }

  @Override
  public WindowMemory memory(int rank, AccessFailures failures) {
    return windows[rank];
  }

  @Override
  public Map<String, String> attributes() {
    return Map.of("memory", "mapped files", "allocation", Integer.toString(number));
  }

  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand) {
    HostMemory[] open = windows;
    if (open.length == 0) {
      return;
    }
    if (operation == SignalOperation.ADD) {
      open[rank].getAndAddLong(offset, operand);
    } else {
      open[rank].putLongRelease(offset, operand);
    }
  }

  @Override
  public long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit)
      throws BackendFailure {
    Pause pause = new Pause(limit.nanos());
    HostMemory[] open = windows;
    if (open.length == 0) {
      throw Group.failed(new Failure.Cancelled(), pause);
    }
    BackendFailure end = null;
    boolean begun = false;
    while (true) {
      long word = open[rank].getLongAcquire(offset);
      if (comparison.holds(word, operand)) {
        return word;
      }
      // The last look comes after the end was seen: a rank may signal and leave at once.
      if (end != null) {
        throw end;
      }
      if (!begun) {
        group.begin(Verdict.AWAIT);
        begun = true;
      }
      end = group.endOfAwait(pause);
      if (end == null) {
        pause.once();
      }
    }
  }

  /** The files have no name any more, and their mappings go with the last buffer. */
  @Override
  public void close(WaitLimit limit) {
    windows = new HostMemory[0];
    forget.accept(this);
  }
}
