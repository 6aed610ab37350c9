package comm.worker.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.ChipMemory;
import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kernels in Java: how they are found, what they get, and what becomes of what they throw. */
@Timeout(60)
class ChipKernelsTest {

  private final ChipWorker chip = new ChipWorker();

  /** A kernel that is found by its class. */
  public static final class ByClass implements Kernel {
    /** As a kernel needs it. */
    public ByClass() {}

    @Override
    public void run(KernelContext context) {
      context.memory().putInt(context.scalar(0), context.deviceId());
    }
  }

  /** Has no constructor that anybody can call. */
  public static final class Hidden implements Kernel {
    private Hidden() {}

    @Override
    public void run(KernelContext context) {}
  }

  @BeforeEach
  void bring_up() {
    chip.init();
    chip.setDevice(11);
  }

  @AfterEach
  void close() {
    chip.close();
  }

  private void run(String kernel, long... scalars) {
    chip.run(ChipCallable.named(kernel), TaskArgs.of(scalars), RunConfig.DEFAULT);
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new AssertionError("another context");
    }
  }

  @Test
  void a_kernel_gets_what_the_task_was_given() {
    RunConfig config = new RunConfig(8, 2, true, true);
    chip.register(
        "look",
        context -> {
          check(context.deviceId() == 11);
          check(context.config().equals(config));
          check(context.args().equals(TaskArgs.of(-1, Long.MIN_VALUE)));
          check(context.scalar(1) == Long.MIN_VALUE);
          assertThrows(IndexOutOfBoundsException.class, () -> context.scalar(2));
        });

    chip.run(ChipCallable.named("look"), TaskArgs.of(-1, Long.MIN_VALUE), config);
  }

  @Test
  void a_kernel_reads_and_writes_every_type() {
    long address = chip.malloc(64);
    chip.register(
        "types",
        context -> {
          ChipMemory memory = context.memory();
          memory.putInt(address, 0x0403_0201);
          check(memory.getInt(address) == 0x0403_0201);
          memory.putLong(address + 8, Long.MIN_VALUE + 1);
          check(memory.getLong(address + 8) == Long.MIN_VALUE + 1);
          memory.put(address + 16, new float[] {1.5f, -2});
          float[] floats = new float[2];
          memory.get(address + 16, floats);
          check(floats[0] == 1.5f && floats[1] == -2);
          assertThrows(IllegalArgumentException.class, () -> memory.getLong(address + 57));
          assertThrows(IllegalArgumentException.class, () -> memory.putInt(address + 61, 0));
          assertThrows(
              IllegalArgumentException.class, () -> memory.put(address + 56, new float[3]));
        });

    run("types");

    ByteBuffer bytes = ByteBuffer.allocate(4);
    chip.copyFrom(bytes, address);
    assertEquals(0x0102_0304, bytes.getInt(0));
  }

  @Test
  void signals_are_in_windows_only() {
    long address = chip.malloc(8);
    chip.register("notify", context -> context.memory().notify(address, 1));
    chip.register("add", context -> context.memory().notifyAdd(address, 1));

    assertThrowsExactly(UnsupportedOperationException.class, () -> run("notify"));
    assertThrowsExactly(UnsupportedOperationException.class, () -> run("add"));
  }

  @Test
  void there_is_no_device_context_where_other_memory_is() {
    long address = chip.malloc(2048);
    chip.register("remote", context -> context.remote(context.scalar(0)));

    assertThrowsExactly(IllegalArgumentException.class, () -> run("remote", address));
    assertThrowsExactly(IllegalArgumentException.class, () -> run("remote", address + 2048));
    assertThrowsExactly(IllegalArgumentException.class, () -> run("remote", 0));
  }

  @Test
  void a_kernel_is_found_by_its_class() {
    long address = chip.malloc(4);

    chip.run(ChipCallable.of(ByClass.class), TaskArgs.of(address), RunConfig.DEFAULT);

    ByteBuffer bytes = ByteBuffer.allocate(4);
    chip.copyFrom(bytes, address);
    assertEquals(11, bytes.get(0));
  }

  @Test
  void a_class_that_is_no_kernel_is_refused() {
    for (String name :
        new String[] {
          "comm.worker.chip.ChipState",
          "comm.worker/comm.worker.chip.ChipState",
          Hidden.class.getName(),
          "comm.worker.kernel.Kernel",
          "comm.nowhere.Kernel",
          "no.such.module/comm.worker.kernel.Kernel",
          "/",
          "a/",
          ".",
          "comm.worker/"
        }) {
      assertThrowsExactly(IllegalArgumentException.class, () -> run(name), name);
    }
  }

  @Test
  void a_name_is_registered_once() {
    chip.register("once", context -> {});

    assertThrowsExactly(IllegalArgumentException.class, () -> chip.register("once", context -> {}));
    String message =
        String.valueOf(
            assertThrowsExactly(IllegalArgumentException.class, () -> run("twice")).getMessage());
    assertTrue(message.contains("once"), message);
  }

  @Test
  void a_compiled_callable_needs_a_host_runtime() {
    ChipCallable compiled = new ChipCallable.Binary("compiled", new byte[] {1});

    assertThrowsExactly(
        IllegalArgumentException.class,
        () -> chip.run(compiled, TaskArgs.none(), RunConfig.DEFAULT));
    assertThrowsExactly(
        IllegalArgumentException.class, () -> new ChipCallable.Binary("none", new byte[0]));
    assertThrowsExactly(IllegalArgumentException.class, () -> ChipCallable.named(" "));
  }

  @Test
  void what_a_kernel_throws_fails_its_run_and_nothing_else() {
    IOException checked = new IOException("checked");
    IllegalStateException unchecked = new IllegalStateException("unchecked");
    StackOverflowError error = new StackOverflowError("error");
    chip.register(
        "checked",
        context -> {
          throw checked;
        });
    chip.register(
        "unchecked",
        context -> {
          throw unchecked;
        });
    chip.register(
        "error",
        context -> {
          throw error;
        });
    chip.register("works", context -> {});

    ChipException wrapped = assertThrowsExactly(ChipException.class, () -> run("checked"));
    assertSame(checked, wrapped.getCause());
    assertEquals("run", wrapped.function());
    assertTrue(String.valueOf(wrapped.getMessage()).contains("kernel checked"), "names it");
    assertSame(unchecked, assertThrowsExactly(IllegalStateException.class, () -> run("unchecked")));
    assertSame(error, assertThrowsExactly(StackOverflowError.class, () -> run("error")));
    assertEquals(ChipState.DEVICE_SET, chip.state());
    run("works");
  }

  @Test
  void a_kernel_that_is_interrupted_leaves_its_thread_so() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    chip.register(
        "wait",
        context -> {
          running.countDown();
          new CountDownLatch(1).await();
        });
    chip.register("works", context -> {});
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread runner =
        new Thread(
            () -> {
              try {
                run("wait");
                interrupted.completeExceptionally(new AssertionError("not interrupted"));
              } catch (ChipException e) {
                boolean both =
                    e.getCause() instanceof InterruptedException
                        && Thread.currentThread().isInterrupted();
                interrupted.complete(both);
              }
            });
    runner.start();
    running.await();

    runner.interrupt();

    assertTrue(interrupted.join(), "another cause, or the thread is not interrupted any more");
    runner.join();
    run("works");
  }

  @Test
  void closing_waits_for_the_kernel_of_another_thread() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    chip.register(
        "hold",
        context -> {
          running.countDown();
          mayEnd.await();
          context.memory().putInt(context.scalar(0), 1);
        });
    long address = chip.malloc(4);
    CompletableFuture<Void> runner = CompletableFuture.runAsync(() -> run("hold", address));
    running.await();
    Thread closer = new Thread(chip::close);
    closer.start();
    while (chip.state() != ChipState.FINALIZED) {
      Thread.onSpinWait();
    }

    assertTrue(closer.isAlive(), "the device was taken from a kernel");
    assertThrowsExactly(IllegalStateException.class, () -> chip.register("late", context -> {}));
    mayEnd.countDown();
    closer.join();

    runner.join();
  }

  @Test
  void a_kernel_may_use_the_worker_that_runs_it() {
    chip.register(
        "nest",
        context -> {
          long address = chip.malloc(1);
          chip.copyTo(address, ByteBuffer.wrap(new byte[] {1}));
          chip.free(address);
          run("inner");
        });
    chip.register("inner", context -> {});

    run("nest");
  }
}
