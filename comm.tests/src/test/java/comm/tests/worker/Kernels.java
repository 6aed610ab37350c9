package comm.tests.worker;

import comm.api.Comparison;
import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;
import comm.worker.kernel.RemotePointer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Kernels for tests of workers, found by their classes. */
public final class Kernels {

  private static final Duration LONG = Duration.ofMinutes(1);

  private Kernels() {}

  /** Fails with a cause. Scalars: a number for the message. */
  public static final class Fail implements Kernel {
    @Override
    public void run(KernelContext context) {
      throw new IllegalStateException(
          "number " + context.scalar(0), new IOException("the cause of it"));
    }
  }

  /** Fails by running out of stack. */
  public static final class Overflow implements Kernel {
    @SuppressWarnings("InfiniteRecursion")
    @Override
    public void run(KernelContext context) {
      run(context);
    }
  }

  /** Makes a word ten times as large and adds a digit. Scalars: address, digit. */
  public static final class Append implements Kernel {
    @Override
    public void run(KernelContext context) {
      long address = context.scalar(0);
      context.memory().putLong(address, context.memory().getLong(address) * 10 + context.scalar(1));
    }
  }

  /**
   * Meets the ranks of a mask on a row of signals, then adds to a word. Scalars: device context,
   * row, mask, address, addend.
   */
  public static final class MeetAndAdd implements Kernel {
    @Override
    public void run(KernelContext context) {
      RemotePointer remote = context.remote(context.scalar(0));
      int rank = remote.context().rankId();
      long row = context.scalar(1);
      for (int peer = 0; peer < remote.context().rankNum(); peer++) {
        if (peer != rank && (context.scalar(2) >> peer & 1) != 0) {
          context.memory().notifyAdd(remote.to(row + 8L * rank, peer), 1);
          context.memory().await(row + 8L * peer, Comparison.GE, 1, LONG);
        }
      }
      long address = context.scalar(3);
      context.memory().putLong(address, context.memory().getLong(address) + context.scalar(4));
    }
  }

  /**
   * Says that it waits, for a signal that nobody sends. Scalars: address of a word in the window.
   */
  public static final class AwaitNobody implements Kernel {
    @Override
    public void run(KernelContext context) {
      System.out.println("waiting " + ProcessHandle.current().pid());
      context.memory().await(context.scalar(0), Comparison.NE, 0, LONG);
    }
  }

  /** Never ends by itself. Says that it has begun. */
  public static final class Block implements Kernel {
    @Override
    public void run(KernelContext context) {
      System.out.println("blocked");
      while (true) {
        LockSupport.park(this);
      }
    }
  }

  /** Prints. Scalars: a number. */
  public static final class Say implements Kernel {
    @Override
    public void run(KernelContext context) {
      System.out.println("said " + context.scalar(0));
    }
  }

  /** Ends the chip's process. Scalars: exit code. */
  public static final class Halt implements Kernel {
    @Override
    public void run(KernelContext context) {
      Runtime.getRuntime().halt(Math.toIntExact(context.scalar(0)));
    }
  }
}
