package comm.worker.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Any values pass through a channel, and no content of its memory breaks its reader. */
class ChipBootstrapChannelProperties {

  private static ByteBuffer memory() {
    return ByteBuffer.allocateDirect(ChipBootstrapChannel.BYTES);
  }

  @Property
  void any_result_is_read_as_it_was_written(
      @ForAll long context,
      @ForAll long base,
      @ForAll long size,
      @ForAll @Size(max = 376) List<Long> buffers) {
    ByteBuffer memory = memory();
    ChipBootstrapResult result = new ChipBootstrapResult(context, base, size, buffers);

    new ChipBootstrapChannel(memory, buffers.size()).writeSuccess(result);

    ChipBootstrapChannel reader = new ChipBootstrapChannel(memory, 376);
    assertEquals(ChipBootstrapChannel.State.SUCCESS, reader.state());
    assertEquals(result, reader.result());
    assertEquals(0, reader.errorCode());
    assertEquals("", reader.errorMessage());
  }

  @Property
  void any_error_is_read_as_it_was_written_but_for_its_length(
      @ForAll int code, @ForAll String message) {
    ByteBuffer memory = memory();
    new ChipBootstrapChannel(memory, 376).writeError(code, message);

    ChipBootstrapChannel reader = new ChipBootstrapChannel(memory, 376);
    assertEquals(ChipBootstrapChannel.State.ERROR, reader.state());
    assertEquals(code, reader.errorCode());
    // As UTF-8 has it, which has no halves of pairs, and up to the zero byte that ends it.
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    String whole = new String(bytes, StandardCharsets.UTF_8);
    String expected = whole.contains("\0") ? whole.substring(0, whole.indexOf('\0')) : whole;
    String found = reader.errorMessage();
    int length = found.getBytes(StandardCharsets.UTF_8).length;
    assertTrue(expected.startsWith(found), found);
    assertTrue(length <= 1023, "too long");
    assertTrue(found.equals(expected) || length >= 1020, "cut too early");
  }

  @Property
  void no_content_breaks_the_reader(
      @ForAll @Size(4096) byte[] garbage,
      @ForAll int state,
      @ForAll int count,
      @ForAll @IntRange(max = 376) int maxBuffers) {
    ByteBuffer memory = memory();
    memory.put(0, garbage);
    ChipBootstrapChannel reader = new ChipBootstrapChannel(memory, maxBuffers);
    for (int number : new int[] {state, Math.floorMod(state, 3)}) {
      memory.order(ByteOrder.LITTLE_ENDIAN).putInt(0, number).putInt(8, count);

      assertEquals(
          number == 0
              ? ChipBootstrapChannel.State.IDLE
              : number == 1 ? ChipBootstrapChannel.State.SUCCESS : ChipBootstrapChannel.State.ERROR,
          reader.state());
      assertEquals(
          Math.max(0, Math.min(count, maxBuffers)), reader.result().bufferAddresses().size());
      assertTrue(reader.errorMessage().length() <= 1023, "too long");
      assertEquals(memory.getInt(4), reader.errorCode());
    }
  }
}
