package comm.worker.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one side writes, the other reads, at the offsets of the ported system. */
@Timeout(60)
class ChipBootstrapChannelTest {

  private static final int ROUNDS = 500;

  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(ChipBootstrapChannel.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ChipBootstrapChannel writer = new ChipBootstrapChannel(memory, 376);
  private final ChipBootstrapChannel reader = new ChipBootstrapChannel(memory.duplicate(), 376);

  private static List<Long> numbers(int count) {
    return LongStream.range(0, count).map(i -> -i).boxed().toList();
  }

  @Test
  void a_fresh_channel_is_idle() {
    assertEquals(ChipBootstrapChannel.State.IDLE, reader.state());
    assertEquals(0, reader.errorCode());
    assertEquals("", reader.errorMessage());
    assertEquals(new ChipBootstrapResult(0, 0, 0, List.of()), reader.result());
  }

  @Test
  void success_is_written_to_its_fields() {
    writer.writeSuccess(new ChipBootstrapResult(-1, 0x1000, 4096, List.of(0x1000L, 0x1040L)));

    assertEquals(1, memory.getInt(0));
    assertEquals(0, memory.getInt(4));
    assertEquals(2, memory.getInt(8));
    assertEquals(-1, memory.getLong(16));
    assertEquals(0x1000, memory.getLong(24));
    assertEquals(4096, memory.getLong(32));
    assertEquals(0x1000, memory.getLong(64));
    assertEquals(0x1040, memory.getLong(72));
    assertEquals(ChipBootstrapChannel.State.SUCCESS, reader.state());
  }

  @Test
  void an_error_is_written_to_its_fields() {
    writer.writeError(7, "oh");

    assertEquals(2, memory.getInt(0));
    assertEquals(7, memory.getInt(4));
    assertEquals('o', memory.get(3072));
    assertEquals('h', memory.get(3073));
    assertEquals(0, memory.get(3074));
    assertEquals(ChipBootstrapChannel.State.ERROR, reader.state());
    assertEquals(7, reader.errorCode());
    assertEquals("oh", reader.errorMessage());
  }

  @Test
  void a_channel_that_is_reset_is_as_it_was() {
    writer.writeError(1, "failed");
    writer.reset();
    a_fresh_channel_is_idle();

    writer.writeSuccess(new ChipBootstrapResult(1, 2, 3, List.of(4L)));
    assertEquals(ChipBootstrapChannel.State.SUCCESS, reader.state());
    writer.reset();
    a_fresh_channel_is_idle();
  }

  @Test
  void success_after_an_error_has_no_error_code() {
    writer.writeError(1, "failed");
    writer.writeSuccess(new ChipBootstrapResult(1, 2, 3, List.of()));

    assertEquals(ChipBootstrapChannel.State.SUCCESS, reader.state());
    assertEquals(0, reader.errorCode());
  }

  @Test
  void more_buffers_than_there_is_room_for_are_refused() {
    ChipBootstrapChannel two = new ChipBootstrapChannel(memory, 2);
    assertThrowsExactly(
        IllegalArgumentException.class,
        () -> two.writeSuccess(new ChipBootstrapResult(1, 2, 3, numbers(3))));
    assertThrowsExactly(
        IllegalArgumentException.class,
        () -> writer.writeSuccess(new ChipBootstrapResult(1, 2, 3, numbers(377))));
    a_fresh_channel_is_idle();

    ChipBootstrapResult most = new ChipBootstrapResult(1, 2, 3, numbers(376));
    writer.writeSuccess(most);

    assertEquals(most, reader.result());
    assertEquals(numbers(2), two.result().bufferAddresses());
    assertEquals("", reader.errorMessage());
  }

  @Test
  void memory_and_numbers_that_do_not_fit_are_refused() {
    for (int count : new int[] {-1, 377, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThrowsExactly(
          IllegalArgumentException.class, () -> new ChipBootstrapChannel(memory, count));
    }
    for (ByteBuffer other :
        new ByteBuffer[] {
          ByteBuffer.allocate(4096), ByteBuffer.allocateDirect(4095), ByteBuffer.allocateDirect(0)
        }) {
      assertThrowsExactly(IllegalArgumentException.class, () -> new ChipBootstrapChannel(other, 1));
    }
    assertEquals(0, new ChipBootstrapChannel(memory, 0).result().bufferAddresses().size());
  }

  @Test
  void a_long_message_is_cut_behind_1023_bytes() {
    writer.writeError(1, "x".repeat(5000));

    assertEquals("x".repeat(1023), reader.errorMessage());
    assertEquals(0, memory.get(4095));
  }

  @ParameterizedTest
  @ValueSource(strings = {"é", "√", "𝄞"})
  void a_long_message_is_cut_between_characters(String character) {
    int bytes = character.getBytes(StandardCharsets.UTF_8).length;
    for (int before = 0; before < bytes; before++) {
      writer.writeError(1, "x".repeat(before) + character.repeat(600));

      assertEquals(
          "x".repeat(before) + character.repeat((1023 - before) / bytes), reader.errorMessage());
    }
  }

  @Test
  void a_short_message_hides_a_long_one() {
    writer.writeError(1, "x".repeat(1023));
    writer.writeError(1, "short");
    assertEquals("short", reader.errorMessage());
  }

  @Test
  void another_thread_that_sees_the_state_sees_the_rest() {
    for (int round = 1; round <= ROUNDS; round++) {
      ChipBootstrapResult result =
          new ChipBootstrapResult(round, -round, 2L * round, numbers(round % 377));
      boolean fails = round % 3 == 0;
      String message = "round " + round;
      writer.reset();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                if (fails) {
                  writer.writeError(result.hashCode(), message);
                } else {
                  writer.writeSuccess(result);
                }
              });
      while (reader.state() == ChipBootstrapChannel.State.IDLE) {
        Thread.onSpinWait();
      }
      if (fails) {
        assertEquals(result.hashCode(), reader.errorCode());
        assertEquals(message, reader.errorMessage());
      } else {
        assertTrue(reader.state() == ChipBootstrapChannel.State.SUCCESS, message);
        assertEquals(result, reader.result());
      }
      writing.join();
    }
  }
}
