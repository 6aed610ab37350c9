package comm.worker.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Arguments arrive as they were sent, and nothing that is none is taken for some. */
class TaskArgsProperties {

  @Property
  void what_was_encoded_is_decoded(
      @ForAll @Size(max = 400) long[] scalars, @ForAll @IntRange(max = 9) int before) {
    TaskArgs args = TaskArgs.of(scalars);
    ByteBuffer bytes = ByteBuffer.allocate(before + args.encodedLength() + 5).position(before);

    args.encode(bytes);

    assertEquals(before + 8 + 8 * scalars.length, bytes.position());
    ByteBuffer written = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0, written.getInt(before));
    assertEquals(scalars.length, written.getInt(before + 4));
    bytes.position(before);
    TaskArgs decoded = TaskArgs.decode(bytes);
    assertEquals(before + args.encodedLength(), bytes.position());
    assertEquals(args, decoded);
    assertEquals(args.hashCode(), decoded.hashCode());
    assertEquals(Arrays.toString(scalars), decoded.toString());
    assertEquals(scalars.length, decoded.size());
    for (int i = 0; i < scalars.length; i++) {
      assertEquals(scalars[i], decoded.scalar(i));
      assertEquals(scalars[i], written.getLong(before + 8 + 8 * i));
    }
    assertThrowsExactly(IndexOutOfBoundsException.class, () -> decoded.scalar(scalars.length));
    assertThrowsExactly(IndexOutOfBoundsException.class, () -> decoded.scalar(-1));
  }

  @Property
  void arguments_do_not_change_with_the_array_they_came_from(
      @ForAll @Size(min = 1, max = 20) long[] scalars) {
    TaskArgs args = TaskArgs.of(scalars);
    TaskArgs same = TaskArgs.of(scalars.clone());
    scalars[0]++;
    assertEquals(same, args);
    assertNotEquals(TaskArgs.of(scalars), args);
  }

  @Property
  void any_bytes_are_arguments_or_refused(
      @ForAll @Size(max = 4000) byte[] garbage,
      @ForAll @IntRange(min = -1, max = 2) int tensors,
      @ForAll @IntRange(min = -2, max = 500) int count) {
    ByteBuffer bytes = ByteBuffer.wrap(garbage).order(ByteOrder.LITTLE_ENDIAN);
    decodesOrRefuses(bytes);
    if (garbage.length >= 8) {
      decodesOrRefuses(bytes.putInt(0, Math.max(0, tensors)).putInt(4, count));
    }
  }

  private static void decodesOrRefuses(ByteBuffer bytes) {
    int length = bytes.remaining();
    int tensors = length < 8 ? 0 : bytes.getInt(0);
    int count = length < 8 ? 0 : bytes.getInt(4);
    boolean valid =
        length >= 8 && tensors == 0 && count >= 0 && count <= 400 && 8L * count <= length - 8;
    ByteBuffer source = bytes.duplicate();
    if (!valid) {
      assertThrowsExactly(IllegalArgumentException.class, () -> TaskArgs.decode(source));
      assertEquals(0, source.position());
      return;
    }
    TaskArgs args = TaskArgs.decode(source);
    assertEquals(count, args.size());
    assertEquals(args.encodedLength(), source.position());
  }

  @Example
  void more_scalars_than_fit_into_a_mailbox_are_refused() {
    assertEquals(400, TaskArgs.of(new long[400]).size());
    String message =
        String.valueOf(
            assertThrowsExactly(IllegalArgumentException.class, () -> TaskArgs.of(new long[401]))
                .getMessage());
    assertTrue(message.contains("401"), message);
    assertEquals(TaskArgs.none(), TaskArgs.of());
    assertEquals(8, TaskArgs.none().encodedLength());
  }
}
