package comm.worker.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import comm.worker.wire.Mailbox.Control;
import comm.worker.wire.Mailbox.State;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker and a chip, each with its own mapping of one file. */
@Timeout(60)
class MailboxTest {

  private static final int ITERATIONS = 1000;
  private static final int SLEEPS = 2000;
  private static final String PREFIX = "chip_process dev=3";

  @TempDir private Path directory = Path.of("");
  private ByteBuffer memory = ByteBuffer.allocate(0);
  private Mailbox worker = new Mailbox(ByteBuffer.allocateDirect(Mailbox.BYTES));
  private Mailbox chip = worker;

  @BeforeEach
  void map_a_file_twice() throws IOException {
    memory = map();
    worker = new Mailbox(memory);
    chip = new Mailbox(map());
  }

  private ByteBuffer map() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("m").toFile(), "rw")) {
      file.setLength(Mailbox.BYTES);
      return file.getChannel()
          .map(FileChannel.MapMode.READ_WRITE, 0, Mailbox.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static RemoteFailure failure(Mailbox mailbox) {
    return mailbox.failure().orElseThrow();
  }

  @Test
  void numbers_are_those_of_the_ported_system() {
    assertEquals(
        List.of(0, 1, 2, 4, 5),
        List.of(
            State.IDLE,
            State.TASK_READY,
            State.TASK_DONE,
            State.CONTROL_REQUEST,
            State.CONTROL_DONE));
    List<Control> controls =
        List.of(Control.MALLOC, Control.FREE, Control.COPY_TO, Control.COPY_FROM);
    assertEquals(controls, List.of(Control.values()));
    for (int number = 0; number < controls.size(); number++) {
      worker.postControl(controls.get(number), 11, -12);
      assertEquals(State.CONTROL_REQUEST, memory.getInt(0));
      assertEquals(number, memory.getLong(8));
      assertEquals(11, memory.getLong(16));
      assertEquals(-12, memory.getLong(24));
    }
  }

  @Test
  void a_new_mailbox_asks_for_nothing() {
    assertEquals(State.IDLE, chip.state());
    assertEquals(Step.START, worker.step());
    assertFalse(chip.isShutdown());
    assertFalse(worker.endSleep());
    assertThrowsExactly(
        IllegalArgumentException.class, () -> new Mailbox(ByteBuffer.allocateDirect(4096)));
  }

  @Test
  void a_task_arrives_as_it_was_posted() {
    ChipCallable callable = ChipCallable.named("module/package.Kernel√");
    TaskArgs args = TaskArgs.of(1, -1, Long.MIN_VALUE);
    RunConfig config = new RunConfig(7, 2, true, false);

    worker.postTask(callable, args, config);

    assertEquals(State.TASK_READY, chip.state());
    assertEquals(callable, chip.callable());
    assertEquals(args, chip.args());
    assertEquals(config, chip.config());
    assertEquals(7, memory.getInt(16));
    assertEquals(2, memory.getInt(20));
    assertEquals(1, memory.getInt(24));
    assertEquals(0, memory.getInt(28));
    assertEquals(3, memory.getInt(68));
    assertEquals(-1, memory.getLong(80));

    chip.succeed(State.TASK_DONE, 0);
    assertEquals(State.TASK_DONE, worker.state());
    assertEquals(0, worker.errorCode());
    worker.idle();
    assertEquals(State.IDLE, chip.state());
  }

  @Test
  void a_compiled_callable_arrives_as_it_was_posted() {
    byte[] bytes = new byte[Mailbox.DATA_BYTES];
    bytes[0] = 1;
    bytes[bytes.length - 1] = 2;
    ChipCallable.Binary sent = new ChipCallable.Binary("compiled", bytes);
    Mailbox.check(sent);

    worker.postTask(sent, TaskArgs.of(new long[TaskArgs.MAX_SCALARS]), RunConfig.DEFAULT);

    ChipCallable.Binary received = (ChipCallable.Binary) chip.callable();
    assertEquals("compiled", received.name());
    assertArrayEquals(bytes, received.bytes());
    assertEquals(TaskArgs.MAX_SCALARS, chip.args().size());
    worker.postTask(ChipCallable.named("next"), TaskArgs.none(), RunConfig.DEFAULT);
    assertEquals(ChipCallable.named("next"), chip.callable());
    assertEquals(TaskArgs.none(), chip.args());
  }

  @Test
  void a_callable_that_does_not_fit_is_refused() {
    Mailbox.check(ChipCallable.named("x".repeat(1020)));
    for (ChipCallable callable :
        List.of(
            ChipCallable.named("x".repeat(1021)),
            ChipCallable.named("é".repeat(511)),
            new ChipCallable.Binary("b", new byte[Mailbox.DATA_BYTES + 1]),
            new ChipCallable.Binary("x".repeat(1021), new byte[1]))) {
      assertThrowsExactly(IllegalArgumentException.class, () -> Mailbox.check(callable));
    }
  }

  @ParameterizedTest
  @EnumSource(Control.class)
  void a_control_arrives_as_it_was_posted(Control control) {
    worker.postControl(control, Long.MIN_VALUE, 3);

    assertEquals(State.CONTROL_REQUEST, chip.state());
    assertEquals(control, chip.control());
    assertEquals(Long.MIN_VALUE, chip.controlArg(0));
    assertEquals(3, chip.controlArg(1));

    chip.succeed(State.CONTROL_DONE, -7);
    assertEquals(State.CONTROL_DONE, worker.state());
    assertEquals(-7, worker.controlResult());
    assertEquals(-7, memory.getLong(40));
  }

  @Test
  void bytes_of_a_copy_are_seen_by_both_sides() {
    worker.data(3).put(new byte[] {1, 2, 3});
    byte[] found = new byte[3];
    chip.data(3).get(found);
    assertArrayEquals(new byte[] {1, 2, 3}, found);
    chip.data(Mailbox.DATA_BYTES).put(Mailbox.DATA_BYTES - 1, (byte) 9);
    assertEquals(9, worker.data(Mailbox.DATA_BYTES).get(Mailbox.DATA_BYTES - 1));
  }

  @Test
  void what_was_thrown_arrives_with_its_trace_and_causes() {
    IOException root = new IOException("root");
    IllegalStateException thrown = new IllegalStateException("top", root);

    chip.fail(State.TASK_DONE, 1, PREFIX, thrown);

    assertEquals(State.TASK_DONE, worker.state());
    assertEquals(1, worker.errorCode());
    RemoteFailure top = failure(worker);
    assertEquals("java.lang.IllegalStateException", top.type());
    assertEquals("top", top.message());
    assertEquals("java.lang.IllegalStateException: top", top.toString());
    assertEquals(thrown.getStackTrace()[0].getMethodName(), top.trace().get(0).getMethodName());
    assertEquals(thrown.getStackTrace()[0].getLineNumber(), top.trace().get(0).getLineNumber());
    assertEquals("java.io.IOException: root", top.cause().orElseThrow().toString());
    assertTrue(top.cause().orElseThrow().cause().isEmpty(), "another cause");
    Throwable shown = top.toThrowable();
    assertEquals("java.lang.IllegalStateException: top", shown.toString());
    assertEquals("java.io.IOException: root", String.valueOf(shown.getCause()));
    assertEquals(top.trace(), List.of(shown.getStackTrace()));
    assertEquals(PREFIX + ": IllegalStateException: top", messageInMemory());
  }

  private String messageInMemory() {
    StringBuilder text = new StringBuilder();
    for (int at = 3840; memory.get(at) != 0; at++) {
      text.append((char) memory.get(at));
    }
    return text.toString();
  }

  @Test
  void a_long_message_stays_within_its_256_bytes() {
    chip.fail(State.TASK_DONE, 1, PREFIX, new IllegalStateException("x".repeat(1900)));

    assertEquals(255, messageInMemory().length());
    assertEquals("x".repeat(1900), failure(worker).message());
  }

  @Test
  void what_a_kernel_throws_without_a_message_has_none() {
    chip.fail(State.TASK_DONE, 1, PREFIX, new IllegalStateException());

    assertEquals("", failure(worker).message());
    assertEquals("java.lang.IllegalStateException", failure(worker).toString());
  }

  /** As exceptions can do that make their message when they are asked for it. */
  private static final class Speechless extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  @Test
  void what_can_not_say_its_message_still_fails_its_task() {
    chip.fail(State.TASK_DONE, 1, PREFIX, new Speechless());

    assertEquals(State.TASK_DONE, worker.state());
    assertEquals(1, worker.errorCode());
    assertEquals(Speechless.class.getName(), failure(worker).type());
  }

  @Test
  void success_after_a_failure_has_no_code() {
    chip.fail(State.CONTROL_DONE, 1, PREFIX, new IllegalStateException("first"));
    chip.succeed(State.CONTROL_DONE, 5);

    assertEquals(0, worker.errorCode());
    assertEquals(5, worker.controlResult());
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void the_worker_sees_what_the_chip_does(Step step) {
    chip.step(step);
    assertEquals(step, worker.step());
    assertEquals(step, Step.named(step.toString()));
  }

  @Test
  void shutdown_stays_whatever_comes_after_it() {
    worker.shutdown();
    chip.succeed(State.CONTROL_DONE, 0);
    worker.idle();
    worker.postControl(Control.FREE, 1, 0);
    assertTrue(chip.isShutdown());
  }

  @Test
  void a_thousand_answers_belong_to_their_requests() {
    CompletableFuture<Void> answering =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < ITERATIONS; i++) {
                awaitState(chip, i % 2 == 0 ? State.CONTROL_REQUEST : State.TASK_READY);
                if (i % 2 == 0) {
                  assertEquals(i, chip.controlArg(0));
                  assertEquals(-i, chip.controlArg(1));
                  chip.data(8).putLong(0, i);
                  chip.succeed(State.CONTROL_DONE, 3L * i);
                } else {
                  assertEquals(TaskArgs.of(i, -i), chip.args());
                  chip.fail(State.TASK_DONE, i, PREFIX, new IllegalStateException("no " + i));
                }
              }
            });
    for (int i = 0; i < ITERATIONS && !answering.isDone(); i++) {
      if (i % 2 == 0) {
        worker.postControl(Control.MALLOC, i, -i);
        awaitAnswer(answering, State.CONTROL_DONE);
        assertEquals(3L * i, worker.controlResult());
        assertEquals(i, worker.data(8).getLong(0));
      } else {
        worker.postTask(ChipCallable.named("k"), TaskArgs.of(i, -i), RunConfig.DEFAULT);
        awaitAnswer(answering, State.TASK_DONE);
        assertEquals(i, worker.errorCode());
        assertEquals("no " + i, failure(worker).message());
      }
      worker.idle();
    }
    answering.join();
  }

  private static void awaitState(Mailbox mailbox, int state) {
    while (mailbox.state() != state) {
      Thread.onSpinWait();
    }
  }

  private void awaitAnswer(CompletableFuture<Void> answering, int state) {
    while (worker.state() != state) {
      if (answering.isCompletedExceptionally()) {
        answering.join();
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void one_side_ends_a_sleep() throws InterruptedException {
    AtomicInteger winners = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    CyclicBarrier start = new CyclicBarrier(2, chip::sleeping);
    CyclicBarrier end =
        new CyclicBarrier(
            2,
            () -> {
              if (winners.getAndSet(0) != 1) {
                wrong.incrementAndGet();
              }
            });
    Thread[] sides = new Thread[2];
    for (int side = 0; side < sides.length; side++) {
      Mailbox own = side == 0 ? worker : chip;
      sides[side] =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < SLEEPS; i++) {
                    start.await();
                    if (own.endSleep()) {
                      winners.incrementAndGet();
                    }
                    end.await();
                  }
                } catch (InterruptedException | BrokenBarrierException e) {
                  wrong.incrementAndGet();
                }
              });
      sides[side].start();
    }
    for (Thread side : sides) {
      side.join();
    }
    assertEquals(0, wrong.get());
    assertFalse(worker.endSleep());
  }
}
