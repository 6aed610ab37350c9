package comm.worker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.worker.wire.Mailbox.Control;
import comm.worker.wire.Mailbox.State;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chip that waits for requests, falls asleep, is woken, and learns of its worker's death. */
@Timeout(120)
class RequestWaitTest {

  private static final int ROUNDS = 3000;

  private final Mailbox mailbox = new Mailbox(ByteBuffer.allocateDirect(Mailbox.BYTES));

  /** What happens once somebody reads, which is: has fallen asleep. */
  private interface Sleep {
    void slept() throws IOException;
  }

  /** Gives one byte a sleep. */
  private static final class OnSleep extends InputStream {
    private final Sleep action;
    private int sleeps;

    OnSleep(Sleep action) {
      this.action = action;
    }

    @Override
    public int read() throws IOException {
      sleeps++;
      action.slept();
      return 1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      target[offset] = (byte) read();
      return 1;
    }
  }

  private static int alive(boolean alive) {
    return alive ? 1 : 0;
  }

  @Test
  void a_request_that_is_there_is_not_slept_over() throws IOException {
    OnSleep awake =
        new OnSleep(
            () -> {
              throw new IOException("asleep");
            });
    RequestWait wait = new RequestWait(mailbox, awake, true);
    mailbox.postControl(Control.FREE, 1, 0);
    assertTrue(wait.await());
    mailbox.idle();
    mailbox.shutdown();
    assertTrue(wait.await());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_byte_wakes_it(boolean spins) throws IOException {
    OnSleep sleep =
        new OnSleep(
            () -> {
              mailbox.postControl(Control.FREE, 1, 0);
              assertTrue(mailbox.endSleep(), "not marked as asleep");
            });

    assertTrue(new RequestWait(mailbox, sleep, spins).await());

    assertEquals(1, sleep.sleeps);
    assertFalse(mailbox.endSleep());
  }

  @Test
  void shutdown_wakes_it() throws IOException {
    OnSleep sleep =
        new OnSleep(
            () -> {
              mailbox.shutdown();
              assertTrue(mailbox.endSleep(), "not marked as asleep");
            });
    assertTrue(new RequestWait(mailbox, sleep, true).await());
    assertEquals(State.IDLE, mailbox.state());
  }

  @Test
  void a_byte_without_a_request_is_no_request() throws IOException {
    AtomicInteger bytes = new AtomicInteger();
    OnSleep sleep =
        new OnSleep(
            () -> {
              mailbox.endSleep();
              if (bytes.incrementAndGet() == 3) {
                mailbox.postControl(Control.FREE, 1, 0);
              }
            });
    assertTrue(new RequestWait(mailbox, sleep, false).await());
    assertEquals(3, sleep.sleeps);
  }

  @ParameterizedTest
  @ValueSource(ints = {State.IDLE, State.TASK_DONE, 3, State.CONTROL_DONE, -1, 6})
  void no_other_state_is_a_request(int state) throws IOException {
    mailbox.succeed(state, 0);
    assertFalse(new RequestWait(mailbox, new ByteArrayInputStream(new byte[0]), false).await());
  }

  @Test
  void the_end_of_the_input_is_the_death_of_the_worker() throws IOException {
    RequestWait wait = new RequestWait(mailbox, new ByteArrayInputStream(new byte[2]), true);

    assertFalse(wait.await());
  }

  @Test
  void an_input_that_breaks_is_an_error() {
    OnSleep broken =
        new OnSleep(
            () -> {
              throw new IOException("broken");
            });
    assertThrowsExactly(IOException.class, () -> new RequestWait(mailbox, broken, true).await());
  }

  /** Requests come at every point of falling asleep; one that is lost ends in the time limit. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void no_request_is_lost_while_it_falls_asleep(boolean spins) throws IOException {
    PipedOutputStream wakeUps = new PipedOutputStream();
    RequestWait wait = new RequestWait(mailbox, new PipedInputStream(wakeUps), spins);
    CompletableFuture<Integer> serving = CompletableFuture.supplyAsync(() -> serve(wait));
    int answered = 0;
    for (int round = 0; round < ROUNDS; round++) {
      pause(round);
      mailbox.postControl(Control.MALLOC, round, 0);
      wake(wakeUps);
      while (mailbox.state() != State.CONTROL_DONE) {
        Thread.onSpinWait();
      }
      answered += mailbox.controlResult() == round + 1L ? 1 : 0;
      mailbox.idle();
    }
    mailbox.shutdown();
    wake(wakeUps);

    assertEquals(ROUNDS, answered);
    assertEquals(ROUNDS, serving.join());
  }

  private int serve(RequestWait wait) {
    try {
      int served = 0;
      int alive = alive(wait.await());
      while (!mailbox.isShutdown() && alive == 1) {
        mailbox.succeed(State.CONTROL_DONE, mailbox.controlArg(0) + 1);
        served++;
        alive = alive(wait.await());
      }
      return served;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void wake(PipedOutputStream wakeUps) throws IOException {
    if (mailbox.endSleep()) {
      wakeUps.write(1);
      wakeUps.flush();
    }
  }

  /** From none to a little longer than it stays awake, another length in each round. */
  private static void pause(int round) {
    long nanos = round % 61 * 10_000L;
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }
}
