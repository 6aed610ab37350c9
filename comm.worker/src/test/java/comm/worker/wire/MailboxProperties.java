package comm.worker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Any request passes, and whatever a peer wrote is read or refused. */
class MailboxProperties {

  private static final List<Integer> LENGTHS = List.of(8, 68, 4096, 8192);

  @Property(tries = 200)
  void any_task_arrives_as_it_was_posted(
      @ForAll @StringLength(min = 1, max = 300) String name,
      @ForAll @Size(max = 400) long[] scalars,
      @ForAll @IntRange(min = 1) int blockDim,
      @ForAll @IntRange(min = 1) int threads,
      @ForAll boolean profiling,
      @ForAll boolean dump) {
    Assume.that(!name.isBlank());
    // A half of a pair of characters has no UTF-8.
    Assume.that(name.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff));
    Mailbox mailbox = new Mailbox(ByteBuffer.allocateDirect(Mailbox.BYTES));
    RunConfig config = new RunConfig(blockDim, threads, profiling, dump);

    mailbox.postTask(ChipCallable.named(name), TaskArgs.of(scalars), config);

    assertEquals(ChipCallable.named(name), mailbox.callable());
    assertEquals(TaskArgs.of(scalars), mailbox.args());
    assertEquals(config, mailbox.config());
  }

  @Property(tries = 500)
  void garbage_is_read_or_refused(
      @ForAll Random random, @ForAll int state, @ForAll @Size(4) List<Integer> lengths) {
    byte[] garbage = new byte[65_536];
    random.nextBytes(garbage);
    ByteBuffer memory =
        ByteBuffer.allocateDirect(Mailbox.BYTES).order(ByteOrder.LITTLE_ENDIAN).put(0, garbage);
    memory.putInt(0, state);
    Mailbox mailbox = new Mailbox(memory);
    for (int i = 0; i <= LENGTHS.size(); i++) {
      assertEquals(state, mailbox.state());
      readsOrRefuses(mailbox::callable);
      readsOrRefuses(mailbox::args);
      readsOrRefuses(mailbox::config);
      readsOrRefuses(mailbox::control);
      mailbox.failure();
      mailbox.step();
      mailbox.isShutdown();
      mailbox.controlResult();
      if (i < LENGTHS.size()) {
        memory.putInt(LENGTHS.get(i), lengths.get(i));
      }
    }
  }

  private static void readsOrRefuses(Runnable read) {
    try {
      read.run();
    } catch (IllegalArgumentException e) {
      // Refused, which fails the request and nothing else.
    }
  }
}
